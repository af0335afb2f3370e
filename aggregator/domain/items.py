"""Entries: as a feed document tells them, and as a reader sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from aggregator.domain.hints import NO_HINTS, Hints
from aggregator.domain.sources import SourceId

EntryId = NewType("EntryId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Whoever signs; `url` is http(s) or None; `email` is compared, never stored or shown."""

    name: str
    url: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that comes with an entry (RSS 2.0 enclosure, Atom rel=enclosure)."""

    url: str
    media_type: str | None = None
    length_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry as its feed tells it, made safe: what a poll hands to storage.

    `key` is what the feed calls it, unique in its document (see `domain.identity`);
    `title` is plain text and never empty; `content_html` is sanitised, with absolute
    addresses, and pictures in the form of `domain.markup`; `text` is the
    same words as plain text. Moments are aware UTC; `published_at` is None where the feed
    has none that can be believed. `fingerprint` tells altered from same: SHA-256, hex, of
    what a reader sees (title, address, authors, content, enclosures), not of counts.
    """

    key: str
    title: str
    url: str | None
    authors: tuple[Author, ...]
    published_at: datetime | None
    updated_at: datetime | None
    content_html: str
    text: str
    categories: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    language: str | None
    comments_url: str | None
    comments_feed_url: str | None
    comment_count: int | None
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is kept of a document so that the next one need not be read whole.

    `version` is that of the program that read it, `pieces` what `ingest.pieces` wrote.
    """

    version: int
    pieces: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """One feed document, read: RSS 0.9x-2.0, RDF, Atom or JSON Feed.

    `format` is feedparser's version (`rss20`, `atom10`) or `json1`, `json11`; `language`
    is as declared; `comments_feed_url` is the announced feed of the whole site's comments;
    `remarks` are what the parser noticed, in English, for the curious. `generator` is the
    program that says it wrote it, as written (`https://wordpress.org/?v=6.4`, `Blogger`);
    `hints` say when to come back.

    `items` are those that were read: all, but for the ones that the last document of the source
    had in the same words, of which `same_keys` has the keys. `reading` is None where the next
    document must be read whole.
    """

    format: str
    title: str | None
    site_url: str | None
    language: str | None
    items: tuple[Item, ...]
    comments_feed_url: str | None = None
    hub_url: str | None = None
    generator: str | None = None
    hints: Hints = NO_HINTS
    remarks: tuple[str, ...] = ()
    same_keys: tuple[str, ...] = ()
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page announces by `rel=alternate`: absolute address, type, title."""

    url: str
    media_type: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """A page where a feed was asked for: the feeds it announces, the best first.

    Comment feeds come after feeds of articles (see `ingest.discover`); `comments_feed_url` is
    the one of the whole site. `icon` is the address of the one it announces.
    """

    title: str | None
    feeds: tuple[FeedLink, ...]
    comments_feed_url: str | None = None
    icon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One line of a list. `excerpt` is plain text, asked for where a line shows one.

    `comment_count` is the greater of stored and announced, None where nothing is known;
    `stored_comments` are those that can be shown here, `waiting_comments` those among them
    that wait for an answer of mine.
    """

    id: EntryId
    key: str
    source_id: SourceId
    source_url: str
    source_name: str
    title: str
    url: str | None
    author: str | None
    published_at: datetime
    updated_at: datetime | None
    comment_count: int | None
    read: bool
    starred: bool
    language: str | None
    excerpt: str | None = None
    source_icon: str | None = None
    stored_comments: int = 0
    waiting_comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry opened: its line, its safe content and what came with it.

    `shows_images` tells whether its source may always show its pictures, `opened_at` when the
    entry was first opened to be read.
    """

    row: EntryRow
    content_html: str
    authors: tuple[Author, ...]
    categories: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    comments_url: str | None
    page_slug: str | None
    shows_images: bool = False
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A search result: the line, and pieces of its text as (words, is_match) in order."""

    row: EntryRow
    snippet: tuple[tuple[str, bool], ...]
