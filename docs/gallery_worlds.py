"""The worlds that the gallery shows: each an installation in a folder of its own, at rest."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aggregator.domain.boards import Act
from aggregator.domain.changes import Changes
from aggregator.domain.items import EntryId, Item
from aggregator.sample_web.server import serve as serve_sample_web
from aggregator.sample_web.web import SampleWeb
from aggregator.services import door, following, icons, listing, polling, reading, sources
from aggregator.services.context import Context
from aggregator.settings import Settings
from aggregator.storage import dialect, entries
from aggregator.wiring import assembled

OPENED_AT: Final = datetime(2026, 11, 25, 8, 56, tzinfo=UTC)
NOW: Final = OPENED_AT + timedelta(minutes=4)
MANY: Final = 300
SETTINGS: Final = "settings:\n  language: fr\n  timezone: Europe/Paris\n"
LONG_TITLE: Final = "Un titre qui ne veut pas finir, et qui le fait savoir. " * 190
STRANGE: Final = (
    ("ar", "كيف نستمع إلى من يكتب لنا", "<p>مرحبا بكم في مدونتنا. نكتب هنا عن الاستماع.</p>" * 6),
    ("de", "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3, "<p>Lang.</p>"),
    ("fr", LONG_TITLE, "<p>Le titre dit tout.</p>"),
    ("fr", "Un lien", f"<p>https://example.org/{'tres-long-' * 40}</p><pre>{'code ' * 80}</pre>"),
    ("en", "<b>Not bold</b> & \u202eright to left", "<p>Plain.</p>"),
)


@contextmanager
def demo(folder: Path) -> Iterator[Context]:
    """Open the sample web as it is read after four minutes."""
    web = SampleWeb(
        now=lambda: NOW, started_at=OPENED_AT, recovers_after=timedelta(days=1), slow_s=0
    )
    with serve_sample_web(web) as sample, installation(folder) as context:
        follow(context, sample.feeds_yaml("fr"))
        polling.poll_due(context)
        while icons.look(context):
            pass
        newest = listing.entries(context, limit=0)
        reading.act(context, Act.READ, [row.id for row in newest[3::2]])
        reading.act(context, Act.STAR, [row.id for row in newest[1:4]])
        yield context


@contextmanager
def stale(folder: Path) -> Iterator[Context]:
    """Open the same when its poller has stopped a day ago."""
    with demo(folder) as context:
        yield replace(context, clock=lambda: NOW + timedelta(days=1))


@contextmanager
def quiet(folder: Path) -> Iterator[Context]:
    """Open the same with nothing left to read."""
    with demo(folder) as context:
        reading.act(context, Act.READ, [row.id for row in listing.entries(context, limit=0)])
        yield context


@contextmanager
def broken(folder: Path) -> Iterator[Context]:
    """Open the same after a bad edit of feeds.yaml."""
    with demo(folder) as context:
        path = context.settings.feeds_path
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("name:", "nom:", 1), encoding="utf-8")
        following.refresh(context)
        yield context


@contextmanager
def unread(folder: Path) -> Iterator[Context]:
    """Open a list of which nothing was read yet: all is loading."""
    web = SampleWeb(now=lambda: NOW, started_at=OPENED_AT)
    with serve_sample_web(web) as sample, installation(folder) as context:
        follow(context, sample.feeds_yaml("fr"))
        yield context


@contextmanager
def nothing(folder: Path) -> Iterator[Context]:
    """Open an installation without a feeds.yaml."""
    with installation(folder) as context:
        yield context


@contextmanager
def locked(folder: Path) -> Iterator[Context]:
    """Open one with a password."""
    with demo(folder) as context:
        door.set_password(context, "un mot de passe assez long")
        yield context


@contextmanager
def many(folder: Path) -> Iterator[Context]:
    """Open a list of three hundred sources."""
    with installation(folder) as context:
        urls = "".join(f"  - https://blog-{number}.example.org/flux\n" for number in range(MANY))
        follow(context, f"{SETTINGS}sources:\n{urls}")
        for source in sources.list_sources(context)[:24]:
            write(context, source.url, [("fr", f"Billet {n}", "<p>Texte.</p>") for n in range(9)])
        yield context


@contextmanager
def strange(folder: Path) -> Iterator[Context]:
    """Open one whose articles have all that a layout fears."""
    with installation(folder) as context:
        name = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik" * 2
        text = (
            f"sources:\n  - name: {name}\n    url: https://a.example.org/rss\n"
            "  - https://b.example.org/rss\n"
        )
        follow(context, SETTINGS + text)
        for source in sources.list_sources(context):
            write(context, source.url, STRANGE)
        yield context


@contextmanager
def installation(folder: Path) -> Iterator[Context]:
    """Open a new installation at a fixed moment."""
    settings = Settings(data=folder, feeds=folder / "feeds.yaml", allow_private=("127.0.0.1",))
    with assembled(settings) as context:
        yield replace(context, clock=lambda: NOW)


def follow(context: Context, text: str) -> None:
    """Write a feeds.yaml and put it in use."""
    context.settings.feeds_path.write_text(text, encoding="utf-8")
    following.refresh(context)


def write(context: Context, url: str, articles: Sequence[tuple[str, str, str]]) -> None:
    """Store articles (language, title, safe HTML) of a source, the last the newest."""
    (source,) = (one for one in sources.list_sources(context) if one.url == url)
    items = tuple(item(number, *article) for number, article in enumerate(articles))
    with context.database.write() as session:
        ids = entries.apply(
            session,
            source_id=source.id,
            page_id=source.page_id,
            changes=Changes(new=items, altered=()),
            now=NOW,
            rules=1,
        )
        dialect.index(session, ids)


def item(number: int, language: str, title: str, content_html: str) -> Item:
    """Make an article."""
    return Item(
        key=f"key-{number}",
        title=title,
        url=f"https://example.org/{number}",
        authors=(),
        published_at=NOW - timedelta(hours=40 - number),
        updated_at=None,
        content_html=content_html,
        text=title[:500],
        categories=(),
        enclosures=(),
        language=language,
        comments_url=None,
        comments_feed_url=None,
        comment_count=None,
        fingerprint=f"fingerprint-{number}",
    )


def entry_with(context: Context, words: str) -> EntryId:
    """Find the entry whose title holds these words."""
    return next(row.id for row in listing.entries(context, limit=0) if words in row.title)
