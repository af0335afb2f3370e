"""From what a document says to what is kept of it: keys, UTC, web addresses, safe markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from aggregator.domain.identity import Naming, keys
from aggregator.domain.items import Author, Enclosure, FeedDocument, Item
from aggregator.ingest.dates import read_date
from aggregator.ingest.raw import RawAuthor, RawEnclosure, RawEntry, RawFeed, RawText
from aggregator.ingest.sanitise import (
    as_markup,
    plain_line,
    plain_text,
    sanitise,
    shortened,
)

TITLE_FROM_TEXT: Final = 80
"""Characters of the text that stand for a missing title."""

MOST_ITEMS: Final = 10_000
"""Of one document; a transaction that stores more would hold all other writers up."""

LONGEST_ADDRESS: Final = 4_096
LONGEST_NAME: Final = 200
MOST_AUTHORS: Final = 20
MOST_CATEGORIES: Final = 50
MOST_ENCLOSURES: Final = 50

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PLACEHOLDERS: Final = frozenset({"noreply@blogger.com"})
"""Addresses that say nothing of who wrote."""

_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*")
_SCHEMES: Final = ("http://", "https://")
_BLANKS: Final = re.compile(r"[\x00-\x20\x7f]+")
_NOT_IN_HOST: Final = re.compile(r"""[\x00-\x20\x7f<>"'`{}|\\^%]""")


def document(feed: RawFeed, *, url: str, now: datetime) -> FeedDocument:
    """Make a feed fit to keep; `url` is where it was found."""
    titles = tuple(_line(entry.title) for entry in feed.entries)
    links = tuple(web_address(entry.link, url) for entry in feed.entries)
    names = keys(
        [
            Naming(
                guid=entry.guid,
                url=link,
                title=title,
                date=entry.published or entry.updated or "",
            )
            for entry, link, title in zip(feed.entries, links, titles, strict=True)
        ]
    )
    items = tuple(
        _item(entry, _Place(feed=feed, url=url, now=now), key=key, title=title, link=link)
        for entry, key, title, link in islice(
            zip(feed.entries, names, titles, links, strict=True), MOST_ITEMS
        )
    )
    cut = (f"only the first {MOST_ITEMS} entries are kept",)
    return FeedDocument(
        format=feed.format,
        title=_line(feed.title) or None,
        site_url=web_address(feed.link, url),
        language=_language(feed.language),
        items=items,
        comments_feed_url=web_address(feed.comments_feed_link, url),
        hub_url=web_address(feed.hub_link, url),
        generator=plain_line(feed.generator or "", most=LONGEST_NAME) or None,
        hints=feed.hints,
        remarks=feed.remarks + (cut if len(feed.entries) > MOST_ITEMS else ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where and when an entry was found."""

    feed: RawFeed
    url: str
    now: datetime


def _item(entry: RawEntry, place: _Place, *, key: str, title: str, link: str | None) -> Item:
    content_html = safe_content(entry.texts, place.url)
    text = plain_text(content_html)
    enclosures = _enclosures(entry.enclosures, place.url)
    title = (
        title
        or shortened(" ".join(text.split()), TITLE_FROM_TEXT)
        or link
        or next((enclosure.url for enclosure in enclosures), None)
        or plain_line(entry.guid or "")
        or "…"  # a key that is a hash says nothing to anybody
    )
    authors = _authors(entry.authors or place.feed.authors, place.url)
    updated_at = read_date(entry.updated, place.now)
    return Item(
        key=key,
        title=title,
        url=link,
        authors=authors,
        published_at=read_date(entry.published, place.now) or updated_at,
        updated_at=updated_at,
        content_html=content_html,
        text=text,
        categories=_categories(entry.categories),
        enclosures=enclosures,
        language=_language(entry.language) or _language(place.feed.language),
        comments_url=web_address(entry.comments_link, place.url),
        comments_feed_url=web_address(entry.comments_feed_link, place.url),
        comment_count=_count(entry.comment_count),
        fingerprint=_fingerprint(title, link, authors, content_html, enclosures),
    )


def web_address(link: str | None, base: str) -> str | None:
    """Make an address absolute; None where that gives no web address."""
    if not link or len(link) > LONGEST_ADDRESS:
        return None
    link = link.strip()
    try:
        if not link.startswith(_SCHEMES):
            scheme, colon, rest = urljoin(base, link).partition(":")
            link = scheme.lower() + colon + rest
        parts = urlsplit(link)
        host = parts.hostname if link.startswith(_SCHEMES) else None
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        return None
    return _BLANKS.sub("%20", link) if host and not _NOT_IN_HOST.search(host) else None


def _line(text: RawText | None) -> str:
    return plain_line(text.value, markup=text.markup) if text else ""


def safe_content(texts: Iterable[RawText], url: str) -> str:
    """Make the first text safe that says something; `url` is what it may be relative to."""
    for text in texts:
        base = web_address(text.base, url) or url
        if html := sanitise(text.value, base) if text.markup else as_markup(text.value):
            return html
    return ""


def _authors(raw: Iterable[RawAuthor], url: str) -> tuple[Author, ...]:
    authors: dict[tuple[str, str | None], Author] = {}
    for told in list(raw)[:MOST_AUTHORS]:
        name, email = name_and_email(told)
        address = web_address(told.url, url)
        if address and not name:
            name = address.split("/", 3)[2]
        if name:
            authors.setdefault((name, address), Author(name=name, url=address, email=email))
    return tuple(authors.values())


def name_and_email(told: RawAuthor) -> tuple[str, str | None]:
    """Part a name such as "bob@example.org (Bob)" or "Bob <bob@example.org>"."""
    name = plain_line(told.name or "", most=LONGEST_NAME)
    email = _EMAIL.search(told.email or "") or _EMAIL.search(name)
    if email is None:
        return name, None
    name = _EMAIL.sub("", name).strip(" ()<>[],;") or email[0].partition("@")[0]
    address = email[0].lower()
    return name, None if address in _PLACEHOLDERS else address


def _categories(raw: Iterable[str]) -> tuple[str, ...]:
    names = (plain_line(name, most=LONGEST_NAME) for name in raw)
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_CATEGORIES]


def _enclosures(raw: Iterable[RawEnclosure], url: str) -> tuple[Enclosure, ...]:
    kept: dict[str, Enclosure] = {}
    for told in raw:
        address = web_address(told.url, url)
        if address and address not in kept and len(kept) < MOST_ENCLOSURES:
            kept[address] = Enclosure(
                url=address,
                media_type=plain_line(told.media_type or "", most=100) or None,
                length_bytes=_count(told.length) or None,
            )
    return tuple(kept.values())


def _language(tag: str | None) -> str | None:
    tag = (tag or "").strip()
    return tag if _LANGUAGE.fullmatch(tag) else None


def _count(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) <= 15 else None


def _fingerprint(
    title: str,
    url: str | None,
    authors: Iterable[Author],
    content_html: str,
    enclosures: Iterable[Enclosure],
) -> str:
    seen = [title, url or "", content_html]
    for author in authors:
        seen += [author.name, author.url or ""]
    for enclosure in enclosures:
        seen += [enclosure.url, enclosure.media_type or ""]
    return sha256("\x1f".join(seen).encode("utf-8", "surrogatepass")).hexdigest()
