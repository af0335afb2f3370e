"""All sources in a few strokes: just what decides which are listed, and in which order."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import func, select

from aggregator.domain.overview import Sketch
from aggregator.domain.sources import SLOW_MS, SourceId, state_when
from aggregator.storage import health
from aggregator.storage.dialect import seconds
from aggregator.storage.engine import Session
from aggregator.storage.tables import pages, sources

_FOLLOWED: Final = (sources.c.listed, sources.c.retired_since.is_(None))


def sketches(
    session: Session, *, now: datetime, since: datetime, with_arrived: bool
) -> tuple[Sketch, ...]:
    """Sketch every listed source in the order of feeds.yaml.

    `since` is from when on use is counted; what arrived is, where it is asked for.
    """
    return tuple(_sketched(session, now, since, with_arrived=with_arrived))


def _sketched(
    session: Session, now: datetime, since: datetime, *, with_arrived: bool
) -> Iterator[Sketch]:
    arrived = health.count_arrived(session, since=since) if with_arrived else {}
    opened = health.count_opened(session, since=since)
    starred = health.count_starred(session, since=since, where=health.not_opened_since(since))
    # Whole seconds and flags: a moment of every source would take longer than all the rest.
    query = (
        select(
            sources.c.id,
            func.coalesce(sources.c.name, sources.c.title, sources.c.host),
            sources.c.retired_since.is_not(None),
            sources.c.paused,
            sources.c.fault_code,
            sources.c.last_success_at.is_not(None),
            sources.c.last_took_ms > SLOW_MS,
            sources.c.dormant_from <= now,
            seconds(sources.c.failing_since),
            sources.c.next_because,
            sources.c.purpose.is_not(None),
            seconds(sources.c.counted_since),
            health.POLLED,
            sources.c.body_hash,
        )
        .join(pages, pages.c.id == sources.c.page_id)
        .where(sources.c.listed)
        .order_by(pages.c.position, sources.c.position)
    )
    doubled_urls, doubled_bodies = _doubled(session)
    for row in session.execute(query):
        state = state_when(
            retired=row[2],
            paused=row[3],
            fault_code=row[4],
            ever_read=row[5],
            slow=bool(row[6]),
            asleep=bool(row[7]),
        )
        yield Sketch(
            id=SourceId(row[0]),
            name=row[1],
            state=state,
            failing_since=_moment(row[8]),
            because=row[9],
            duplicate=row[12] in doubled_urls or row[13] in doubled_bodies,
            has_purpose=row[10],
            arrived=arrived.get(row[0], 0),
            used=opened.get(row[0], 0) + starred.get(row[0], 0),
            counted_since=_moment(row[11]),
        )


def _doubled(session: Session) -> tuple[set[str], set[bytes]]:
    """Find the addresses and the bodies that more than one followed source has."""
    urls = select(health.POLLED).where(*_FOLLOWED).group_by(health.POLLED).having(func.count() > 1)
    bodies = (
        select(sources.c.body_hash)
        .where(*_FOLLOWED, sources.c.body_hash.is_not(None))
        .group_by(sources.c.body_hash)
        .having(func.count() > 1)
    )
    return set(session.execute(urls).scalars()), set(session.execute(bodies).scalars())


def _moment(at_s: int | None) -> datetime | None:
    return None if at_s is None else datetime.fromtimestamp(at_s, UTC)
