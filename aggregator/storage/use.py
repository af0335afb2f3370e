"""What one makes of sources: how much came, and how much of it was opened or kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BindParameter, bindparam, case, func, select

from aggregator.domain.health import Use
from aggregator.domain.sources import SourceId
from aggregator.storage.dialect import among
from aggregator.storage.engine import Session
from aggregator.storage.tables import Moment, entries, sources


@dataclass(slots=True)
class Tally:
    """What was opened of a source, what is kept, and both together, each entry once."""

    opened: int = 0
    starred: int = 0
    used: int = 0


_SINCE: Final[BindParameter[datetime]] = bindparam("since", type_=Moment())
_opened_at: Final = entries.c.opened_at
_OPENED: Final = (
    # A plain sum of comparisons would be read as one of them: true, whatever the number.
    select(entries.c.source_id, func.sum(case((_opened_at >= _SINCE, 1), else_=0)))
    .where(_opened_at.is_not(None))
    .group_by(entries.c.source_id)
)
# Counted here: to group them, SQLite would read all entries in the order of their sources.
_STARRED: Final = select(entries.c.source_id, case((_opened_at >= _SINCE, 1), else_=0)).where(
    entries.c.starred, entries.c.published_at >= _SINCE
)
# One look into the index for each source: to group all entries would read them all.
_ARRIVED: Final = select(
    sources.c.id,
    select(func.count())
    .where(entries.c.source_id == sources.c.id, entries.c.published_at >= _SINCE)
    .correlate(sources)
    .scalar_subquery(),
).where(sources.c.listed)


def tallies(
    session: Session, *, since: datetime, source_id: SourceId | None = None
) -> dict[int, Tally]:
    """Count what was opened and kept since a moment, of every source or of one."""
    opened, starred = _OPENED, _STARRED
    if source_id is not None:
        opened = opened.where(entries.c.source_id == source_id)
        starred = starred.where(entries.c.source_id == source_id)
    found: dict[int, Tally] = {}
    for each, count in session.execute(opened, {"since": since}):
        found[each] = Tally(opened=count, used=count)
    for each, is_opened in session.execute(starred, {"since": since}):
        tally = found.setdefault(each, Tally())
        tally.starred += 1
        tally.used += not is_opened
    return found


def arrived(
    session: Session, *, since: datetime, source_ids: Collection[SourceId] | None = None
) -> dict[int, int]:
    """Count what each source published since a moment."""
    query = _ARRIVED
    if source_ids is not None:
        query = query.where(among(sources.c.id, list(source_ids)))
    return {row[0]: row[1] for row in session.execute(query, {"since": since})}


def uses(
    session: Session,
    source_ids: Collection[SourceId],
    *,
    since: datetime,
    counted: Mapping[int, Tally],
) -> dict[SourceId, Use]:
    """Tell what one made of each of these sources since a moment; `counted` is `tallies`."""
    ids = list(source_ids)
    came = arrived(session, since=since, source_ids=ids)
    last = (
        select(entries.c.source_id, func.max(_opened_at))
        .where(_opened_at.is_not(None), among(entries.c.source_id, ids))
        .group_by(entries.c.source_id)
    )
    last_at = {row[0]: row[1] for row in session.execute(last)}
    known = select(sources.c.id, sources.c.counted_since).where(among(sources.c.id, ids))
    nothing = Tally()
    return {
        source_id: Use(
            arrived=came.get(source_id, 0),
            opened=counted.get(source_id, nothing).opened,
            starred=counted.get(source_id, nothing).starred,
            used=counted.get(source_id, nothing).used,
            last_opened_at=last_at.get(source_id),
            counted_since=counted_since,
        )
        for source_id, counted_since in session.execute(known)
    }
