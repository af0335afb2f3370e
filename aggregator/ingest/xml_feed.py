"""Read an XML feed: from what feedparser makes of RSS, RDF and Atom to what all feeds share."""

import re
from collections.abc import Iterator
from typing import Any, Final

from aggregator.errors import ParseError
from aggregator.ingest.encoding import declare_utf8
from aggregator.ingest.feedparsing import Element, parse_xml
from aggregator.ingest.hints import read_hints
from aggregator.ingest.raw import RawAuthor, RawEnclosure, RawEntry, RawFeed, RawText

_FEED_TYPES: Final = frozenset({"application/atom+xml", "application/rss+xml"})
_THREADING: Final = "http://purl.org/syndication/thread/1.0"  # RFC 4685; feedparser ignores it
_ROOTS: Final = frozenset({b"rss", b"feed", b"rdf", b"channel"})
_PROLOG: Final = re.compile(
    rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^\[<>]*(?:\[.*?\]\s*)?>)*+<(?:[\w.-]+:)?([\w.-]+)",
    re.IGNORECASE | re.DOTALL,
)
_START: Final = re.compile(rb"<\?xml\s|<rss[\s>]|<feed[\s>]|<rdf:RDF[\s>]", re.IGNORECASE)
_PLACE: Final = re.compile(r"^<unknown>:(\d+):(\d+): ")
_LOOK: Final = 8_192
"""Bytes in which a document must have begun."""


def root_of(text: bytes) -> bytes:
    """Give the name of the first element, in small letters and without its prefix."""
    found = _PROLOG.match(text)
    return found[1].lower() if found else b""


def from_its_beginning(text: bytes) -> bytes:
    """Drop what stands before a feed: mostly an error message of the server."""
    root = root_of(text)
    if root not in _ROOTS and root != b"html" and (found := _START.search(text, 0, _LOOK)):
        return text[found.start() :]
    return text


def read_xml(text: bytes) -> RawFeed | None:
    """Read RSS, RDF or Atom; None where feedparser finds nothing of the kind.

    Raises:
        ParseError: `not-readable`: feedparser trips over it.
    """
    text = from_its_beginning(text)
    if root_of(text) == b"html":
        return None
    try:
        parsed = parse_xml(declare_utf8(text))
    except MemoryError:
        raise
    except Exception as error:  # it lets through whatever its parsers trip over
        detail = f"{type(error).__name__}: {error}"
        raise ParseError("not-readable", detail=detail[:200]) from error
    if not parsed.version and not parsed.entries:
        return None
    feed = parsed.feed
    prefix = _threading_prefix(parsed.namespaces)
    return RawFeed(
        format=parsed.version or "unknown",
        title=_text(feed, "title"),
        link=_text_of(feed, "link") or _link(feed, "alternate"),
        language=_text_of(feed, "language"),
        authors=tuple(_authors(feed)) if parsed.version.startswith("atom") else (),
        comments_feed_link=_text_of(feed, "wfw_commentrss") or _link(feed, "replies", _FEED_TYPES),
        hub_link=_link(feed, "hub"),
        generator=_text_of(feed, "generator") or _generator_address(feed),
        next_link=_link(feed, "next"),
        total=_text_of(feed, "opensearch_totalresults"),
        start=_text_of(feed, "opensearch_startindex"),
        hints=read_hints(text),
        remarks=(_told(parsed.trouble),) if parsed.trouble else (),
        entries=tuple(_entry(entry, prefix) for entry in parsed.entries),
        context=parsed.context,
    )


def _told(trouble: str) -> str:
    """Say in words where a document is broken, not in the way of the parser."""
    return _PLACE.sub(r"line \1, column \2: ", trouble)[:200]


def _generator_address(feed: Element) -> str | None:
    """Give the address of a generator that has no name."""
    detail = dict.get(feed, "generator_detail")
    return _text_of(detail, "href") if isinstance(detail, dict) else None


def _threading_prefix(namespaces: dict[str, str]) -> str:
    """Find what this document calls the threading namespace; feedparser's names begin with it."""
    named = (prefix for prefix, name in namespaces.items() if name.rstrip("/") == _THREADING)
    return next(named, "thr")


