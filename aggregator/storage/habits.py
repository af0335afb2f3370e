"""The own rhythm of sources, learnt from their entries whenever some have come."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from aggregator.domain.habits import MOST_LOOKED_AT, Came, dormant_from, usual_gap
from aggregator.domain.sources import SourceId
from aggregator.storage.engine import Session
from aggregator.storage.tables import entries, sources

_LAST: Final = (
    select(entries.c.published_at, entries.c.first_seen_at)
    .where(entries.c.source_id == bindparam("source"))
    .order_by(entries.c.published_at.desc(), entries.c.id.desc())
    .limit(MOST_LOOKED_AT)
)
_KEEP: Final = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(usual_gap_s=bindparam("gap_s"), dormant_from=bindparam("asleep_from"))
)


def learn(session: Session, source_ids: Iterable[SourceId]) -> None:
    """Learn the rhythm of sources anew: of those that new entries came of."""
    rows = [_learnt(session, source_id) for source_id in source_ids]
    if rows:
        session.execute(_KEEP, rows)


def learn_unknown(session: Session) -> int:
    """Learn the rhythm of sources that have entries and none; tell of how many."""
    query = select(sources.c.id).where(
        sources.c.listed, sources.c.entry_count > 0, sources.c.dormant_from.is_(None)
    )
    unknown = list(session.execute(query).scalars())
    learn(session, unknown)
    return len(unknown)


def count_from(session: Session, at: datetime) -> None:
    """Begin to count what is read of the sources for which that is not done yet."""
    session.execute(
        update(sources)
        .where(sources.c.listed, sources.c.counted_since.is_(None))
        .values(counted_since=at)
    )


def _learnt(session: Session, source_id: SourceId) -> dict[str, Any]:
    rows = session.execute(_LAST, {"source": source_id})
    came = [Came(published_at=row[0], first_seen_at=row[1]) for row in rows]
    gap = usual_gap([one.published_at for one in came])
    return {
        "source": source_id,
        "gap_s": None if gap is None else int(gap.total_seconds()),
        "asleep_from": dormant_from(came),
    }
