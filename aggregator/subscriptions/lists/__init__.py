"""Lists that other programs hand out: OPML, bookmarks of a browser, addresses in a text."""
