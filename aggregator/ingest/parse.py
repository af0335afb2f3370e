"""Read the body of an answer: a feed (XML or JSON), or a page that announces some."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from aggregator.domain.items import FeedDocument, Reading, WebPage
from aggregator.errors import ParseError
from aggregator.ingest import discover, json_feed, normalise, pieces
from aggregator.ingest.encoding import to_utf8
from aggregator.ingest.pieces import Cut, Piece
from aggregator.ingest.xml_feed import from_its_beginning, read_xml, root_of

_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PAGE_ROOTS: Final = frozenset(
    b"html head body title meta link base a p br b div h1 h2 article section main table".split()
)
_LOOK: Final = 8_192
"""Bytes in which a page must have begun."""


def parse(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    now: datetime,
    last: Reading | None = None,
) -> FeedDocument | WebPage:
    """Read the body that came from `url` at `now`.

    `last` is what was kept of the document that came before: what it had too is not read again.

    Raises:
        ParseError: `empty`, or `not-readable`: it is neither a feed nor a web page.
    """
    text = to_utf8(body, content_type)
    if not text:
        raise ParseError("empty")
    if is_json(text):
        return normalise.document(json_feed.read_feed(json_feed.read_json(text)), url=url, now=now)
    if (document := _read_feed(text, url=url, now=now, last=last)) is not None:
        return document
    if is_page(text):
        return discover.read_page(text, url=url)
    raise unreadable(text)


def is_json(text: bytes) -> bool:
    """Tell JSON by how it begins."""
    return text[:1] in {b"{", b"["}


def is_page(text: bytes) -> bool:
    """Tell a web page from what is neither that nor a feed."""
    return root_of(text) in _PAGE_ROOTS or _HTML.search(text, 0, _LOOK) is not None


def unreadable(text: bytes) -> ParseError:
    """Say what a document is that nothing can be made of."""
    root = root_of(text)
    shown = f"<{root.decode('ascii', 'replace')[:50]}>" if root else "text/plain"
    return ParseError("not-readable", detail=shown)


def _read_feed(
    text: bytes, *, url: str, now: datetime, last: Reading | None
) -> FeedDocument | None:
    """Read an XML feed: only its new pieces where that gives the same, else the whole of it."""
    text = from_its_beginning(text)
    cut = pieces.cut(text)
    if cut is not None and last is not None:
        document = _read_new(cut, url=url, now=now, last=last)
        if document is not None:
            return document
    feed = read_xml(text)
    if feed is None:
        return None
    document = normalise.document(feed, url=url, now=now)
    context = pieces.context_of(feed, url)
    if cut is None or context is None or len(cut.places) != len(feed.entries):
        return document
    told = pieces.named(cut.digests, feed.entries, document.items)
    return _noted(document, context, told) if told and pieces.are_apart(told) else document


def _read_new(cut: Cut, *, url: str, now: datetime, last: Reading) -> FeedDocument | None:
    """Read the pieces that are not known; None where the whole must be read."""
    context, known = pieces.known(last)
    new = [at for at, digest in enumerate(cut.digests) if digest not in known]
    # one at least, for what it may take from its document is seen where one begins
    wanted = new or [0]
    if len(wanted) == len(cut.places):
        return None
    try:
        feed = read_xml(cut.only(wanted))
    except ParseError:
        return None
    if feed is None or len(feed.entries) != len(wanted) or pieces.context_of(feed, url) != context:
        return None
    document = normalise.document(feed, url=url, now=now)
    read = pieces.named([cut.digests[at] for at in wanted], feed.entries, document.items)
    if read is None:
        return None
    named = known | {piece.digest: piece for piece in read}
    told = [named[digest] for digest in cut.digests]
    if not pieces.are_apart(told):
        return None
    same = tuple(known[digest].key for digest in cut.digests if digest in known)
    document = replace(document, items=document.items if new else (), same_keys=same)
    return _noted(document, context, told)


def _noted(document: FeedDocument, context: bytes, told: Sequence[Piece]) -> FeedDocument:
    """Note the pieces of a document, so that the next one need not be read whole."""
    return replace(document, reading=pieces.reading(context, told))
