"""What the figures in docs/performance.md come from. Run by hand; nothing timed decides a test."""
