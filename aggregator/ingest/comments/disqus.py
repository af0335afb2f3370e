"""Disqus: its feeds of the latest comments, of a site or of one thread (`latest.rss`)."""

import re
from typing import Final
from urllib.parse import urlsplit

from aggregator.ingest.comments.items import RawComment, RawComments, plain, signed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawEntry, RawFeed

_RE: Final = re.compile(r"re:\s*", re.IGNORECASE)


def recognises(feed: RawFeed, *, url: str) -> bool:  # noqa: ARG001 - as all platforms are asked
    """Tell a feed of Disqus by its address."""
    host = urlsplit(url).hostname or ""
    return host == "disqus.com" or host.endswith(".disqus.com")


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed; it holds the latest 25, and tells no parents."""
    return RawComments(
        platform="disqus",
        title=plain(feed.title),
        comments=[_comment(entry, url) for entry in feed.entries],
        next_link=feed.next_link,
        remarks=feed.remarks,
    )


def _comment(entry: RawEntry, url: str) -> RawComment:
    page = (web_address(entry.link, url) or "").partition("#")[0]
    title = plain(entry.title)
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=signed(entry),
        texts=entry.texts,
        published=entry.published,
        updated=entry.updated,
        about=(page,) if page else (),
        about_title=_RE.sub("", title, count=1) if _RE.match(title) else None,
    )
