"""A text that people write by hand: its bytes, its YAML, and what slips in when one types."""
