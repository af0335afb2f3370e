"""Dotclear: its feeds of comments (templates atom-comments.xml and rss2-comments.xml).

They tell no address of who writes, and no parent. A ping is titled so; its words begin with a
link to the page that links here.
"""

import re
from html import unescape
from typing import Final

from aggregator.domain.conversations.comments import Kind
from aggregator.errors import ParseError
from aggregator.ingest.comments.items import RawComment, RawComments, plain, signed
from aggregator.ingest.comments.titles import before_name
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawAuthor, RawEntry, RawFeed

_COMMENT: Final = re.compile(r"#c\d+$")
_PING: Final = "[ping] "
_FIRST_LINK: Final = re.compile(
    r"""\s*<p>\s*<a\s[^<>]*?\bhref\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE
)


def recognises(feed: RawFeed, *, url: str) -> bool:  # noqa: ARG001 - as all platforms are asked
    """Tell a feed of Dotclear by what it says of itself."""
    return "dotclear" in (feed.generator or "").lower()


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed.

    Raises:
        ParseError: `not-comments`: it is one of articles.
    """
    entries = [entry for entry in feed.entries if _COMMENT.search(entry.link or "")]
    if feed.entries and not entries:
        raise ParseError("not-comments")
    return RawComments(
        platform="dotclear",
        title=plain(feed.title),
        comments=[_comment(entry, url) for entry in entries],
        next_link=feed.next_link,
        remarks=feed.remarks,
    )


def _comment(entry: RawEntry, url: str) -> RawComment:
    page = (web_address(entry.link, url) or "").partition("#")[0]
    author = signed(entry)
    title = plain(entry.title)
    ping = title.startswith(_PING)
    if ping and author.url is None and entry.texts:
        found = _FIRST_LINK.match(entry.texts[0].value)
        author = RawAuthor(name=author.name, url=unescape(found[1]) if found else None)
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=author,
        texts=entry.texts,
        published=entry.published,
        updated=entry.updated,
        kind=Kind.PINGBACK if ping else Kind.COMMENT,
        about=(page,) if page else (),
        about_title=before_name(title.removeprefix(_PING), " ".join((author.name or "").split())),
    )
