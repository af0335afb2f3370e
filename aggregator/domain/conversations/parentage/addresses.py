"""Which comment of a thread a key or an address names."""

import re
from collections.abc import Collection, Iterable
from typing import Final, Protocol
from urllib.parse import urlsplit

from aggregator.domain.conversations.comments import CommentId

_REPLY_TO: Final = re.compile(r"[?&]replytocom=(\d+)")
_HTTP: Final = ("http://", "https://", "//", "/", "#", "?")


class Addressed(Protocol):
    """What can be named: a comment by its key or its address."""

    @property
    def id(self) -> CommentId:
        """Its id."""

    @property
    def key(self) -> str:
        """What its platform calls it."""

    @property
    def url(self) -> str | None:
        """Its own address."""


class Addresses:
    """The keys and addresses of a thread's comments, with the variants that platforms write.

    An address that would name two comments names none; two with one key are the first.
    `about` are the keys and addresses of the article, which name no comment.
    """

    def __init__(self, comments: Iterable[Addressed], about: Collection[str] = ()) -> None:
        self._keys: dict[str, CommentId] = {}
        self._pages: dict[str, CommentId | None] = {}
        self._fragments: dict[str, CommentId | None] = {}
        self._about = {*about, *(page(ref) for ref in about)} - {""}
        for comment in comments:
            self._keys.setdefault(comment.key, comment.id)
            for address in {comment.key, comment.url or ""}:
                self._learn(address, comment.id)

    def _learn(self, address: str, comment_id: CommentId) -> None:
        if name := fragment(address):
            _once(self._fragments, name, comment_id)
        elif address.startswith(_HTTP) and (place := page(address)) not in self._about:
            _once(self._pages, place, comment_id)

    def named(self, reference: str) -> CommentId | None:
        """Find the comment that a key or an address names, None if none or several do."""
        if reference in self._about:
            return None
        if (known := self._keys.get(reference)) is not None:
            return known
        if name := fragment(reference):
            if (known := self._fragments.get(name)) is not None:
                return known
            if name in self._fragments:
                return None
        return self._pages.get(page(reference)) if reference.startswith(_HTTP) else None


def _once(places: dict[str, CommentId | None], name: str, comment_id: CommentId) -> None:
    """Keep what a name stands for; None once it stands for two."""
    places[name] = comment_id if places.get(name, comment_id) == comment_id else None


def fragment(address: str) -> str:
    """Give the part of an address that names a comment on its page: `comment-9`, `c9`."""
    if found := _REPLY_TO.search(address):
        return f"comment-{found[1]}"
    return address.partition("#")[2].removeprefix("div-")


def page(address: str) -> str:
    """Make the address of a page comparable: without scheme, `www.`, last slash and fragment."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # "http://[": whatever it is, it is the address of nothing
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}{query}"
