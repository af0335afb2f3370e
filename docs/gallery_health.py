"""A world whose sources are in every state, with their past: what the pages of sources show."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select, update

from aggregator.domain.changes import Changes
from aggregator.domain.sources import SourceId
from aggregator.services import sources
from aggregator.services.context import Context
from aggregator.storage import dialect, entries, tables
from aggregator.storage.engine import Session
from docs.gallery_worlds import NOW, SETTINGS, follow, installation, item

FEEDS: Final = (
    SETTINGS
    + """\
sources:
  - name: Le blog de CWM
    url: https://cwm.example.org/rss
    mine: true
    page: Mon blog
    purpose: répondre aux commentaires
    tags: [blog, communication]
  - name: Magalie – bio et beauté
    url: https://magalie.example.org/rss
    page: Commentateurs
  - name: El annuaire
    url: https://annuaire.example.org/atom
    page: Commentateurs
    purpose: suivre une commentatrice
  - name: Viadeo, hub communication
    url: https://hub.example.org/rss
    page: Réseaux
  - name: Philippe B
    url: https://philippe.example.org/rss
    page: Commentateurs
    every: 2h
    purpose: lire ses outils
  - name: Erick
    url: https://erick.example.org/rss
    page: Commentateurs
  - name: Le journal du community manager
    url: http://journal.example.org/rss
    page: Réseaux
    purpose: préparer la revue du mois
  - name: Presse locale
    url: https://presse.example.org/rss
    page: Réseaux
  - name: Une petite veille de tous les jours, avec un nom qui n’en finit pas
    url: https://petite.example.org/rss
    page: Réseaux
    paused: true
  - name: Page fan
    url: https://fan.example.org/rss
    page: Réseaux
    retired:
      since: 2026-11-01
      why: page fan fermée
  - name: Le blog de CWM (Atom)
    url: https://cwm.example.org/atom
    page: Mon blog
pages:
  - name: Mon blog
  - name: Commentateurs
  - name: Réseaux
"""
)
SAMPLE: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel>
  <title>Le blog de CWM</title>
  <link>https://cwm.example.org/</link>
  <ttl>60</ttl>
  <item>
    <title>Quantité ou qualité ?</title>
    <link>https://cwm.example.org/quantite-ou-qualite</link>
    <description>&lt;p&gt;Mieux vaut &lt;strong&gt;moins&lt;/strong&gt;.&lt;/p&gt;</description>
    <slash:comments>12</slash:comments>
  </item>
"""


def ago(**time: float) -> datetime:
    """Give a moment before now."""
    return NOW - timedelta(**time)


