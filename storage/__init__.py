"""The database: units of work, and a typed function for every question asked of it."""