def _entry(entry: Element, prefix: str) -> RawEntry:
    counts = (
        link.get(f"{prefix}:count") or link.get("count") for link in _links(entry, "replies")
    )
    return RawEntry(
        guid=_text_of(entry, "id"),
        link=_entry_link(entry),
        title=_text(entry, "title"),
        texts=tuple(_texts(entry)),
        published=_text_of(entry, "published") or _text_of(entry, "created"),
        updated=_text_of(entry, "updated"),
        authors=tuple(_authors(entry)),
        categories=tuple(
            term
            for tag in dict.get(entry, "tags", ())
            if (term := dict.get(tag, "label") or dict.get(tag, "term"))
        ),
        enclosures=tuple(
            RawEnclosure(
                url=link["href"],
                # feedparser's own guess for a link that names no type
                media_type=None if link.get("type") == "text/html" else link.get("type"),
                length=link.get("length"),
            )
            for link in _links(entry, "enclosure")
            if link.get("href")
        ),
        language=_entry_language(entry),
        comments_link=_text_of(entry, "comments")
        or _link(entry, "replies", frozenset({"text/html", "application/xhtml+xml"})),
        comments_feed_link=_text_of(entry, "wfw_commentrss")
        or _link(entry, "replies", _FEED_TYPES),
        comment_count=_text_of(entry, "slash_comments")
        or _text_of(entry, f"{prefix}_total")
        or next((count for count in counts if count), None),
        answers=tuple(_answers(dict.get(entry, f"{prefix}_in-reply-to"))),
        related_link=_link(entry, "related"),
        image=_image(dict.get(entry, "gd_image")),
    )


def _image(told: Any) -> str | None:
    return _text_of(told, "src") if isinstance(told, dict) else None


def _answers(told: Any) -> Iterator[str]:
    """Give what `thr:in-reply-to` names; written as text instead of attributes, it is one."""
    if isinstance(told, str):
        told = {"ref": told}
    for name in ("ref", "href"):
        if isinstance(told, dict) and (value := _text_of(told, name)):
            yield value


def _entry_link(entry: Element) -> str | None:
    link = _text_of(entry, "link")
    if link and link == _text_of(entry, "id") and not link.startswith(("http", "/")):
        link = None  # a guid counts as a link unless it says not; most that do not are none
    return link or _link(entry, "alternate")


def _entry_language(entry: Element) -> str | None:
    details = [*dict.get(entry, "content", ()), dict.get(entry, "title_detail") or {}]
    declared = (dict.get(detail, "language") for detail in details)
    return _text_of(entry, "language") or next((tag for tag in declared if tag), None)


def _texts(entry: Element) -> Iterator[RawText]:
    """Give what may be the content: the longest markup, the summary, plain texts.

    itunes:summary, media:description and the like stand among the contents too.
    """
    contents = sorted(
        (_raw(content) for content in dict.get(entry, "content", ()) if _is_text(content)),
        key=lambda text: (not text.markup, -len(text.value)),
    )
    summary = _text(entry, "summary")
    if summary is not None and not (contents and contents[0].markup):
        contents.insert(0, summary)
    elif summary is not None:
        contents.append(summary)
    return iter(contents)


def _is_text(content: Element) -> bool:
    return str(dict.get(content, "type", "")).startswith(("text/", "application/xhtml"))


def _text(element: Element, name: str) -> RawText | None:
    """Read a field that may be markup; one without details is a copy of the content."""
    detail = dict.get(element, f"{name}_detail")
    return _raw(detail) if detail and dict.get(detail, "value") else None


def _raw(detail: Element) -> RawText:
    return RawText(
        value=dict.get(detail, "value") or "",
        markup=dict.get(detail, "type") != "text/plain",
        base=dict.get(detail, "base"),
    )


def _authors(element: Element) -> Iterator[RawAuthor]:
    authors = [author for author in dict.get(element, "authors", ()) if author]
    as_written = _text_of(element, "author") or ""  # of the last one only
    email_before = None
    for place, author in enumerate(authors, start=1):
        name, email = dict.get(author, "name"), dict.get(author, "email")
        if email and email == email_before:
            # feedparser hands the address of one author on to the next who has none
            email = None
        elif place == len(authors) and "@" in as_written:
            # and cuts addresses whose last part is longer than four letters
            name, email = as_written, None
        email_before = dict.get(author, "email")
        yield RawAuthor(name=name, url=dict.get(author, "href"), email=email)


def _links(element: Element, relation: str) -> Iterator[Element]:
    for link in dict.get(element, "links", ()):
        if dict.get(link, "rel") == relation:
            yield link


def _link(element: Element, relation: str, types: frozenset[str] | None = None) -> str | None:
    for link in _links(element, relation):
        if link.get("href") and (types is None or link.get("type") in types):
            return str(link["href"])
    return None


def _text_of(element: Element, name: str) -> str | None:
    """Give a field that is text; a repeated or unknown element may have become something else."""
    value = dict.get(element, name)
    return value.strip() or None if isinstance(value, str) else None
