"""Read the body of an answer as comments: which platform's module reads it is decided here."""

from datetime import datetime
from typing import Final

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.errors import ParseError
from aggregator.ingest.comments import (
    blogger,
    discourse,
    disqus,
    dotclear,
    mastodon,
    reddit,
    threading,
    wordpress,
    wordpress_rest,
)
from aggregator.ingest.comments.items import RawComments, document
from aggregator.ingest.encoding import to_utf8
from aggregator.ingest.json_feed import read_feed, read_json
from aggregator.ingest.parse import is_json, is_page, unreadable
from aggregator.ingest.raw import RawFeed
from aggregator.ingest.xml_feed import read_xml

_PLATFORMS: Final = (
    (disqus.recognises, disqus.read),
    (reddit.recognises, reddit.read),
    (dotclear.recognises, dotclear.read),
    (blogger.recognises, blogger.read),
    (discourse.recognises, discourse.read),
    (wordpress.recognises, wordpress.read),
)


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
        told = _of_json(text, url)
    elif (feed := read_xml(text)) is not None:
        told = _of_feed(feed, url)
    else:
        raise ParseError("not-comments") if is_page(text) else unreadable(text)
    return document(told, url=url, now=now)


def _of_json(text: bytes, url: str) -> RawComments:
    told = read_json(text)
    if isinstance(told, list) and wordpress_rest.is_comments(told):
        return wordpress_rest.read(told, url=url)
    if isinstance(told, dict) and mastodon.is_context(told):
        return mastodon.read(told, url=url)
    if isinstance(told, dict) and "items" in told:
        return _of_feed(read_feed(told), url)
    raise ParseError("not-comments")


def _of_feed(feed: RawFeed, url: str) -> RawComments:
    """Choose by the address, by what the program says of itself, or by the entries."""
    for recognises, read in _PLATFORMS:
        if recognises(feed, url=url):
            return read(feed, url=url)
    return threading.read(feed, url=url)
