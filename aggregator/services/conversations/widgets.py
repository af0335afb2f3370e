"""Boxes of a page that are no source: shown, put on a page, taken off again."""

from collections.abc import Sequence
from typing import Final

from aggregator.domain.conversations.comments import CommentId, Thread
from aggregator.domain.conversations.widgets import (
    ANSWERS,
    AnswersBox,
    ThreadBox,
    Widget,
    read_key,
)
from aggregator.domain.sources import PageId
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.storage.conversations import reading, widgets
from aggregator.storage.engine import Session
from aggregator.translations import N_

LINES: Final = 8
"""Lines of the box of comments to answer."""

REMARKS: Final = 3
"""Last comments in the box of a conversation; those that they answer come with them."""


def of_page(session: Session, page_id: PageId, *, own: bool) -> tuple[tuple[Widget, ...], bool]:
    """Make the boxes of a page; `own` tells that a source of mine stands on it.

    Such a page has the box of comments to answer unless it was taken off: the second value
    tells that it was.
    """
    placed = widgets.of_page(session, page_id)
    said = next((shown for kind, _, shown in placed if kind == ANSWERS), None)
    made: list[Widget] = [_answers(session)] if (own if said is None else said) else []
    for _, thread_id, shown in placed:
        if thread_id is not None and shown:
            found = reading.thread(session, thread_id=thread_id)
            made += [_thread(session, found)] if found else []
    return tuple(made), own and said is False


def again(context: Context, keys: Sequence[str]) -> dict[str, Widget]:
    """Make boxes as they are now, by their keys; a conversation that has gone has none."""
    found: dict[str, Widget] = {}
    with context.database.read() as session:
        for key in keys:
            _, thread_id = read_key(key) or (None, None)
            if key == ANSWERS:
                found[key] = _answers(session)
            elif thread_id and (thread := reading.thread(session, thread_id=thread_id)):
                found[key] = _thread(session, thread)
    return found


def place(context: Context, slug: str, key: str, *, shown: bool) -> bool:
    """Put a box on a page, or take it off; tell whether that changed anything.

    Raises:
        NotFoundError: there is no such page, box or conversation.
    """
    kind, thread_id = read_key(key) or (None, None)
    if kind is None:
        raise NotFoundError(N_("There is no such box."))
    with context.database.write() as session:
        page_id = widgets.page_id_of(session, slug)
        if page_id is None:
            raise NotFoundError(N_("There is no such page."))
        if thread_id is not None and reading.thread(session, thread_id=thread_id) is None:
            raise NotFoundError(N_("There is no such conversation (any more)."))
        return widgets.place(session, page_id, kind, thread_id, shown=shown, now=context.clock())


def _answers(session: Session) -> AnswersBox:
    rows = widgets.to_answer(session, LINES)
    count = widgets.count_to_answer(session) if len(rows) == LINES else len(rows)
    return AnswersBox(rows=rows, count=count)


def _thread(session: Session, thread: Thread) -> ThreadBox:
    latest = widgets.latest(session, thread, REMARKS)
    new = 0
    if thread.seen_upto:
        new = reading.count_since(session, thread.id, CommentId(thread.seen_upto))
    return ThreadBox(thread=thread, latest=latest, new=new)