WELL: Final[Mapping[str, Any]] = {
    "http_status": 200,
    "last_took_ms": 140,
    "counted_since": ago(days=140),
    "last_polled_at": ago(minutes=4),
    "last_success_at": ago(minutes=4),
    "next_poll_at": NOW + timedelta(minutes=56),
    "next_because": "default",
}
STATES: Final[Mapping[str, Mapping[str, Any]]] = {
    "https://cwm.example.org/rss": {
        "feed_url": "https://cwm.example.org/rss",
        "next_because": "ttl",
        "hints": {"ttl_s": 3600, "skip_hours": [0, 1, 2, 3, 4], "skip_days": [6]},
        "fresh_s": 900,
        "remarks": [
            "2 entries have no date: the moment they were first seen stands in.",
            "The encoding that is declared (ISO-8859-1) is not the one that is used (UTF-8).",
        ],
    },
    "https://magalie.example.org/rss": {
        "usual_gap_s": 3 * 24 * 3600,
        "dormant_from": ago(days=200),
        "next_because": "quiet",
        "next_poll_at": NOW + timedelta(hours=19),
    },
    "https://annuaire.example.org/atom": {
        "http_status": 404,
        "fault_code": "http-404",
        "fault_params": {},
        "failures": 9,
        "failing_since": ago(days=2, hours=3),
        "last_polled_at": ago(hours=1),
        "last_success_at": ago(days=2, hours=5),
        "next_poll_at": NOW + timedelta(hours=6),
        "next_because": "failures",
        "usual_gap_s": 9 * 24 * 3600,
    },
    "https://hub.example.org/rss": {
        "http_status": 410,
        "fault_code": "http-410",
        "fault_params": {},
        "failures": 2,
        "failing_since": ago(days=11),
        "last_polled_at": ago(days=10),
        "last_success_at": ago(days=12),
        "next_poll_at": None,
        "next_because": "gone",
    },
    "https://philippe.example.org/rss": {"last_took_ms": 14_200, "next_because": "wish"},
    "https://erick.example.org/rss": {
        "http_status": None,
        "last_took_ms": None,
        "last_polled_at": None,
        "last_success_at": None,
        "next_because": None,
        "next_poll_at": NOW + timedelta(minutes=2),
    },
    "http://journal.example.org/rss": {
        "moved_to": "https://journal.example.org/flux/rss",
        "moved_polls": 4,
        "moved_since": ago(days=9),
        "usual_gap_s": 30 * 3600,
    },
    "https://presse.example.org/rss": {
        "http_status": None,
        "fault_code": "dns-failed",
        "fault_params": {"host": "presse.example.org"},
        "failures": 52,
        "failing_since": ago(days=43),
        "last_polled_at": ago(hours=13),
        "last_success_at": ago(days=44),
        "next_poll_at": NOW + timedelta(hours=11),
        "next_because": "failures",
    },
    "https://cwm.example.org/atom": {
        "fault_code": "same-feed",
        "fault_params": {"name": "Le blog de CWM", "url": "https://cwm.example.org/rss"},
        "failing_since": ago(days=20),
        "last_polled_at": ago(days=20),
        "last_success_at": None,
        "next_because": "duplicate",
        "next_poll_at": None,
    },
}
PUBLISHED: Final[Mapping[str, Sequence[float]]] = {
    "https://cwm.example.org/rss": [d * 2.4 for d in range(60)],
    "https://magalie.example.org/rss": [228 + d * 3 for d in range(9)],
    "https://annuaire.example.org/atom": [3 + d * 9 for d in range(14)],
    "https://hub.example.org/rss": [13 + d * 5 for d in range(20)],
    "https://philippe.example.org/rss": [1 + d * 6.5 for d in range(24)],
    "http://journal.example.org/rss": [0.4 + d * 1.3 for d in range(110)],
    "https://presse.example.org/rss": [45 + d * 2 for d in range(40)],
    "https://petite.example.org/rss": [8 + d * 1.1 for d in range(30)],
    "https://fan.example.org/rss": [30 + d * 4 for d in range(12)],
}
PROPOSED: Final = (
    (
        "http://journal.example.org/rss",
        "moved",
        "https://journal.example.org/flux/rss",
        None,
        9,
    ),
    (
        "https://annuaire.example.org/atom",
        "found",
        "https://annuaire.example.org/feed/",
        "El annuaire, le carnet",
        1,
    ),
)


@contextmanager
def ailing(folder: Path) -> Iterator[Context]:
    """Open an installation whose sources are in every state."""
    with installation(folder) as context:
        follow(context, FEEDS)
        ids = {one.url: one.id for one in sources.list_sources(context)}
        with context.database.write() as session:
            for url, source_id in ids.items():
                _remember(session, source_id, url)
            _propose(session, ids)
            _comments(session, ids["https://cwm.example.org/rss"])
        yield context


