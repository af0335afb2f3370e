"""Conversations: comments under articles, who is whom in them, and what waits for an answer."""
