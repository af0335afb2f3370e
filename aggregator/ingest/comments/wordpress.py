"""WordPress: its feeds of comments, Atom and RSS 2.0 (feed-atom-comments.php and its twin).

Atom tells parents and the addresses of who writes. RSS 2.0 tells neither, but both begin an
answer with a sentence of their own, "In reply to NAME.", in the language of the blog
(get_comment_text): it is read by its form, and taken out of what was said.
"""

import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from aggregator.domain.conversations.comments import Kind
from aggregator.errors import ParseError
from aggregator.ingest.comments.items import RawComment, RawComments, line, signed
from aggregator.ingest.comments.titles import article_of_comment, article_of_feed
from aggregator.ingest.normalise import web_address
from aggregator.ingest.raw import RawEntry, RawFeed, RawText
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
_SENTENCE: Final = re.compile(
    r"""\s*(?:<p\b[^<>]*>\s*)?(?P<before>[^<>]{0,60})
    <a\s[^<>]*?\bhref\s*=\s*["']?(?P<href>[^"'\s<>]*\#comment-(?P<number>\d+))["']?[^<>]*>
    (?P<name>[^<>]*)</a>(?P<after>[^<>\n]{0,60})(?:</p>|<br\s*/?>|\n|\Z)\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST: Final = 2_000
"""Characters in which that sentence must have ended."""

_STOPS: Final = (".", "。", "।", "።")
_GAP: Final = ("[…]", "[...]", "[&hellip;]")
_BOLD_FIRST: Final = re.compile(r"\s*(?:<p>\s*)?<strong>[^<>]+</strong>\s*(?:</p>|<br\s*/?>|\n)")


def recognises(feed: RawFeed, *, url: str) -> bool:  # noqa: ARG001 - as all platforms are asked
    """Tell a feed of WordPress by what it says of itself, or by the addresses of comments."""
    by_itself = "wordpress" in (feed.generator or "").lower()
    return by_itself or any(_is_comment(entry) for entry in feed.entries)


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
    names = {_number(entry): _name(entry) for entry in entries}
    comments = [_comment(entry, url, names) for entry in entries]
    title = line(feed.title)
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


def _comment(entry: RawEntry, url: str, names: dict[str, str]) -> RawComment:
    link = web_address(entry.link, url)
    page = article_page(link)
    stem = _COMMENT.sub("", entry.guid or "")
    answers = [(one, _COMMENT.search(one)) for one in entry.answers]
    in_reply_to = [one for one, of_comment in answers if of_comment]
    of_article = [one for one, of_comment in answers if not of_comment]
    texts = entry.texts
    said = texts[0].value if texts else ""
    if found := _sentence(said, page, url, names):
        texts = tuple(_without_sentence(text) for text in texts)
        if not in_reply_to:
            number, address = found
            in_reply_to = [f"{stem}#comment-{number}"] if stem else []
            in_reply_to.append(address)
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=signed(entry),
        texts=texts,
        published=entry.published,
        updated=entry.updated,
        kind=Kind.PINGBACK if is_ping(said) else Kind.COMMENT,
        in_reply_to=tuple(in_reply_to),
        about=tuple(one for one in (*of_article[:1], stem, page, *of_article[1:]) if one),
        about_title=article_of_comment(line(entry.title), _name(entry)),
    )


def _number(entry: RawEntry) -> str:
    found = _COMMENT.search(entry.guid or "") or _COMMENT.search(entry.link or "")
    return found[1] if found else ""


def _name(entry: RawEntry) -> str:
    return plain_line(signed(entry).name or "")


def _sentence(
    said: str, page: str | None, url: str, names: dict[str, str]
) -> tuple[str, str] | None:
    """Find the number and the address of the comment that an answer begins with.

    It is a line of its own: a few words, a link to a comment of the same page, a full stop;
    and the link is named as who wrote that comment, where it is in the document.
    """
    found = _SENTENCE.match(said, 0, _FIRST)
    if found is None or not found["after"].rstrip().endswith(_STOPS):
        return None
    if not (found["before"] + found["after"].rstrip().rstrip("".join(_STOPS))).strip():
        return None
    address = web_address(unescape(found["href"]), page or url)
    known = names.get(found["number"])
    if address is None or (known and known != plain_line(unescape(found["name"]))):
        return None
    same = page is None or _path(article_page(address)) == _path(page)
    return (found["number"], address) if same else None


def _without_sentence(text: RawText) -> RawText:
    found = _SENTENCE.match(text.value, 0, _FIRST)
    if found is None:
        return text
    opened = "<p>" if found[0].lstrip().startswith("<p") and "</p>" not in found[0] else ""
    return RawText(value=opened + text.value[found.end() :], markup=text.markup, base=text.base)


def _path(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.path.rstrip('/')}?{parts.query}"
