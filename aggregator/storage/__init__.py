"""The database. Functions take a session, return domain values and never commit."""