def _remember(session: Session, source_id: SourceId, url: str) -> None:
    """Give a source its entries, its state and its last polls."""
    days = PUBLISHED.get(url, ())
    page_id = session.execute(
        select(tables.sources.c.page_id).where(tables.sources.c.id == source_id)
    ).scalar_one()
    items = tuple(
        replace(
            item(number, "fr", f"Billet du {ago(days=day):%d/%m}", "<p>Texte.</p>"),
            key=f"{source_id}-{number}",
            published_at=ago(days=day),
        )
        for number, day in enumerate(days)
    )
    for one in items:
        ids = entries.apply(
            session,
            source_id=source_id,
            page_id=page_id,
            changes=Changes(new=(one,), altered=()),
            now=one.published_at or NOW,
            rules=1,
        )
        dialect.index(session, ids)
    state = {
        "site_url": url.rsplit("/", 1)[0] + "/",
        "last_new_at": ago(days=min(days)) if days else None,
        **WELL,
        **STATES.get(url, {}),
    }
    here = tables.sources.c.id == source_id
    session.execute(update(tables.sources).where(here).values(**state))
    if polls := list(_polls(source_id, state)):
        session.execute(tables.polls.insert(), polls)
    if url == "https://cwm.example.org/rss":
        _opened(session, source_id)
        session.execute(
            tables.samples.insert().values(
                source_id=source_id,
                fetched_at=ago(minutes=4),
                url=url,
                content_type="application/rss+xml; charset=utf-8",
                size=48_211,
                body=SAMPLE.encode(),
            )
        )


def _opened(session: Session, source_id: SourceId) -> None:
    table = tables.entries
    mine = select(table.c.id).where(table.c.source_id == source_id)
    ids = session.execute(mine.order_by(table.c.published_at.desc()).limit(14)).scalars().all()
    session.execute(
        update(table).where(table.c.id.in_(ids)).values(opened_at=ago(days=1), read=True)
    )
    session.execute(update(table).where(table.c.id.in_(ids[:3])).values(starred=True))


def _polls(source_id: SourceId, state: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Make the last polls that led to a state."""
    last_at: datetime | None = state["last_polled_at"]
    failing_since: datetime | None = state.get("failing_since")
    if last_at is None:
        return
    for number in range(34):
        at = last_at - timedelta(hours=6 * number if failing_since else number)
        failed = failing_since is not None and at >= failing_since
        brought = not failed and number % 9 == 4
        slow = (state.get("last_took_ms") or 140) > 10_000
        yield {
            "source_id": source_id,
            "polled_at": at,
            "outcome": "failed" if failed else "changed" if brought else "unchanged",
            "http_status": state["http_status"] if failed else 200 if brought else 304,
            "fault_code": state["fault_code"] if failed else None,
            "fault_params": state["fault_params"] if failed else None,
            "bytes_received": 0 if failed or not brought else 48_211,
            "took_ms": (9_000 if slow else 120) + 37 * (number * 7 % 11) * (30 if slow else 1),
            "entries_new": 1 + number % 2 if brought else 0,
            "entries_changed": 1 if number % 18 == 4 and brought else 0,
        }


def _propose(session: Session, ids: Mapping[str, SourceId]) -> None:
    for url, kind, to, title, days in PROPOSED:
        session.execute(
            tables.proposals.insert().values(
                source_id=ids[url], kind=kind, url=to, title=title, found_at=ago(days=days)
            )
        )


def _comments(session: Session, source_id: SourceId) -> None:
    feed = {
        "source_id": source_id,
        "url": "https://cwm.example.org/comments/feed",
        "origin": "announced",
        "others": [],
        "host": "cwm.example.org",
        "asked_for": [],
        "last_polled_at": ago(minutes=9),
        "last_success_at": ago(minutes=9),
        "next_poll_at": NOW + timedelta(minutes=21),
    }
    session.execute(tables.comment_feeds.insert().values(feed))


def weeks(days: Sequence[float]) -> list[tuple[date, int]]:
    """Count days ago by week."""
    first = (NOW - timedelta(days=NOW.weekday())).date()
    return [
        (
            start := first - timedelta(weeks=25 - number),
            sum(start <= ago(days=day).date() < start + timedelta(days=7) for day in days),
        )
        for number in range(26)
    ]
