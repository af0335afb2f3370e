"""Reddit: the feed of a post or of a group's comments; flat, it tells no parents."""

import re
from typing import Final
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.ingest.comments.items import RawComment, RawComments, plain, signed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawAuthor, RawEntry, RawFeed

_COMMENT: Final = re.compile(r"t1_\w+")
_POST: Final = re.compile(r"t3_\w+")
_PAGE: Final = re.compile(
    r"(?P<page>https?://[^/]+/(?:r|user)/\w+/comments/(?P<id>\w+)/[^/]+/)\w+/?.*"
)
_TITLE: Final = re.compile(r"/?u/\S+ on (?P<title>.+)")


def recognises(feed: RawFeed, *, url: str) -> bool:
    """Tell a feed of Reddit by its address, or by the ids of comments."""
    host = urlsplit(url).hostname or ""
    at_reddit = host == "reddit.com" or host.endswith(".reddit.com")
    return at_reddit or any(_is_comment(entry) for entry in feed.entries)


def _is_comment(entry: RawEntry) -> bool:
    return _COMMENT.fullmatch(entry.guid or "") is not None


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed; the post itself stands first in its own.

    Raises:
        ParseError: `not-comments`: it is one of posts.
    """
    posts = [entry for entry in feed.entries if _POST.fullmatch(entry.guid or "")]
    entries = [entry for entry in feed.entries if _is_comment(entry)]
    if len(feed.entries) > 1 and not entries:
        raise ParseError("not-comments")
    poster = signed(posts[0]).name if len(posts) == 1 else None
    return RawComments(
        platform="reddit",
        title=plain(feed.title),
        comments=[_comment(entry, url, poster) for entry in entries],
        next_link=feed.next_link,
        about_title=plain(posts[0].title) if len(posts) == 1 else None,
        remarks=feed.remarks,
    )


def _comment(entry: RawEntry, url: str, poster: str | None) -> RawComment:
    found = _PAGE.fullmatch(web_address(entry.link, url) or "")
    author = signed(entry)
    title = _TITLE.fullmatch(plain(entry.title))
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=RawAuthor(name=re.sub(r"^/?u/", "", author.name or ""), url=author.url),
        texts=entry.texts,
        published=entry.published,
        updated=entry.updated,
        by_author=poster is not None and author.name == poster,
        about=(f"t3_{found['id']}", found["page"]) if found else (),
        about_title=title["title"] if title else None,
    )
