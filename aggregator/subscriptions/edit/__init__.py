"""Changing a feeds.yaml for its owner: spliced into the text, which stays theirs."""
