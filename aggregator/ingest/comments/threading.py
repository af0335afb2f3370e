"""Comments of any other program: what RFC 4685 and addresses tell (Isso, b2evolution, HN …)."""

import re
from typing import Final

from aggregator.domain.conversations.comments import Kind
from aggregator.errors import ParseError
from aggregator.ingest.comments.items import RawComment, RawComments, plain, signed
from aggregator.ingest.comments.titles import article_of_feed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawEntry, RawFeed

_COMMENTS: Final = re.compile(
    r"comment|kommentar|coment[aá]ri|комментар|コメント|评论|repl(?:y|ies)\b|reacti(?:e|on)",
    re.IGNORECASE,
)
_PING: Final = re.compile(r"\[?(?:pingback|trackback|ping|rétrolien)\b", re.IGNORECASE)


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed.

    Raises:
        ParseError: `not-comments`: its entries have subjects, files or comments of their own,
            and nothing says that they are comments.
    """
    if not _speaks(feed, url) and any(_is_article(entry) for entry in feed.entries):
        raise ParseError("not-comments")
    site = web_address(feed.link, url)
    known = {entry.guid for entry in feed.entries if entry.guid}
    return RawComments(
        platform="threading",
        title=plain(feed.title),
        comments=[_comment(entry, url, known, site) for entry in feed.entries],
        next_link=feed.next_link,
        about_title=article_of_feed(plain(feed.title)),
        remarks=feed.remarks,
    )


def _speaks(feed: RawFeed, url: str) -> bool:
    """Tell whether a feed calls itself one of comments, or an entry answers or is on a page."""
    return _COMMENTS.search(f"{url} {plain(feed.title)}") is not None or any(
        entry.answers or "#" in (entry.link or "") for entry in feed.entries
    )


def _is_article(entry: RawEntry) -> bool:
    return bool(
        entry.comments_feed_link
        or entry.comments_link
        or entry.comment_count
        or entry.categories
        or entry.enclosures
    )


def _comment(entry: RawEntry, url: str, known: set[str], site: str | None) -> RawComment:
    link = web_address(entry.link, url)
    page = (link or "").partition("#")[0]
    answers = [web_address(one, url) if _is_address(one) else one for one in entry.answers]
    # the article is what shares the page and names no place on it
    of_article = bool(page and page in answers) and not known.intersection(entry.answers)
    about = (*answers, page) if of_article else (page or site,)
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=signed(entry),
        texts=entry.texts,
        published=entry.published,
        updated=entry.updated,
        image=entry.image,
        kind=Kind.PINGBACK if _PING.match(plain(entry.title)) else Kind.COMMENT,
        in_reply_to=() if of_article else tuple(one for one in answers if one),
        about=tuple(one for one in about if one),
    )


def _is_address(answer: str) -> bool:
    return answer.startswith(("http://", "https://"))
