"""The small steady world of the dashboard's tests: six sources, three pages, a fixed moment."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select, update

from aggregator.domain.changes import Changes
from aggregator.domain.items import Author, Enclosure, EntryId, Item
from aggregator.domain.sources import PageId, SourceId
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.settings import Settings
from aggregator.storage import dialect, entries, tables
from aggregator.storage.engine import Session
from aggregator.wiring import assembled

NOW: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

FEEDS: Final = """\
me:
  names: [CWM]
  sites: ["https://cwm.example.org/"]
  emails: ["cwm@example.org"]
settings:
  language: en
  timezone: Europe/Paris
sources:
  - name: Le blog de CWM
    url: https://cwm.example.org/rss
    mine: true
    page: Veille
  - name: Magalie
    url: https://magalie.example.org/rss
    page: Veille
  - name: El annuaire
    url: https://annuaire.example.org/atom
    page: Veille
  - name: Erick
    url: https://erick.example.org/rss
    page: Veille
  - name: Philippe B
    url: https://philippe.example.org/rss
    page: Blogs
  - name: Rival
    url: https://rival.example.org/rss
    page: Concurrents
pages:
  - name: Veille
  - name: Blogs
    columns: 2
  - name: Concurrents
    hidden: true
"""

ARTICLE: Final = (
    '<p>Mieux vaut <strong>moins</strong>.</p><p><img data-src="https://cwm.example.org/a.png" '
    'alt="un dessin" loading="lazy" referrerpolicy="no-referrer"></p>'
    '<p><a href="https://example.org/" rel="noopener noreferrer nofollow">une adresse</a></p>'
)
TITLES: Final = {
    "Le blog de CWM": [f"Billet {number}" for number in range(1, 10)] + ["Quantité ou qualité ?"],
    "Magalie": ["Trois huiles pour l’hiver", "<script>alert('titre')</script>"],
    "El annuaire": ["Les gagnants de septembre"],
    "Erick": [],
    "Philippe B": ["Mon outil préféré sur le web"],
    "Rival": ["Un secret de concurrent"],
}
FAILING: Final[Mapping[str, Any]] = {
    "http_status": 404,
    "fault_code": "http-404",
    "fault_params": {},
    "failures": 3,
    "failing_since": NOW - timedelta(days=2),
    "last_polled_at": NOW - timedelta(hours=1),
    "last_success_at": NOW - timedelta(days=3),
    "next_poll_at": NOW + timedelta(hours=6),
}
WELL: Final[Mapping[str, Any]] = {
    "http_status": 200,
    "last_took_ms": 120,
    "last_polled_at": NOW - timedelta(minutes=4),
    "last_success_at": NOW - timedelta(minutes=4),
    "next_poll_at": NOW + timedelta(minutes=56),
}
STATES: Final[Mapping[str, Mapping[str, Any]]] = {
    "El annuaire": FAILING,
    "Erick": {"next_poll_at": NOW + timedelta(minutes=2)},
}


@contextmanager
def opened(folder: Path) -> Iterator[Context]:
    """Open the world of a folder at its fixed moment; a new one is empty."""
    settings = Settings(data=folder, feeds=folder / "feeds.yaml")
    with assembled(settings) as context:
        yield replace(context, clock=lambda: NOW)


@contextmanager
def steady_world(folder: Path, *, feeds: str = FEEDS) -> Iterator[Context]:
    """Fill a world of its own."""
    with opened(folder) as context:
        context.settings.feeds_path.write_text(feeds, encoding="utf-8")
        following.refresh(context)
        _fill(context)
        yield context


@contextmanager
def copied(made: Path, folder: Path) -> Iterator[Context]:
    """Open a copy of a world that was filled before; it still follows the file of that one."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    with opened(folder) as context:
        yield context


def _fill(context: Context) -> None:
    with context.database.write() as session:
        found = session.execute(
            select(tables.sources.c.id, tables.sources.c.page_id, tables.sources.c.name)
        ).all()
        for source in found:
            items = tuple(_item(source.name, number) for number in range(len(TITLES[source.name])))
            _store(session, source.id, source.page_id, items)
            session.execute(
                update(tables.sources)
                .where(tables.sources.c.id == source.id)
                .values(
                    site_url=f"https://{source.id}.example.org/",
                    **STATES.get(source.name, WELL),
                )
            )


def _store(
    session: Session, source_id: SourceId, page_id: PageId, items: tuple[Item, ...]
) -> None:
    ids = entries.apply(
        session,
        source_id=source_id,
        page_id=page_id,
        changes=Changes(new=items, altered=()),
        now=NOW,
        rules=1,
    )
    dialect.index(session, ids)


def publish(context: Context, source_name: str, *titles: str) -> None:
    """Have entries come to a source now, as a poll would."""
    with context.database.write() as session:
        source = session.execute(
            select(tables.sources.c.id, tables.sources.c.page_id).where(
                tables.sources.c.name == source_name
            )
        ).one()
        items = tuple(
            replace(
                _item(source_name, 0, title),
                key=f"new-{title}",
                published_at=NOW - timedelta(minutes=len(titles) - number),
            )
            for number, title in enumerate(titles)
        )
        _store(session, source.id, source.page_id, items)
    set_source(context, source_name, **WELL)


def set_source(context: Context, source_name: str, **values: Any) -> None:
    """Have a source do otherwise."""
    with context.database.write() as session:
        here = tables.sources.c.name == source_name
        session.execute(update(tables.sources).where(here).values(**values))


def _item(source: str, number: int, title: str | None = None) -> Item:
    titles = TITLES.get(source, [])
    title = title or titles[number]
    published_at = NOW - timedelta(hours=3 * (len(titles) - number))
    return Item(
        key=f"key-{number}",
        title=title,
        url=f"https://example.org/{number}",
        authors=(Author(name="CWM", url="https://cwm.example.org/"),),
        published_at=published_at,
        updated_at=None,
        content_html=ARTICLE,
        text=f"Mieux vaut moins, dit {source}.",
        categories=("métier",),
        enclosures=_enclosures(title),
        language="fr",
        comments_url="https://example.org/#comments",
        comments_feed_url=None,
        comment_count=10 if title.startswith("Quantité") else None,
        fingerprint=f"{source}-{number}",
    )


def _enclosures(title: str) -> tuple[Enclosure, ...]:
    if not title.startswith("Quantité"):
        return ()
    url = "https://cwm.example.org/son/episode.mp3"
    return (Enclosure(url=url, media_type="audio/mpeg", length_bytes=12_300_000),)


def entry_id(context: Context, title: str) -> EntryId:
    """Find an entry by its title."""
    with context.database.read() as session:
        wanted = select(tables.entries.c.id).where(tables.entries.c.title == title)
        return EntryId(session.execute(wanted).scalar_one())
