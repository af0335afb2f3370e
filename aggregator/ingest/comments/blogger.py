"""Blogger: its feeds of comments, of a blog or of one post, in pages of 25.

Every comment names its post as what it answers; the comment it answers is its `related` link.
"""

import re
from typing import Final

from aggregator.errors import ParseError
from aggregator.ingest.comments.items import RawComment, RawComments, count, plain, signed
from aggregator.ingest.comments.titles import article_of_feed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawEntry, RawFeed

_KEY: Final = re.compile(r"(tag:blogger\.com,\d+:blog-\d+\.post-)\d+")
_PARENT: Final = re.compile(r"/comments/default/(\d+)/?$")
_OF_POST: Final = re.compile(r"/feeds/(?:\d+/)?\d+/comments/")
_NO_PORTRAIT: Final = re.compile(r"blogblog\.com/|/img/blogger[_-]logo|/img/blank\.gif")
"""Pictures that stand for "none"."""


def recognises(feed: RawFeed, *, url: str) -> bool:  # noqa: ARG001 - as all platforms are asked
    """Tell a feed of Blogger by what it says of itself, or by the ids of comments."""
    by_itself = (feed.generator or "").lower() == "blogger"
    return by_itself or any(_is_comment(entry) for entry in feed.entries)


def _is_comment(entry: RawEntry) -> bool:
    address = entry.link or ""
    return _KEY.fullmatch(entry.guid or "") is not None and (
        bool(entry.answers) or "showComment=" in address or "#c" in address
    )


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed.

    Raises:
        ParseError: `not-comments`: it is one of posts.
    """
    entries = [entry for entry in feed.entries if _is_comment(entry)]
    if feed.entries and not entries:
        raise ParseError("not-comments")
    owner = feed.authors[0] if feed.authors else None
    comments = [_comment(entry, url, owner.url if owner else None) for entry in entries]
    title = plain(feed.title)
    total = count(feed.total)
    return RawComments(
        platform="blogger",
        title=title,
        comments=comments,
        next_link=feed.next_link,
        total=total,
        whole=total is not None
        and total <= len(entries)
        and count(feed.start) in {None, 1}
        and not feed.next_link,
        about_title=_post(title) if _OF_POST.search(url) else None,
        remarks=feed.remarks,
    )


def _comment(entry: RawEntry, url: str, owner: str | None) -> RawComment:
    link = web_address(entry.link, url)
    author = signed(entry)
    named = [web_address(one, url) or one for one in entry.answers]
    parent = _PARENT.search(entry.related_link or "")
    stem = _KEY.fullmatch(entry.guid or "")
    image = entry.image
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=author,
        texts=entry.texts,
        published=entry.published,
        updated=entry.updated,
        image=None if image is None or _NO_PORTRAIT.search(image) else image,
        by_author=owner is not None and author.url == owner,
        in_reply_to=(f"{stem[1]}{parent[1]}",) if parent and stem else (),
        about=tuple(
            one for one in (*named[:1], link and re.split("[?#]", link)[0], *named[1:]) if one
        ),
    )


def _post(title: str) -> str | None:
    """Find the post in "Comments on BLOG: POST"."""
    found = article_of_feed(title)
    return found.partition(": ")[2] or found if found else None
