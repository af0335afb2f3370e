"""What one does to comments: columns changed, with what they held before, and put back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import DateTime, TypeDecorator, delete, insert, select, update

from aggregator.domain.conversations.comments import CommentId, State, ThreadId
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_labels, comments, labels

Before: TypeAlias = tuple[tuple[CommentId, Mapping[str, Any]], ...]
"""Of each changed comment what its columns held, ready for JSON; under LABELS their names."""

LABELS: Final = "labels"
_CHUNK: Final = 500


def change(
    session: Session, comment_ids: Sequence[CommentId], values: Mapping[str, Any]
) -> Before:
    """Set columns of comments; give those that were not so already, with what was before."""
    before: list[tuple[CommentId, Mapping[str, Any]]] = []
    columns = [comments.c[name] for name in values]
    for start in range(0, len(comment_ids), _CHUNK):
        chosen = comments.c.id.in_(comment_ids[start : start + _CHUNK])
        found = session.execute(select(comments.c.id, *columns).where(chosen)).all()
        changing = [row for row in found if tuple(row[1:]) != tuple(values.values())]
        if not changing:
            continue
        ids = [row.id for row in changing]
        session.execute(update(comments).where(comments.c.id.in_(ids)).values(**values))
        before += [
            (CommentId(row.id), {name: _written(row._mapping[name]) for name in values})  # noqa: SLF001 - SQLAlchemy's public name
            for row in changing
        ]
    return tuple(before)


def expecting(session: Session, comment_ids: Sequence[CommentId]) -> list[CommentId]:
    """Give those of these comments that wait for an answer, or did."""
    found: list[CommentId] = []
    for start in range(0, len(comment_ids), _CHUNK):
        chosen = comments.c.id.in_(comment_ids[start : start + _CHUNK])
        query = select(comments.c.id).where(chosen, comments.c.state != State.NONE.value)
        found += [CommentId(number) for number in session.scalars(query)]
    return found


def put_back(session: Session, before: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Give comments back what they held before an act, labels included; not those that went."""
    there = set(stored(session, [CommentId(comment_id) for comment_id, _held in before]))
    for comment_id, held in before:
        if comment_id not in there:
            continue
        columns = {name: _read(name, value) for name, value in held.items() if name != LABELS}
        if columns:
            session.execute(update(comments).where(comments.c.id == comment_id).values(**columns))
        if LABELS in held:
            relabel(session, CommentId(comment_id), held[LABELS])


def relabel(session: Session, comment_id: CommentId, names: Collection[str]) -> None:
    """Give a comment just these labels; those that are not there (any more) are made."""
    session.execute(delete(comment_labels).where(comment_labels.c.comment_id == comment_id))
    for name in dict.fromkeys(names):
        values = {"comment_id": comment_id, "label_id": label_id(session, name)}
        session.execute(insert(comment_labels).values(**values))


def label_id(session: Session, name: str) -> int:
    """Find a label by its name, or make it."""
    known: int | None = session.execute(select(labels.c.id).where(labels.c.name == name)).scalar()
    if known is not None:
        return known
    made = session.execute(insert(labels).values(name=name))
    number: int = (made.inserted_primary_key or (0,))[0]
    return number


def threads_of(session: Session, comment_ids: Sequence[CommentId]) -> frozenset[ThreadId]:
    """Find the threads of comments; of those that are not there, nothing."""
    found: set[ThreadId] = set()
    for start in range(0, len(comment_ids), _CHUNK):
        chosen = comments.c.id.in_(comment_ids[start : start + _CHUNK])
        query = select(comments.c.thread_id).where(chosen).distinct()
        found |= {ThreadId(thread_id) for thread_id in session.execute(query).scalars()}
    return frozenset(found)


def stored(session: Session, comment_ids: Sequence[CommentId]) -> tuple[CommentId, ...]:
    """Give those comments that are stored."""
    found: list[CommentId] = []
    for start in range(0, len(comment_ids), _CHUNK):
        chosen = comments.c.id.in_(comment_ids[start : start + _CHUNK])
        query = select(comments.c.id).where(chosen)
        found += [CommentId(comment_id) for comment_id in session.execute(query).scalars()]
    return tuple(found)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    kind = comments.c[name].type
    is_moment = isinstance(kind, TypeDecorator) and isinstance(kind.impl, DateTime)
    return datetime.fromisoformat(value) if is_moment and value is not None else value
