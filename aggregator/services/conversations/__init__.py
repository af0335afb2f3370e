"""Conversations: comments taken in, threads shown, answers followed."""
