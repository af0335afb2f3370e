"""WordPress: its feeds of comments, Atom and RSS 2.0 (feed-atom-comments.php and its twin).

Atom tells parents and the addresses of who writes. RSS 2.0 tells neither, but both begin an
answer with a sentence of their own, "In reply to NAME.", in the language of the blog
(get_comment_text): it is read by its form, and taken out of what was said.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from aggregator.domain.conversations.comments import Kind
from aggregator.errors import ParseError
from aggregator.ingest.comments import answers
from aggregator.ingest.comments.items import RawComment, RawComments, plain, signed
from aggregator.ingest.comments.titles import article_of_comment, article_of_feed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawEntry, RawFeed
from aggregator.ingest.sanitise import plain_line, plain_text

SURELY_ALL: Final = 5
"""An article's feed of fewer comments holds them all.

A feed holds the newest `posts_per_rss` (a setting, 10 unless changed) and does not say of how
many: taking nine for all there are would bury the older comments of a blog that set it to five.
"""

_COMMENT: Final = re.compile(r"#comment-(\d+)$")
_PAGE: Final = re.compile(r"/comment-page-\d+/?$")
_PAGE_PARAMETER: Final = re.compile(r"(?<=[?&])cpage=\d+&?|[?&]cpage=\d+$")
_OF_SITE: Final = re.compile(r"/comments/feed\b|[?&]feed=comments-|withcomments=1")
_GAP: Final = ("[…]", "[...]", "[&hellip;]")
_BOLD_FIRST: Final = re.compile(r"\s*(?:<p>\s*)?<strong>[^<>]+</strong>\s*(?:</p>|<br\s*/?>|\n)")


def recognises(feed: RawFeed, *, url: str) -> bool:  # noqa: ARG001 - as all platforms are asked
    """Tell a feed of WordPress by what it says of itself, or by the ids of comments."""
    by_itself = "wordpress" in (feed.generator or "").lower()
    return by_itself or any(_COMMENT.search(entry.guid or "") for entry in feed.entries)


def _is_comment(entry: RawEntry) -> bool:
    return any(_COMMENT.search(one or "") for one in (entry.guid, entry.link))


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed.

    Raises:
        ParseError: `not-comments`: it is one of articles.
    """
    entries = [entry for entry in feed.entries if _is_comment(entry)]
    if feed.entries and not entries:
        raise ParseError("not-comments")
    known = answers.learn(
        {_number(entry): _name(entry) for entry in entries},
        (answers.sentence(_said(entry)) for entry in entries),
    )
    comments = [_comment(entry, url, known) for entry in entries]
    title = plain(feed.title)
    articles = {comment.about[:1] for comment in comments}
    of_article = len(articles) <= 1 and not _OF_SITE.search(url)
    return RawComments(
        platform="wordpress",
        title=title,
        comments=comments,
        next_link=feed.next_link,
        whole=of_article and len(feed.entries) < SURELY_ALL,
        about_title=article_of_feed(title) if of_article else None,
        remarks=feed.remarks,
    )


def article_page(link: str | None) -> str | None:
    """Give the address of the article from that of a comment, on whatever page of comments."""
    if link is None:
        return None
    page = _PAGE.sub("/", link.partition("#")[0])
    return _PAGE_PARAMETER.sub("", page).rstrip("?&") or None


def is_ping(html: str) -> bool:
    """Tell a pingback or trackback by its words: an excerpt, with gaps where it was cut.

    A pingback is "[…] words […]", a trackback a title in bold and such words.
    """
    words = plain_text(html)
    if not words.endswith((*_GAP, "…", "...")):
        return False
    if words.startswith(_GAP) and words.endswith(_GAP):
        return True
    return _BOLD_FIRST.match(html) is not None


def _comment(entry: RawEntry, url: str, known: answers.Known) -> RawComment:
    link = web_address(entry.link, url)
    page = article_page(link)
    stem = _COMMENT.sub("", entry.guid or "")
    in_reply_to = [one for one in entry.answers if _COMMENT.search(one)]
    of_article = [one for one in entry.answers if not _COMMENT.search(one)]
    texts = entry.texts
    said = _said(entry)
    line = answers.sentence(said)
    address = web_address(line.href, page or url) if line else None
    in_words = False
    if line and address and _same_page(address, page) and known.names_parent(line):
        if in_words := not in_reply_to:
            in_reply_to = [*([f"{stem}#comment-{line.number}"] if stem else []), address]
        if line.around in known.phrases:
            texts = tuple(answers.without(text) for text in texts)
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=signed(entry),
        texts=texts,
        published=entry.published,
        updated=entry.updated,
        kind=Kind.PINGBACK if is_ping(said) else Kind.COMMENT,
        in_reply_to=tuple(in_reply_to),
        in_words=in_words,
        about=tuple(one for one in (*of_article[:1], stem, page, *of_article[1:]) if one),
        about_title=article_of_comment(plain(entry.title), _name(entry)),
    )


def _said(entry: RawEntry) -> str:
    return entry.texts[0].value if entry.texts else ""


def _number(entry: RawEntry) -> str:
    found = _COMMENT.search(entry.guid or "") or _COMMENT.search(entry.link or "")
    return found[1] if found else ""


def _name(entry: RawEntry) -> str:
    return plain_line(signed(entry).name or "")


def _same_page(address: str | None, page: str | None) -> bool:
    return address is not None and (page is None or _path(article_page(address)) == _path(page))


def _path(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.path.rstrip('/')}?{parts.query}"
