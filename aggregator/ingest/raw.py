"""What a document says, before anything of it is believed: common to XML and JSON feeds.

All text is as written; addresses may be relative, dates unreadable, markup hostile.
"""

from dataclasses import dataclass

from aggregator.domain.hints import NO_HINTS, Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class RawText:
    """Some text, whether it is markup, and what its relative addresses are relative to."""

    value: str
    markup: bool
    base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAuthor:
    """Whoever signs; any part may be missing, and `name` may hold an e-mail address too."""

    name: str | None = None
    url: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEnclosure:
    """A file that comes with an entry."""

    url: str
    media_type: str | None = None
    length: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One entry; `texts` holds what may be its content, the best first.

    `answers` are what `thr:in-reply-to` names (RFC 4685): id, then address. `related_link` is
    another entry that it has to do with, `image` the portrait of who signs.
    """

    guid: str | None = None
    link: str | None = None
    title: RawText | None = None
    texts: tuple[RawText, ...] = ()
    published: str | None = None
    updated: str | None = None
    authors: tuple[RawAuthor, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[RawEnclosure, ...] = ()
    language: str | None = None
    comments_link: str | None = None
    comments_feed_link: str | None = None
    comment_count: str | None = None
    answers: tuple[str, ...] = ()
    related_link: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A whole document; `authors` sign the entries that name nobody.

    `next_link` goes on where it is in pages; `total` and `start` are openSearch's, as written.
    `context` is all that an entry may take from its place in the document (see `feedparsing`).
    """

    format: str
    title: RawText | None
    entries: tuple[RawEntry, ...]
    link: str | None = None
    language: str | None = None
    authors: tuple[RawAuthor, ...] = ()
    comments_feed_link: str | None = None
    hub_link: str | None = None
    generator: str | None = None
    next_link: str | None = None
    total: str | None = None
    start: str | None = None
    hints: Hints = NO_HINTS
    remarks: tuple[str, ...] = ()
    context: str | None = None
