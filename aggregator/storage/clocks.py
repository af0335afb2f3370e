"""Moments that a wrong clock wrote: told by a last poll that is still to come."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, or_, select, update

from aggregator.domain.schedule import LONGEST_WAIT, put_right
from aggregator.storage.claims import LEASE
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, sources

_PLANNED: Final[tuple[Table, ...]] = (sources, comment_feeds)


def was_wrong(session: Session, *, now: datetime) -> bool:
    """Tell whether the clock has been put back since something was polled or planned.

    Of the many comment feeds only those are looked at that wait longer than any server asks
    for: where no source was polled meanwhile, the others come back by themselves.
    """
    due = comment_feeds.c
    queries = (
        select(sources.c.id).where(_wrong(sources, now)),
        select(due.id).where(
            due.wanted, due.next_poll_at > now + LONGEST_WAIT, _wrong(comment_feeds, now)
        ),
    )
    return any(session.execute(query.limit(1)).scalar() is not None for query in queries)


def mend(session: Session, *, now: datetime) -> int:
    """Plan anew, as long from now as was planned from then; tell how much was.

    When the last poll really was nobody knows: long enough ago for a person to ask for one.
    """
    mended = 0
    for table in _PLANNED:
        row = table.c
        query = select(row.id, row.last_polled_at, row.next_poll_at, row.not_before_at)
        found = session.execute(query.where(_wrong(table, now))).all()
        for one in found:
            seen_at = one.last_polled_at
            session.execute(
                update(table)
                .where(row.id == one.id)
                .values(
                    last_polled_at=now - LEASE if seen_at else None,
                    next_poll_at=put_right(one.next_poll_at, seen_at=seen_at, now=now),
                    not_before_at=put_right(one.not_before_at, seen_at=seen_at, now=now),
                )
            )
        mended += len(found)
    return mended


def _wrong(table: Table, now: datetime) -> ColumnElement[bool]:
    row = table.c
    return or_(
        row.last_polled_at > now + LEASE,
        and_(row.last_polled_at.is_(None), row.next_poll_at > now + 2 * LONGEST_WAIT),
    )
