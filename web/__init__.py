"""What Adda serves over HTTP: redirects, health, the playground, webhooks."""
