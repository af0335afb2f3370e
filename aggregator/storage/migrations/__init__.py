"""Migrations; a released one is never edited."""
