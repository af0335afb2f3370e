"""Entries and conversations that grew too old, thrown away for good, each with a tombstone."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Select, and_, bindparam, delete, or_, select, tuple_, update

from aggregator.domain.conversations.comments import ThreadId
from aggregator.domain.items import EntryId
from aggregator.domain.retention import KEPT_OF_EACH
from aggregator.domain.sources import SourceId
from aggregator.storage import dialect
from aggregator.storage.engine import Session
from aggregator.storage.tables import (
    Moment,
    comment_feeds,
    comment_labels,
    comments,
    entries,
    sources,
    threads,
    tombstones,
    widgets,
)


def others_after(session: Session, source_id: SourceId) -> tuple[SourceId, ...]:
    """List the sources that are not mine, those with a greater id than this one."""
    query = select(sources.c.id).where(~sources.c.mine, sources.c.id > source_id)
    return tuple(session.execute(query.order_by(sources.c.id)).scalars())


def old_entries(session: Session, source_id: SourceId, *, before: datetime) -> tuple[EntryId, ...]:
    """Find the entries of a source that nothing holds, the newest thirty left out; oldest first.

    Older than a moment is what was published and came before it, and has no comment since.
    """
    place = session.execute(_OLDEST_KEPT, {"source": source_id}).first()
    if place is None:
        return ()
    asked = {"source": source_id, "before": before, "kept_at": place[0], "kept": place[1]}
    return tuple(EntryId(entry_id) for entry_id in session.execute(_OLD_ENTRIES, asked).scalars())


def old_orphans(session: Session, *, before: datetime) -> tuple[ThreadId, ...]:
    """Find conversations that nothing holds and whose article is not stored."""
    found = session.execute(_OLD_ORPHANS, {"before": before}).scalars()
    return tuple(ThreadId(thread_id) for thread_id in found)


_BEFORE: Final = bindparam("before", type_=Moment())

_LABELLED: Final = select(comment_labels.c.label_id).where(
    comment_labels.c.comment_id == comments.c.id
)
_DONE: Final = (
    *(comments.c.parent_by_hand, comments.c.sent_at, comments.c.closed_at),
    *(comments.c.filed_at, comments.c.snoozed_until, comments.c.assigned_to),
    *(comments.c.note, comments.c.draft, comments.c.mine),
)
_HOLDING: Final = select(comments.c.id).where(
    comments.c.thread_id == threads.c.id,
    or_(
        comments.c.published_at >= _BEFORE,
        comments.c.first_seen_at >= _BEFORE,
        comments.c.expects,
        comments.c.starred,
        *(column.is_not(None) for column in _DONE),
        _LABELLED.exists(),
    ),
)
_SHOWN: Final = select(widgets.c.id).where(widgets.c.thread_id == threads.c.id)
_IS_OVER: Final = and_(~_HOLDING.exists(), ~_SHOWN.exists())
"""Says that a conversation holds nothing that one said, was asked, or did."""

_HELD: Final = select(threads.c.id).where(threads.c.entry_id == entries.c.id, ~_IS_OVER)
_ASKED_NOW: Final = select(comment_feeds.c.id).where(
    comment_feeds.c.entry_id == entries.c.id, comment_feeds.c.claimed_by.is_not(None)
)
_IS_OLD: Final = and_(
    entries.c.published_at < _BEFORE,
    entries.c.first_seen_at < _BEFORE,
    ~entries.c.starred,
    ~_HELD.exists(),
    ~_ASKED_NOW.exists(),
)
"""Says that an entry may be thrown away."""

# Made once: of ten thousand sources each is looked at every day.
_OLDEST_KEPT: Final = (
    select(entries.c.published_at, entries.c.id)
    .where(entries.c.source_id == bindparam("source"))
    .order_by(entries.c.published_at.desc(), entries.c.id.desc())
    .offset(KEPT_OF_EACH - 1)
    .limit(1)
)
_OLD_ENTRIES: Final = (
    select(entries.c.id)
    .where(
        entries.c.source_id == bindparam("source"),
        tuple_(entries.c.published_at, entries.c.id)
        < tuple_(bindparam("kept_at", type_=Moment()), bindparam("kept", type_=Integer())),
        _IS_OLD,
    )
    .order_by(entries.c.published_at, entries.c.id)
)
_OLD_ORPHANS: Final = (
    select(threads.c.id)
    .join(sources)
    .where(threads.c.entry_id.is_(None), ~sources.c.mine, _IS_OVER)
    .order_by(threads.c.id)
)


def throw_away(
    session: Session, entry_ids: Sequence[EntryId], *, before: datetime, now: datetime
) -> int:
    """Delete those of these entries that nothing holds by now, with their conversations."""
    query = select(
        *(entries.c.id, entries.c.source_id, entries.c.read),
        *(entries.c.key, entries.c.url, entries.c.title),
    ).where(dialect.among(entries.c.id, entry_ids), _IS_OLD)
    gone = session.execute(query, {"before": before}).all()
    if not gone:
        return 0
    ids = [row.id for row in gone]
    _drop_threads(session, select(threads.c.id).where(threads.c.entry_id.in_(ids)))
    dialect.unindex(session, ids)
    session.execute(delete(entries).where(entries.c.id.in_(ids)))
    _bury(session, gone, now=now)
    stored = Counter(row.source_id for row in gone)
    unread = Counter(row.source_id for row in gone if not row.read)
    session.execute(
        _COUNT_GONE,
        [
            {"source": source_id, "stored": count, "unread": unread[source_id]}
            for source_id, count in stored.items()
        ],
    )
    return len(ids)


_COUNT_GONE: Final = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(
        entry_count=sources.c.entry_count - bindparam("stored"),
        unread_count=sources.c.unread_count - bindparam("unread"),
    )
)


def throw_orphans_away(
    session: Session, thread_ids: Sequence[ThreadId], *, before: datetime, now: datetime
) -> int:
    """Delete those of these conversations that nothing holds by now."""
    query = select(threads.c.id, *_named(threads)).where(
        dialect.among(threads.c.id, thread_ids), threads.c.entry_id.is_(None), _IS_OVER
    )
    gone = session.execute(query, {"before": before}).all()
    if gone:
        ids = [row.id for row in gone]
        _drop_threads(session, select(threads.c.id).where(threads.c.id.in_(ids)))
        _bury(session, gone, now=now)
    return len(gone)


def _named(table: Any) -> tuple[Any, ...]:
    return (table.c.source_id, table.c.key, table.c.url, table.c.title)


def _drop_threads(session: Session, chosen: Select[Any]) -> None:
    thread_ids = list(session.execute(chosen).scalars())
    said = select(comments.c.id).where(comments.c.thread_id.in_(thread_ids))
    dialect.unindex_comments(session, list(session.execute(said).scalars()))
    session.execute(delete(comments).where(comments.c.thread_id.in_(thread_ids)))
    session.execute(delete(threads).where(threads.c.id.in_(thread_ids)))


def _bury(session: Session, gone: Sequence[Any], *, now: datetime) -> None:
    rows = [
        {name: getattr(row, name) for name in ("source_id", "key", "url", "title")}
        | {"purged_at": now}
        for row in gone
    ]
    dialect.upsert(session, tombstones, rows, by=("source_id", "key"))
