"""The `veille` command."""
