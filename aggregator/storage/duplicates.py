"""Sources that are one feed: the first in feeds.yaml is polled, the others stand back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, select, update

from aggregator.domain.schedule import Because
from aggregator.domain.sources import SourceId
from aggregator.storage.engine import Session
from aggregator.storage.tables import sources

SAME_FEED: Final = "same-feed"
"""The code of `domain.faults` that is told of them."""

_polled_at: Final = func.coalesce(sources.c.feed_url, sources.c.url)


def _followed() -> Select[Any]:
    """Select those that are followed, in the order of feeds.yaml."""
    named = func.coalesce(sources.c.name, sources.c.title, sources.c.host).label("name")
    return (
        select(
            *(sources.c.id, named, sources.c.position, sources.c.next_because),
            _polled_at.label("feed_url"),
        )
        .where(sources.c.listed, ~sources.c.paused, sources.c.retired_since.is_(None))
        .order_by(sources.c.position)
    )


def before(session: Session, source_id: SourceId, feed_url: str) -> str | None:
    """Name the source that stands before one in feeds.yaml and is polled at this address."""
    place = select(sources.c.position).where(sources.c.id == source_id).scalar_subquery()
    query = _followed().where(
        _polled_at == feed_url, sources.c.position < place, sources.c.id != source_id
    )
    row = session.execute(query.limit(1)).first()
    return row.name if row is not None else None


def stand_back(session: Session, feed_urls: Collection[str], *, at: datetime) -> int:
    """Have of the sources polled at each address the first one polled alone; tell how many not."""
    firsts: dict[str, Row[Any]] = {}
    count = 0
    for row in session.execute(_followed().where(_polled_at.in_(feed_urls))):
        first = firsts.setdefault(row.feed_url, row)
        if first is not row and row.next_because != Because.DUPLICATE:
            told = {"name": first.name, "url": row.feed_url}
            session.execute(_marking(row.id, told).values(failing_since=at))
            count += 1
    return count


def _marking(source_id: SourceId, told: dict[str, str]) -> Any:
    return (
        update(sources)
        .where(sources.c.id == source_id)
        .values(
            fault_code=SAME_FEED,
            fault_params=told,
            next_poll_at=None,
            next_because=Because.DUPLICATE.value,
        )
    )


def come_forward(session: Session, *, at: datetime) -> None:
    """Plan those again that stood back for a source which gives way.

    It is followed no more, stands later, or is asked at another address.
    """
    query = select(sources.c.id, sources.c.fault_params).where(
        sources.c.listed, sources.c.next_because == Because.DUPLICATE.value
    )
    for source_id, told in session.execute(query).all():
        if before(session, source_id, (told or {}).get("url", "")) is None:
            session.execute(
                update(sources)
                .where(sources.c.id == source_id)
                .values(
                    fault_code=None,
                    fault_params=None,
                    failing_since=None,
                    next_poll_at=at,
                    next_because=None,
                )
            )
