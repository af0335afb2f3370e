"""The dashboard: HTML over the use cases, for a browser with or without JavaScript."""
