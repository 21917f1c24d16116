"""SQL, one text for both databases."""
