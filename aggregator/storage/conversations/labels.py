"""Labels, saved phrases, and the names that comments were assigned to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.inbox import Phrase
from aggregator.storage.conversations import acts
from aggregator.storage.conversations.reading import labels_of
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_labels, comments, labels, phrases

MOST_NAMES = 100


def names(session: Session) -> tuple[str, ...]:
    """List the labels, in the order of the alphabet."""
    return tuple(session.execute(select(labels.c.name).order_by(labels.c.name)).scalars())


def put(
    session: Session, comment_ids: Sequence[CommentId], name: str, *, carried: bool
) -> acts.Before:
    """Put a label on comments, or take it off; give those that changed, as they were before."""
    known = labels_of(session, comment_ids)
    before: list[tuple[CommentId, dict[str, list[str]]]] = []
    for comment_id in comment_ids:
        held = known.get(comment_id, ())
        if (name in held) is carried:
            continue
        before.append((comment_id, {acts.LABELS: list(held)}))
        kept = [*held, name] if carried else [each for each in held if each != name]
        acts.relabel(session, comment_id, kept)
    return tuple(before)


def drop_unused(session: Session) -> int:
    """Forget the labels that no comment carries; tell how many there were."""
    carried = select(comment_labels.c.label_id)
    return session.execute(delete(labels).where(labels.c.id.not_in(carried))).rowcount


def assignees(session: Session) -> tuple[str, ...]:
    """List the names that comments are assigned to."""
    query = (
        select(comments.c.assigned_to)
        .where(comments.c.assigned_to.is_not(None))
        .distinct()
        .order_by(comments.c.assigned_to)
        .limit(MOST_NAMES)
    )
    return tuple(name for name in session.execute(query).scalars() if name)


def saved(session: Session) -> tuple[Phrase, ...]:
    """List the saved phrases, the last one kept first."""
    query = select(phrases.c.id, phrases.c.text).order_by(phrases.c.id.desc())
    return tuple(Phrase(id=row[0], text=row[1]) for row in session.execute(query))


def save(session: Session, text: str, *, now: datetime) -> bool:
    """Keep a phrase; tell whether it was not kept already."""
    if session.execute(select(phrases.c.id).where(phrases.c.text == text)).first():
        return False
    session.execute(insert(phrases).values(text=text, kept_at=now))
    return True


def drop(session: Session, phrase_id: int) -> str | None:
    """Forget a phrase; give its words, None where there is no such phrase."""
    words = session.execute(select(phrases.c.text).where(phrases.c.id == phrase_id)).scalar()
    session.execute(delete(phrases).where(phrases.c.id == phrase_id))
    return words
