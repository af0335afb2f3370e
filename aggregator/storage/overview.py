"""All sources in a few strokes: just what decides which are listed, and in which order."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from aggregator.domain.overview import Sketch
from aggregator.domain.sources import SLOW_MS, SourceId, state_when
from aggregator.storage.dialect import seconds
from aggregator.storage.engine import Session
from aggregator.storage.health import POLLED
from aggregator.storage.tables import pages, sources
from aggregator.storage.use import Tally

_FOLLOWED: Final = (sources.c.listed, sources.c.retired_since.is_(None))
_DOUBLED_URLS: Final = select(POLLED).where(*_FOLLOWED).group_by(POLLED).having(func.count() > 1)
_DOUBLED_BODIES: Final = (
    select(sources.c.body_hash)
    .where(*_FOLLOWED, sources.c.body_hash.is_not(None))
    .group_by(sources.c.body_hash)
    .having(func.count() > 1)
)
# Whole seconds and flags: a moment of every source would take longer than all the rest.
_SKETCHES: Final = (
    select(
        sources.c.id,
        func.coalesce(sources.c.name, sources.c.title, sources.c.host),
        sources.c.retired_since.is_not(None),
        sources.c.paused,
        sources.c.fault_code,
        sources.c.last_success_at.is_not(None),
        sources.c.last_took_ms > SLOW_MS,
        sources.c.dormant_from <= bindparam("now"),
        seconds(sources.c.failing_since),
        sources.c.next_because,
        sources.c.purpose.is_not(None),
        sources.c.counted_since <= bindparam("since"),
        POLLED,
        sources.c.body_hash,
    )
    .join(pages, pages.c.id == sources.c.page_id)
    .where(sources.c.listed)
    .order_by(pages.c.position, sources.c.position)
)
_COUNTED_SINCE: Final = select(func.min(sources.c.counted_since)).where(sources.c.listed)


def sketches(
    session: Session,
    *,
    now: datetime,
    since: datetime,
    arrived: Mapping[int, int],
    counted: Mapping[int, Tally],
) -> tuple[Sketch, ...]:
    """Sketch every listed source in the order of feeds.yaml.

    `arrived` and `counted` tell what came since a moment, and what was made of it.
    """
    return tuple(_sketched(session, now, since, arrived, counted))


def _sketched(
    session: Session,
    now: datetime,
    since: datetime,
    arrived: Mapping[int, int],
    counted: Mapping[int, Tally],
) -> Iterator[Sketch]:
    urls = set(session.execute(_DOUBLED_URLS).scalars())
    bodies = set(session.execute(_DOUBLED_BODIES).scalars())
    nothing = Tally()
    for row in session.execute(_SKETCHES, {"now": now, "since": since}):
        (source_id, name, retired, paused, fault_code, ever_read, slow, asleep) = row[:8]
        (failing_since_s, because, has_purpose, is_counted, polled, body_hash) = row[8:]
        yield Sketch(
            id=SourceId(source_id),
            name=name,
            state=state_when(
                retired=retired,
                paused=paused,
                fault_code=fault_code,
                ever_read=ever_read,
                slow=bool(slow),
                asleep=bool(asleep),
            ),
            failing_since=_moment(failing_since_s),
            because=because,
            duplicate=polled in urls or body_hash in bodies,
            has_purpose=has_purpose,
            arrived=arrived.get(source_id, 0),
            used=counted.get(source_id, nothing).used,
            is_counted=bool(is_counted),
        )


def counted_since(session: Session) -> datetime | None:
    """Tell since when what one reads has been counted at all."""
    moment: datetime | None = session.execute(_COUNTED_SINCE).scalar()
    return moment


def _moment(at_s: int | None) -> datetime | None:
    return None if at_s is None else datetime.fromtimestamp(at_s, UTC)
