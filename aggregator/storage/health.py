"""How one source is doing, looked at closely: its polls, its weeks, its comment feeds."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, case, func, or_, select

from aggregator.domain.faults import Fault
from aggregator.domain.health import CommentFeedLine, PollRecord
from aggregator.domain.hints import Hints
from aggregator.domain.schedule import Because, Outcome
from aggregator.domain.sources import CommentsState, SourceId
from aggregator.storage import hints
from aggregator.storage.dialect import seconds
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, entries, polls, sources

SHOWN_POLLS: Final = 30
SHOWN_FEEDS: Final = 20
"""Comment feeds of a source that are listed: one with many articles has hundreds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the last documents of a source said of themselves and of the next poll."""

    remarks: tuple[str, ...]
    hints: Hints
    fresh_s: int | None


def told(session: Session, source_id: SourceId) -> Told:
    """Read what a source said of itself."""
    columns = (sources.c.remarks, sources.c.hints, sources.c.fresh_s)
    row = session.execute(select(*columns).where(sources.c.id == source_id)).one()
    return Told(
        remarks=tuple(row.remarks or ()), hints=hints.loaded(row.hints), fresh_s=row.fresh_s
    )


def last_polls(session: Session, source_id: SourceId) -> tuple[PollRecord, ...]:
    """List the last polls of a source, the newest first."""
    query = (
        select(polls)
        .where(polls.c.source_id == source_id)
        .order_by(polls.c.polled_at.desc(), polls.c.id.desc())
        .limit(SHOWN_POLLS)
    )
    return tuple(
        PollRecord(
            polled_at=row.polled_at,
            outcome=Outcome(row.outcome),
            http_status=row.http_status,
            fault=_fault(row),
            bytes_received=row.bytes_received,
            took_ms=row.took_ms,
            entries_new=row.entries_new,
            entries_changed=row.entries_changed,
        )
        for row in session.execute(query)
    )


def count_weeks(
    session: Session, source_id: SourceId, begins: Sequence[datetime], *, until: datetime
) -> tuple[int, ...]:
    """Count the entries of a source between moments in order, the last up to `until`."""
    moment = seconds(entries.c.published_at)
    query = select(moment).where(
        entries.c.source_id == source_id,
        entries.c.published_at >= begins[0],
        entries.c.published_at < until,
    )
    starts = [begin.timestamp() for begin in begins]
    counts = Counter(bisect_right(starts, at) - 1 for at in session.execute(query).scalars())
    return tuple(counts[place] for place in range(len(starts)))


POLLED: Final = case(
    (
        sources.c.next_because == Because.DUPLICATE.value,
        sources.c.fault_params["url"].as_string(),
    ),
    else_=func.coalesce(sources.c.feed_url, sources.c.url),
)
"""The address of a source's feed; one that is another's is known by its fault."""


def twins(session: Session, source_id: SourceId) -> tuple[SourceId, ...]:
    """List other followed sources that give the same feed: its address, or its very bytes."""
    one = select(POLLED, sources.c.body_hash).where(sources.c.id == source_id)
    row = session.execute(one).one()
    same = row[0] == POLLED
    if row.body_hash is not None:
        same = or_(same, sources.c.body_hash == row.body_hash)
    query = select(sources.c.id).where(
        *(sources.c.listed, sources.c.retired_since.is_(None), sources.c.id != source_id), same
    )
    return tuple(SourceId(each) for each in session.execute(query).scalars())


def comment_lines(
    session: Session, source_id: SourceId
) -> tuple[tuple[CommentFeedLine, ...], int]:
    """List the comment feeds of a source: its site's, then those in trouble; count all."""
    wanted = (comment_feeds.c.source_id == source_id, comment_feeds.c.wanted)
    feed = comment_feeds.c
    query = (
        select(comment_feeds, entries.c.title.label("entry_title"))
        .outerjoin(entries, entries.c.id == feed.entry_id)
        .where(*wanted)
        .order_by(
            feed.entry_id.is_not(None),
            feed.fault_code.is_(None),
            feed.last_polled_at.desc().nulls_last(),
            feed.id.desc(),
        )
        .limit(SHOWN_FEEDS)
    )
    lines = tuple(_line(row) for row in session.execute(query))
    if len(lines) < SHOWN_FEEDS:
        return lines, len(lines)
    count = select(func.count()).select_from(comment_feeds).where(*wanted)
    return lines, session.execute(count).scalar_one()


def _line(row: Row[*tuple[Any, ...]]) -> CommentFeedLine:
    if row.last_polled_at is None:
        state = CommentsState.NEW
    else:
        state = CommentsState.FAILING if row.fault_code else CommentsState.OK
    return CommentFeedLine(
        url=row.url,
        entry_title=row.entry_title,
        state=state,
        fault=_fault(row),
        last_polled_at=row.last_polled_at,
        next_poll_at=row.next_poll_at,
    )


def _fault(row: Row[*tuple[Any, ...]]) -> Fault | None:
    if row.fault_code is None:
        return None
    params: Mapping[str, str | int] = row.fault_params or {}
    return Fault(code=row.fault_code, params=params)
