"""Conversations in the database: comment feeds, threads, comments and what is done with them."""
