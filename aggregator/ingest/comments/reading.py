"""Read the body of an answer as comments: which platform's module reads it is decided here."""

from datetime import datetime

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.errors import ParseError
from aggregator.ingest.comments import threading
from aggregator.ingest.comments.items import document
from aggregator.ingest.encoding import to_utf8
from aggregator.ingest.parse import is_json, is_page, read_xml, unreadable


def read_comments(
    body: bytes, *, url: str, content_type: str | None, now: datetime
) -> CommentsDocument:
    """Read the comments that came from `url` at `now`.

    Raises:
        ParseError: `empty`; `not-comments`: a web page, articles, or JSON of something else;
            `not-readable`: nothing that is known.
    """
    text = to_utf8(body, content_type)
    if not text:
        raise ParseError("empty")
    if is_json(text):
        raise ParseError("not-comments")
    if (feed := read_xml(text)) is not None:
        return document(threading.read(feed, url=url), url=url, now=now)
    raise ParseError("not-comments") if is_page(text) else unreadable(text)
