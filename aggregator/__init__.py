"""Veille: keep watch over blogs, the conversations under them and the people who speak there."""

__version__ = "0.1.0"
