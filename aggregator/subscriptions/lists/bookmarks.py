"""Reading the bookmarks file of a browser: HTML that begins with NETSCAPE-Bookmark-file-1."""

import re
from html.parser import HTMLParser
from typing import Final

from aggregator.domain.exchange import ReadList
from aggregator.errors import InvalidInputError
from aggregator.subscriptions.lists.gathering import Gathering
from aggregator.translations import N_

DEEPEST: Final = 50
_BEGINS: Final = re.compile(r"netscape-bookmark-file|<dl[\s>]|<a\s[^>]*href", re.IGNORECASE)


def looks_like_bookmarks(text: str) -> bool:
    """Tell whether a text is a bookmarks file, or a piece of HTML with links."""
    return _BEGINS.search(text[:20_000]) is not None


def read(text: str) -> ReadList:
    """Read the sites that bookmarks name; a live bookmark names its feed.

    Raises:
        InvalidInputError: its folders lie deeper in each other than a browser shows.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.gathering.gathered()


class _Reader(HTMLParser):
    """Follows folders (`h3`, then `dl`) and links; the rest of the markup says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.gathering = Gathering("bookmarks")
        self._folders: list[str | None] = []
        self._next: str | None = None
        self._words: list[str] | None = None
        self._link: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "h3":
            # the toolbar of a browser is a place, not a subject
            self._words = None if "personal_toolbar_folder" in said else []
        elif tag == "a":
            self._words, self._link = [], said
        elif tag == "dl":
            if len(self._folders) >= DEEPEST:
                raise InvalidInputError(N_("The folders of this list lie too deep in each other."))
            self._folders.append(self._next)
            self._next = None

    def handle_endtag(self, tag: str) -> None:
        words = "".join(self._words or ())
        if tag == "h3":
            self._next, self._words = words or None, None
        elif tag == "a" and self._words is not None:
            self._words = None
            address = self._link.get("feedurl") or self._link.get("href")
            if address:
                page = self._folders[-1] if self._folders else None
                self.gathering.take(address, name=words, page=page)
        elif tag == "dl" and self._folders:
            self._folders.pop()

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)
