"""The door in front of every screen."""
