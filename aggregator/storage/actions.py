"""Acts on entries and comments, and undoing them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update

from aggregator.domain.boards import Act, ActionId
from aggregator.domain.conversations.acts import CommentAct
from aggregator.domain.conversations.comments import CommentId, ThreadId
from aggregator.domain.items import EntryId
from aggregator.domain.sources import PageId, SourceId
from aggregator.storage.conversations import acts
from aggregator.storage.engine import Session
from aggregator.storage.tables import actions, entries, sources

KEPT_ACTIONS: Final = 10
_CHUNK: Final = 500
_COLUMN: Final = {
    Act.READ: (entries.c.read, True),
    Act.UNREAD: (entries.c.read, False),
    Act.STAR: (entries.c.starred, True),
    Act.UNSTAR: (entries.c.starred, False),
}
OPPOSITE: Final = {
    Act.READ: Act.UNREAD,
    Act.UNREAD: Act.READ,
    Act.STAR: Act.UNSTAR,
    Act.UNSTAR: Act.STAR,
}


def act_on(session: Session, act: Act, entry_ids: Sequence[EntryId]) -> tuple[EntryId, ...]:
    """Do an act to entries; give those that were not so already."""
    changed: list[EntryId] = []
    for start in range(0, len(entry_ids), _CHUNK):
        chosen = entries.c.id.in_(entry_ids[start : start + _CHUNK])
        changed += change(session, act, chosen)
    return tuple(changed)


def note_opened(session: Session, entry_ids: Sequence[EntryId], *, at: datetime) -> None:
    """Note that entries were opened to be read; of each its first time counts."""
    session.execute(
        update(entries)
        .where(entries.c.id.in_(entry_ids), entries.c.opened_at.is_(None))
        .values(opened_at=at)
    )


def read_all(
    session: Session, *, upto: EntryId, page_id: PageId | None, source_id: SourceId | None
) -> tuple[EntryId, ...]:
    """Mark read what is unread on a page, in a source, or everywhere, up to an id."""
    chosen = entries.c.id <= upto
    if source_id is not None:
        chosen &= entries.c.source_id == source_id
    if page_id is not None:
        chosen &= entries.c.page_id == page_id
    return change(session, Act.READ, chosen)


def change(session: Session, act: Act, chosen: ColumnElement[bool]) -> tuple[EntryId, ...]:
    """Do an act to the chosen entries; give those that were not so already."""
    column, wanted = _COLUMN[act]
    # "is not so already" is part of the update: two clicks at once count once.
    other = ~column if wanted else column
    changed = session.execute(
        update(entries)
        .where(chosen, other)
        .values({column: wanted})
        .returning(entries.c.id, entries.c.source_id)
    ).all()
    if changed and column is entries.c.read:
        step = -1 if wanted else 1
        counts = Counter(source_id for _, source_id in changed)
        session.execute(
            _COUNT_UNREAD,
            [{"source": source_id, "by": step * count} for source_id, count in counts.items()],
        )
    return tuple(EntryId(entry_id) for entry_id, _ in changed)


_COUNT_UNREAD: Final = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(unread_count=sources.c.unread_count + bindparam("by"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """An act that was undone: what it is now, of how many entries or comments.

    `threads` hold the comments that it changed: they are to be put in order again.
    """

    act: Act | CommentAct
    count: int
    threads: frozenset[ThreadId] = frozenset()


def remember(
    session: Session, act: Act, entry_ids: Sequence[EntryId], *, now: datetime
) -> ActionId | None:
    """Keep an act that changed entries, so that it can be undone; only the last ten are."""
    if not entry_ids:
        return None
    return _kept(session, now, act=act.value, entry_ids=list(entry_ids))


def remember_comments(
    session: Session, act: CommentAct, before: acts.Before, *, now: datetime
) -> ActionId | None:
    """Keep an act that changed comments, by what they were before; it is one of the ten too."""
    if not before:
        return None
    return _kept(session, now, act=act.value, entry_ids=[], comments_before=before)


def _kept(session: Session, now: datetime, **values: Any) -> ActionId:
    inserted = session.execute(insert(actions).values(done_at=now, **values))
    action_id = ActionId((inserted.inserted_primary_key or (0,))[0])
    session.execute(delete(actions).where(actions.c.id <= action_id - KEPT_ACTIONS))
    return action_id


def last(session: Session) -> ActionId | None:
    """Find the last act that was not undone."""
    wanted = select(func.max(actions.c.id)).where(actions.c.undone_at.is_(None))
    found = session.execute(wanted).scalar()
    return None if found is None else ActionId(found)


def take_back(session: Session, action_id: ActionId, *, now: datetime) -> TakenBack | None:
    """Undo an act once; None if it is unknown or was undone before."""
    row: Any = session.execute(
        select(actions.c.act, actions.c.entry_ids, actions.c.comments_before).where(
            actions.c.id == action_id, actions.c.undone_at.is_(None)
        )
    ).first()
    if row is None:
        return None
    session.execute(update(actions).where(actions.c.id == action_id).values(undone_at=now))
    if row.comments_before is not None:
        acts.put_back(session, row.comments_before)
        touched = acts.threads_of(session, [CommentId(each[0]) for each in row.comments_before])
        act = CommentAct(row.act)
        return TakenBack(act=act, count=len(row.comments_before), threads=touched)
    opposite = OPPOSITE[Act(row.act)]
    changed = act_on(session, opposite, [EntryId(entry_id) for entry_id in row.entry_ids])
    return TakenBack(act=opposite, count=len(changed))
