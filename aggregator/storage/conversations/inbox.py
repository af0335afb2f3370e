"""Queues of comments: walked along an index from a place on, never counted from the top."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, select, tuple_

from aggregator.domain.conversations.comments import CommentId, State
from aggregator.domain.conversations.inbox import (
    OLDEST_FIRST,
    Count,
    Filters,
    Line,
    Queue,
    Span,
)
from aggregator.domain.lists import Place
from aggregator.domain.sources import SourceId
from aggregator.storage.conversations.reading import labels_of
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_labels, comments, labels, sources, threads

EXCERPT: Final = 300

_STATES: Final[Mapping[Queue, State]] = {
    Queue.WAITING: State.WAITING,
    Queue.SENT: State.SENT,
    Queue.ANSWERED: State.ANSWERED,
    Queue.HANDLED: State.HANDLED,
    Queue.SNOOZED: State.SNOOZED,
    Queue.HIDDEN: State.HIDDEN,
}
# Written out: an index of only some rows is found by what stands in the statement itself.
_IS_PINGBACK: Final = comments.c.kind == literal_column("'pingback'")
_IS_SHOWN: Final = comments.c.hidden == literal_column("0")
_NAME: Final = func.coalesce(sources.c.name, sources.c.title, sources.c.host)
_LINES: Final[Select[tuple[Any, ...]]] = (
    select(
        comments.c.id,
        comments.c.thread_id,
        comments.c.author,
        comments.c.published_at,
        comments.c.state,
        func.substr(comments.c.text, 1, EXCERPT).label("excerpt"),
        threads.c.title.label("thread_title"),
        comments.c.source_id,
        _NAME.label("source_name"),
        sources.c.icon.label("source_icon"),
        comments.c.starred,
        comments.c.suspect,
        (func.coalesce(comments.c.draft, "") != "").label("has_draft"),
        (func.coalesce(comments.c.note, "") != "").label("has_note"),
        comments.c.asks,
        comments.c.assigned_to,
        comments.c.filed_why,
        comments.c.sent_at,
        comments.c.snoozed_until,
    )
    .join(threads, threads.c.id == comments.c.thread_id)
    .join(sources, sources.c.id == comments.c.source_id)
    .where(sources.c.listed)
)


def lines(
    session: Session, queue: Queue, filters: Filters, span: Span, *, after: Place | None, most: int
) -> tuple[Line, ...]:
    """Read a piece of a queue: `most` lines after a place, or from its top."""
    query = _LINES.where(in_queue(queue), *_wanted(filters, span))
    published_at, comment_id = comments.c.published_at, comments.c.id
    here = tuple_(published_at, comment_id)
    if queue in OLDEST_FIRST:
        query = query.order_by(published_at, comment_id)
        if after is not None:
            query = query.where(here > tuple_(after.published_at, after.id))
    else:
        query = query.order_by(published_at.desc(), comment_id.desc())
        if after is not None:
            query = query.where(here < tuple_(after.published_at, after.id))
    rows = session.execute(query.limit(most)).all()
    named = labels_of(session, [CommentId(row.id) for row in rows])
    return tuple(_line(row, named.get(row.id, ())) for row in rows)


def holds(
    session: Session, queue: Queue, filters: Filters, span: Span, comment_id: CommentId
) -> bool:
    """Tell whether a comment is in a queue, as it is filtered."""
    query = _LINES.with_only_columns(comments.c.id).where(
        comments.c.id == comment_id, in_queue(queue), *_wanted(filters, span)
    )
    return session.execute(query).first() is not None


def in_queue(queue: Queue) -> ColumnElement[bool]:
    """Say what makes a comment belong to a queue."""
    if queue is Queue.OTHERS:
        return comments.c.last_word == literal_column("1")
    if queue is Queue.PINGBACKS:
        return _IS_PINGBACK & _IS_SHOWN & comments.c.vanished_at.is_(None)
    return comments.c.state == _STATES[queue].value


def _wanted(filters: Filters, span: Span) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.source_id is not None:
        found.append(comments.c.source_id == filters.source_id)
    if filters.thread_id is not None:
        found.append(comments.c.thread_id == filters.thread_id)
    if filters.question:
        found.append(comments.c.asks)
    if filters.assigned_to is not None:
        found.append(comments.c.assigned_to == filters.assigned_to)
    if filters.label is not None:
        carries = (
            select(comment_labels.c.comment_id)
            .join(labels, labels.c.id == comment_labels.c.label_id)
            .where(labels.c.name == filters.label)
        )
        found.append(comments.c.id.in_(carries))
    if span.begin is not None:
        found.append(comments.c.published_at >= span.begin)
    if span.end is not None:
        found.append(comments.c.published_at < span.end)
    return found


def counts(session: Session) -> dict[Queue, Count]:
    """Count the queues, by the counters of threads; since when does the longest wait last?"""
    numbers = {queue: threads.c[f"{state.value}_count"] for queue, state in _STATES.items()}
    numbers |= {Queue.OTHERS: threads.c.last_word_count, Queue.PINGBACKS: threads.c.pingback_count}
    query = select(
        func.min(threads.c.oldest_waiting_at),
        *(func.coalesce(func.sum(numbers[queue]), 0) for queue in Queue),
    ).where(threads.c.source_id.in_(select(sources.c.id).where(sources.c.listed)))
    oldest_at, *counted = session.execute(query).one()
    return {
        queue: Count(number=number, oldest_at=oldest_at if queue is Queue.WAITING else None)
        for queue, number in zip(Queue, counted, strict=True)
    }


def count_waiting(session: Session) -> int:
    """Count what waits for an answer, by the counters of the sources."""
    # Written out: an index of only some rows is found by what stands in the statement itself.
    some = sources.c.waiting_count > literal_column("0")
    query = select(func.coalesce(func.sum(sources.c.waiting_count), 0)).where(
        sources.c.listed, some
    )
    number: int = session.execute(query).scalar_one()
    return number


def any_stored(session: Session) -> bool:
    """Tell whether there is any comment at all."""
    return session.execute(select(comments.c.id).limit(1)).first() is not None


def sources_with_comments(session: Session) -> tuple[tuple[SourceId, str], ...]:
    """List the sources under which people commented, by their names."""
    has_any = select(threads.c.id).where(threads.c.source_id == sources.c.id).exists()
    name = _NAME.label("name")
    query = select(sources.c.id, name).where(sources.c.listed, has_any).order_by(name)
    return tuple((SourceId(row[0]), row[1]) for row in session.execute(query))


def _line(row: Any, named: tuple[str, ...]) -> Line:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    return Line(**{**values, "state": State(row.state), "labels": named})
