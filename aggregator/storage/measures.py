"""What /metrics measures: how much is due, stored and taken, each in a quick query."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, text

from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, sources, threads, tombstones


def amounts(session: Session, *, now: datetime) -> dict[str, int]:
    """Measure what is stored and what is to be polled, by the names of `Measures`."""
    queries = {
        "entries": select(func.coalesce(func.sum(sources.c.entry_count), 0)),
        "unread": select(func.coalesce(func.sum(sources.c.unread_count), 0)).where(
            sources.c.listed
        ),
        "comments": select(func.coalesce(func.sum(threads.c.comment_count), 0)),
        "waiting": select(func.coalesce(func.sum(sources.c.waiting_count), 0)).where(
            sources.c.listed
        ),
        "tombstones": select(func.count()).select_from(tombstones),
        "sources_due": select(func.count()).where(_polled(), _is_due(sources, now)),
        "sources_claimed": select(func.count()).where(_is_claimed(sources, now)),
        "comment_feeds_due": select(func.count())
        .select_from(comment_feeds.join(sources))
        .where(comment_feeds.c.wanted, _polled(), _is_due(comment_feeds, now)),
        "comment_feeds_claimed": select(func.count()).where(_is_claimed(comment_feeds, now)),
    }
    return {name: session.execute(query).scalar_one() for name, query in queries.items()}


def longest_due(session: Session, *, now: datetime) -> datetime | None:
    """Tell since when the source has been due that waits longest, None where none is due."""
    query = select(func.min(sources.c.next_poll_at)).where(_polled(), _is_due(sources, now))
    moment: datetime | None = session.execute(query).scalar()
    return moment


def space(session: Session) -> tuple[int, int]:
    """Tell how many bytes the database takes, and how many of them are empty."""
    pages, free, size = (
        int(session.execute(text(f"PRAGMA {name}")).scalar_one())
        for name in ("page_count", "freelist_count", "page_size")
    )
    return pages * size, free * size


def latest_poll(session: Session) -> datetime | None:
    """Tell when a source was polled last, by the clock of whoever did it."""
    moment: datetime | None = session.execute(select(func.max(sources.c.last_polled_at))).scalar()
    return moment


def _polled() -> ColumnElement[bool]:
    return and_(sources.c.listed, ~sources.c.paused, sources.c.retired_since.is_(None))


def _is_due(table: Table, now: datetime) -> ColumnElement[Any]:
    """Say that a row is due and nobody polls it yet."""
    free = or_(table.c.claimed_until.is_(None), table.c.claimed_until <= now)
    return and_(table.c.next_poll_at <= now, free)


def _is_claimed(table: Table, now: datetime) -> ColumnElement[Any]:
    return table.c.claimed_until > now
