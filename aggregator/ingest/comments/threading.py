"""Comments of any other program: what RFC 4685 and addresses tell (Isso, b2evolution, HN …)."""

import re
from typing import Final

from aggregator.domain.conversations.comments import Kind
from aggregator.errors import ParseError
from aggregator.ingest.comments.items import RawComment, RawComments, line, signed
from aggregator.ingest.comments.titles import article_of_feed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawEntry, RawFeed

_PING: Final = re.compile(r"\[?(?:pingback|trackback|ping|rétrolien)\b", re.IGNORECASE)


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed.

    Raises:
        ParseError: `not-comments`: its entries have comments of their own, or files to hear.
    """
    if any(_is_article(entry) for entry in feed.entries):
        raise ParseError("not-comments")
    known = {entry.guid for entry in feed.entries if entry.guid}
    return RawComments(
        platform="threading",
        title=line(feed.title),
        comments=[_comment(entry, url, known) for entry in feed.entries],
        next_link=feed.next_link,
        about_title=article_of_feed(line(feed.title)),
        remarks=feed.remarks,
    )


def _is_article(entry: RawEntry) -> bool:
    told = entry.comments_feed_link or entry.comment_count or entry.enclosures
    return bool(told) and not entry.answers


def _comment(entry: RawEntry, url: str, known: set[str]) -> RawComment:
    link = web_address(entry.link, url)
    page = (link or "").partition("#")[0]
    answers = [web_address(one, url) if _is_address(one) else one for one in entry.answers]
    # the article is what shares the page and names no place on it
    of_article = bool(page and page in answers) and not known.intersection(entry.answers)
    about = (*answers, page) if of_article else (page,)
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=signed(entry),
        texts=entry.texts,
        published=entry.published,
        updated=entry.updated,
        image=entry.image,
        kind=Kind.PINGBACK if _PING.match(line(entry.title)) else Kind.COMMENT,
        in_reply_to=() if of_article else tuple(one for one in answers if one),
        about=tuple(one for one in about if one),
    )


def _is_address(answer: str) -> bool:
    return answer.startswith(("http://", "https://"))
