"""Comment feeds for tests: written as WordPress writes them, under the articles of the world."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from tests.scripted_server import Answer
from tests.world import NOW


def said(
    number: int,
    *,
    under: int = 1,
    author: str = "Magalie",
    text: str = "Bonjour !",
    at: datetime | None = None,
) -> str:
    """Write a comment under an article of the world; the greater the number the newer."""
    published = at or NOW - timedelta(days=3) + timedelta(minutes=number)
    return (
        f"<item><title>Comment on Article {under} by {escape(author)}</title>"
        f"<link>http://cwm.example/{under}#comment-{number}</link>"
        f"<guid isPermaLink='false'>http://cwm.example/?p={under}#comment-{number}</guid>"
        f"<dc:creator>{escape(author)}</dc:creator>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        f"<description>{escape(text)}</description></item>"
    )


def comments(
    *items: str, headers: Sequence[tuple[str, str]] = (), next_url: str | None = None
) -> Answer:
    """Answer with a feed of these comments, the newest first as they are given."""
    more = f"<atom:link rel='next' href='{escape(next_url)}'/>" if next_url else ""
    document = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">'
        "<channel><title>Comments for Le blog de CWM</title><link>http://cwm.example/</link>"
        f"{more}{''.join(items)}</channel></rss>"
    )
    return Answer(
        body=document.encode(), headers=(("Content-Type", "application/rss+xml"), *headers)
    )


def announced(url: str) -> str:
    """Announce a feed of comments: within an item of its article, beside them of the site."""
    return f"<wfw:commentRss>{escape(url)}</wfw:commentRss>"


def counted(count: int) -> str:
    """Announce how many comments an article has."""
    return f"<slash:comments>{count}</slash:comments>"
