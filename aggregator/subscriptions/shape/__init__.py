"""The shape of feeds.yaml: its keys, its values, and the words for what does not fit."""
