"""What figures are made of: what was received and answered, and what lies behind a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, func, select, true

from aggregator.domain.conversations.comments import CommentId, Kind, State, ThreadId
from aggregator.domain.conversations.metrics import Exchange
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.storage import dialect
from aggregator.storage.engine import Session
from aggregator.storage.tables import comments, entries, sources, threads

RECEIVED: Final = (
    *(State.WAITING, State.SENT, State.ANSWERED),
    *(State.HANDLED, State.SNOOZED),
)
"""The states of what was received: what is hidden, or expects nothing, was not."""

# As expressions, so that SQLite takes the one index that holds all that figures need, and not
# one by source and state, from which it would go to the texts row by row.
_STATE: Final = func.coalesce(comments.c.state, "")
_SOURCE_ID: Final = func.coalesce(comments.c.source_id, 0)

_CHUNK: Final = 500
_EXCERPT: Final = 280
_SOURCE_NAME: Final = func.coalesce(sources.c.name, sources.c.title, sources.c.host)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first comment of an article that is not mine, and how long after it, in seconds."""

    comment_id: CommentId
    received_at: datetime
    after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentLine:
    """A comment as a line of a list; `excerpt` is the beginning of its text."""

    id: CommentId
    thread_id: ThreadId
    entry_id: EntryId | None
    source_name: str
    title: str
    author: str
    excerpt: str
    published_at: datetime
    state: State
    answered_at: datetime | None


def exchanges(
    session: Session,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    source_id: SourceId | None = None,
) -> list[Exchange]:
    """Read what was received from a moment on and before another, in order.

    Sources that left feeds.yaml are left out.
    """
    query = (
        select(
            comments.c.id,
            comments.c.thread_id,
            comments.c.source_id,
            dialect.seconds(comments.c.published_at),
            dialect.seconds(comments.c.answered_at),
            comments.c.state,
        )
        .where(comments.c.expects, _STATE.in_(RECEIVED))
        .order_by(comments.c.published_at)
    )
    rows = session.execute(
        _of(_between(query, comments.c.published_at, begin, end), source_id)
    ).all()
    return [
        Exchange(
            comment_id=comment_id,
            thread_id=thread_id,
            source_id=of_source,
            received_at=datetime.fromtimestamp(received_s, UTC),
            answered_at=datetime.fromtimestamp(answered_s, UTC)
            if answered_s is not None and state == State.ANSWERED
            else None,
        )
        for comment_id, thread_id, of_source, received_s, answered_s, state in rows
    ]


def openings(
    session: Session,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    source_id: SourceId | None = None,
    only_mine: bool = True,
) -> list[Opening]:
    """Read the first comments of articles that came from a moment on and before another.

    Of one source, or of all that are mine; of others too unless `only_mine`. Left out is what
    is older than its article:
    that one was dated again.
    """
    first = (
        select(func.min(comments.c.id))
        .where(
            comments.c.thread_id == threads.c.id,
            comments.c.published_at == threads.c.first_comment_at,
            comments.c.kind == Kind.COMMENT.value,
            comments.c.mine.is_(None),
            ~comments.c.hidden,
        )
        .scalar_subquery()
    )
    found = (
        select(first, threads.c.first_comment_at, entries.c.published_at)
        .join(entries, entries.c.id == threads.c.entry_id)
        .join(sources, sources.c.id == threads.c.source_id)
        .where(
            sources.c.listed,
            _counted(source_id, only_mine=only_mine),
            threads.c.first_comment_at >= entries.c.published_at,
        )
        .order_by(threads.c.first_comment_at, threads.c.id)
    )
    return [
        Opening(comment_id=row[0], received_at=row[1], after_s=(row[1] - row[2]).total_seconds())
        for row in session.execute(_between(found, threads.c.first_comment_at, begin, end))
    ]


def _counted(source_id: SourceId | None, *, only_mine: bool) -> ColumnElement[bool]:
    if source_id is not None:
        return sources.c.id == source_id
    return sources.c.mine if only_mine else true()


def _between(
    query: Select[Any], moment: Column[Any], begin: datetime | None, end: datetime | None
) -> Select[Any]:
    if begin is not None:
        query = query.where(moment >= begin)
    if end is not None:
        query = query.where(moment < end)
    return query


def _of(query: Select[Any], source_id: SourceId | None) -> Select[Any]:
    if source_id is not None:
        return query.where(_SOURCE_ID.in_([source_id]))
    return query.where(_SOURCE_ID.in_(select(sources.c.id).where(sources.c.listed)))


def answering_sources(session: Session) -> tuple[tuple[SourceId, str], ...]:
    """Name the sources under which something was received."""
    query = (
        select(sources.c.id, _SOURCE_NAME.label("name"))
        .where(
            sources.c.listed,
            select(comments.c.id)
            .where(
                comments.c.source_id == sources.c.id,
                comments.c.state.in_(RECEIVED),
            )
            .exists(),
        )
        .order_by(func.lower(_SOURCE_NAME), sources.c.id)
    )
    return tuple((SourceId(row.id), row.name) for row in session.execute(query))


def lines(session: Session, ids: Sequence[CommentId]) -> tuple[CommentLine, ...]:
    """Read comments as lines, in the order of their ids as given."""
    found: dict[CommentId, CommentLine] = {}
    for start in range(0, len(ids), _CHUNK):
        query = _LINES.where(comments.c.id.in_(ids[start : start + _CHUNK]))
        found |= {row.id: _line(row) for row in session.execute(query)}
    return tuple(found[comment_id] for comment_id in ids if comment_id in found)


_LINES: Final = (
    select(
        comments.c.id,
        comments.c.thread_id,
        comments.c.author,
        func.substr(comments.c.text, 1, _EXCERPT + 1).label("excerpt"),
        comments.c.published_at,
        comments.c.state,
        comments.c.answered_at,
        threads.c.entry_id,
        threads.c.title,
        _SOURCE_NAME.label("source_name"),
    )
    .join(threads, threads.c.id == comments.c.thread_id)
    .join(sources, sources.c.id == comments.c.source_id)
)


def _line(row: Any) -> CommentLine:
    return CommentLine(
        id=row.id,
        thread_id=row.thread_id,
        entry_id=row.entry_id,
        source_name=row.source_name,
        title=row.title,
        author=row.author,
        excerpt=row.excerpt
        if len(row.excerpt) <= _EXCERPT
        else f"{row.excerpt[:_EXCERPT].rstrip()}…",
        published_at=row.published_at,
        state=State(row.state),
        answered_at=row.answered_at,
    )
