"""The feeds that a web page announces, the one to follow first."""

import re
from typing import Final
from urllib.parse import urlsplit

from lxml import etree, html

from aggregator.domain.items import FeedLink, WebPage
from aggregator.ingest import icons
from aggregator.ingest.normalise import web_address
from aggregator.ingest.sanitise import plain_line

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_FEEDS: Final = 50

_TYPES: Final = frozenset(
    f"{kind}/{prefix}{name}"
    for kind in ("application", "text")
    for prefix in ("", "x-")
    for name in (
        "rss+xml",
        "atom+xml",
        "rdf+xml",
        "feed+json",
        "json",
        "xml",
        "rss",
        "atom",
        "rdf",
    )
)
_COMMENTS: Final = re.compile(
    r"/comments?\b|/commentaires?\b|wp-commentsrss2|feed=comments|feed=\w+&p=\d", re.IGNORECASE
)
_COMMENTS_TITLE: Final = re.compile(
    r"\b(?:comments|comment feed|commentaires|kommentare?|comentarios|comentários)\b|コメント",
    re.IGNORECASE,
)
_SITE_COMMENTS: Final = re.compile(
    r"^/(?:comments|feeds/comments)/|/feed/\w+/comments/?$|feed=comments", re.IGNORECASE
)
_PART: Final = re.compile(
    r"/(?:categor\w+|tags?|labels?|author|topics?|rubriques?)/|/-/|\b(?:cat|tag)=", re.IGNORECASE
)
_FEED_OF: Final = re.compile(r"/feed(?:/(?:atom|rss2?|rdf))?/?$", re.IGNORECASE)
_SITE, _PART_OF_SITE, _COMMENTS_OF_SITE, _COMMENTS_OF_POST = range(4)


def read_page(body: bytes, *, url: str) -> WebPage:
    """Read the page that came from `url`; `body` is UTF-8."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    try:
        page = html.document_fromstring(body[:MOST_BYTES], parser=parser)
    except (etree.LxmlError, ValueError):
        return WebPage(title=None, feeds=())
    base = web_address(page.xpath("string(//base/@href)"), url) or url
    own = url
    found: dict[str, FeedLink] = {}
    for link in page.iter("link"):
        relations = link.get("rel", "").lower().split()
        address = web_address(link.get("href"), base)
        if address and "canonical" in relations:
            own = address
        elif address and address not in found and _is_feed(link, relations, address):
            found[address] = FeedLink(
                url=address,
                media_type=_media_type(link) or None,
                title=plain_line(link.get("title", "")) or None,
            )
    feeds = ranked(tuple(found.values())[:MOST_FEEDS], own)
    return WebPage(
        title=plain_line(page.findtext(".//title") or "") or None,
        feeds=feeds,
        comments_feed_url=comments_of_site(feeds),
        icon=icons.announced(page, base),
    )


def ranked(feeds: tuple[FeedLink, ...], page_url: str) -> tuple[FeedLink, ...]:
    """Order the feeds of a page: the site's, its parts', its comments, one post's comments.

    WordPress announces a post's comments as `<post>/feed/`, beside the feed of the whole site.
    """
    own = urlsplit(page_url).path.rstrip("/")
    about = {feed.url: _FEED_OF.sub("", urlsplit(feed.url).path) for feed in feeds}

    def kind(feed: FeedLink) -> int:
        where = feed.url.partition("//")[2].partition("/")[2]
        path = about[feed.url]
        if own and path == own and any(own.startswith(f"{other}/") for other in about.values()):
            return _COMMENTS_OF_POST
        if is_of_comments(feed.url, feed.title):
            return _COMMENTS_OF_SITE if _SITE_COMMENTS.search(f"/{where}") else _COMMENTS_OF_POST
        return _PART_OF_SITE if _PART.search(f"/{where}") else _SITE

    return tuple(sorted(feeds, key=kind))


def comments_of_site(feeds: tuple[FeedLink, ...]) -> str | None:
    """Find the feed of all comments of a site among those that a page of it announces.

    By the form of its address, or because it stands beside the feed of the articles.
    """
    articles = [feed.url for feed in feeds if not is_of_comments(feed.url, feed.title)]
    beside = articles[0].rpartition("/")[0] if articles else None
    for feed in feeds:
        where = feed.url.partition("//")[2].partition("/")[2]
        if is_of_comments(feed.url, feed.title) and (
            _SITE_COMMENTS.search(f"/{where}") or feed.url.rpartition("/")[0] == beside
        ):
            return feed.url
    return None


def is_of_comments(url: str, title: str | None) -> bool:
    """Tell by its address and title whether a feed is one of comments, not of articles."""
    where = url.partition("//")[2].partition("/")[2]
    return bool(_COMMENTS.search(f"/{where}") or _COMMENTS_TITLE.search(title or ""))


def _is_feed(link: html.HtmlElement, relations: list[str], address: str) -> bool:
    if "feed" in relations:
        return True
    # WordPress announces its programming interface in the same way
    is_interface = "/wp-json/" in address or "rest_route=" in address
    return "alternate" in relations and _media_type(link) in _TYPES and not is_interface


def _media_type(link: html.HtmlElement) -> str:
    return link.get("type", "").partition(";")[0].strip().lower()
