"""Threads to be put in order again, since who I am, or what is mine, has changed."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select

from aggregator.domain.conversations.comments import ThreadId
from aggregator.domain.sources import SourceId
from aggregator.storage import installation
from aggregator.storage.engine import Session
from aggregator.storage.tables import sources, threads

_FACT: Final = "threads_to_arrange"


def owned(session: Session) -> frozenset[SourceId]:
    """Tell which sources are mine."""
    return frozenset(session.execute(select(sources.c.id).where(sources.c.mine)).scalars())


def note(session: Session, source_ids: Iterable[SourceId] | None = None) -> None:
    """Note that the threads of some sources, or all, are to be put in order again."""
    before = installation.fact(session, _FACT)
    wanted = None if source_ids is None else set(source_ids)
    if before is not None and wanted is not None:
        # What was left to do stays to be done, from the start: twice does no harm.
        wanted = None if before["sources"] is None else wanted | set(before["sources"])
    chosen = None if wanted is None else sorted(wanted)
    installation.keep_fact(session, _FACT, {"sources": chosen, "after": 0})


def some(session: Session, *, most: int) -> tuple[ThreadId, ...] | None:
    """Give the next threads to be put in order, None where nothing is to be."""
    left: Any = installation.fact(session, _FACT)
    if left is None:
        return None
    query = select(threads.c.id).where(threads.c.id > left["after"])
    if left["sources"] is not None:
        query = query.where(threads.c.source_id.in_(left["sources"]))
    found = session.execute(query.order_by(threads.c.id).limit(most)).scalars()
    return tuple(ThreadId(thread_id) for thread_id in found)


def done(session: Session, thread_ids: tuple[ThreadId, ...]) -> None:
    """Go on after these threads; without any, nothing is left to do."""
    left: Any = installation.fact(session, _FACT)
    after = left | {"after": max(thread_ids)} if thread_ids else None
    installation.keep_fact(session, _FACT, after)
