"""A small steady world: an installation with a clock of its own and a web that is scripted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from aggregator.domain.items import EntryRow
from aggregator.domain.polls import RoundSummary
from aggregator.domain.sources import SourceHealth
from aggregator.services import following, listing, polling, sources
from aggregator.services.context import Context
from tests.scripted_server import Answer, ScriptedServer

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class World:
    """One installation; `context` is what its use cases are given."""

    context: Context
    clock: Clock
    web: ScriptedServer
    feeds: Path

    def follow(self, *urls: str, text: str | None = None) -> None:
        """Write a feeds.yaml, of plain addresses or as given, and put it in use."""
        lines = ["sources:", *(f"  - {url}" for url in urls)]
        self.feeds.write_text("\n".join(lines) + "\n" if text is None else text, encoding="utf-8")
        following.refresh(self.context)

    def publish(self, path: str, *items: str) -> str:
        """Have the web give a feed of these items at a path; give its address."""
        return self.web.answer(path, feed(*items))

    def publish_site(self) -> str:
        """Have the web give a site that announces a feed and one of its comments."""
        self.publish("/feed", item(1, "Bonjour"))
        self.web.answer("/comments/feed", feed(item(2), title="Commentaires"))
        links = "".join(
            f'<link rel="alternate" type="application/rss+xml" href="{path}">'
            for path in ("/feed", "/comments/feed")
        )
        return self.web.answer("/", Answer(body=f"<html><head>{links}</head></html>".encode()))

    def poll(self, **hours: float) -> RoundSummary:
        """Let time pass, then run a round."""
        self.clock.go_on(**hours)
        return polling.poll_due(self.context)

    def entries(self, source: str | None = None) -> tuple[EntryRow, ...]:
        return listing.entries(self.context, limit=0, source=source)

    def titles(self) -> list[str]:
        return [entry.title for entry in self.entries()]

    def sources(self) -> tuple[SourceHealth, ...]:
        return sources.list_sources(self.context)

    def with_settings(self, **changed: object) -> "World":
        """Give the same world with other settings."""
        settings = self.context.settings.model_copy(update=changed)
        return replace(self, context=replace(self.context, settings=settings))


def item(number: int, title: str | None = None, *, text: str = "Un texte.", more: str = "") -> str:
    """Write an RSS item of the world; the greater the number the newer."""
    published = NOW - timedelta(days=30) + timedelta(hours=number)
    return (
        f"<item><guid isPermaLink='false'>article-{number}</guid>"
        f"<title>{escape(title or f'Article {number}')}</title>"
        f"<link>http://cwm.example/{number}</link>"
        f"<description>{escape(text)}</description>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S} GMT</pubDate>{more}</item>"
    )


def feed(
    *items: str, title: str = "Le blog de CWM", headers: Sequence[tuple[str, str]] = ()
) -> Answer:
    """Answer with an RSS 2.0 document of these items."""
    document = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
        'xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel>'
        f"<title>{escape(title)}</title><link>http://cwm.example/</link>"
        f"{''.join(items)}</channel></rss>"
    )
    return Answer(
        body=document.encode(), headers=(("Content-Type", "application/rss+xml"), *headers)
    )
