"""Acts on comments: done, counted, remembered, undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.domain.boards import Act
from aggregator.domain.conversations.acts import CommentAct
from aggregator.domain.conversations.comments import CommentId
from aggregator.errors import NotFoundError
from aggregator.services import reading, undoing
from aggregator.services.context import Context
from aggregator.services.conversations import acts
from aggregator.storage import tables
from tests.conversations import fresh, put, state
from tests.web.world import NOW, entry_id, steady_world


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as world:
        put(world, entry_id(world, "Billet 9"), fresh(NOW))
        yield world


def _id(context: Context, key: str) -> CommentId:
    return CommentId(state(context, key).id)


def _waiting(context: Context) -> tuple[int, int, int]:
    """Give the count of what waits, as the thread, its entry and its source keep it."""
    with context.database.read() as session:
        thread = session.execute(tables.threads.select()).one()
        entry = session.execute(
            tables.entries.select().where(tables.entries.c.id == thread.entry_id)
        ).one()
        source = session.execute(
            tables.sources.select().where(tables.sources.c.id == thread.source_id)
        ).one()
    return thread.waiting_count, entry.waiting_comments, source.waiting_count


def test_an_act_changes_the_state_and_every_counter_and_is_undone(context: Context) -> None:
    assert _waiting(context) == (3, 3, 3)
    first, second = _id(context, "f1"), _id(context, "f4")
    done = acts.change(
        context, CommentAct.FILED, [first, second], {"filed_at": NOW, "filed_why": "merci"}
    )
    assert done.count == 2
    assert [state(context, key).state for key in ("f1", "f4")] == ["handled", "handled"]
    assert _waiting(context) == (1, 1, 1)
    assert undoing.undo(context, done.action_id).act is CommentAct.FILED
    assert [state(context, key).filed_at for key in ("f1", "f4")] == [None, None]
    assert _waiting(context) == (3, 3, 3)
    with pytest.raises(NotFoundError):
        undoing.undo(context, done.action_id)


def test_what_is_so_already_is_not_undone(context: Context) -> None:
    first, second = _id(context, "f1"), _id(context, "f4")
    acts.change(context, CommentAct.STARRED, [first], {"starred": True})
    both = acts.change(context, CommentAct.STARRED, [first, second], {"starred": True})
    assert both.count == 1
    undoing.undo(context, both.action_id)
    assert (state(context, "f1").starred, state(context, "f4").starred) == (True, False)


def test_acts_on_comments_and_entries_are_undone_from_one_list(context: Context) -> None:
    reading.act(context, Act.STAR, [entry_id(context, "Billet 9")])
    acts.change(context, CommentAct.SNOOZED, [_id(context, "f1")], {"snoozed_until": NOW})
    assert undoing.undo(context).act is CommentAct.SNOOZED
    assert undoing.undo(context).act is Act.UNSTAR
    with pytest.raises(NotFoundError):
        undoing.undo(context)


def test_a_moment_comes_back_as_it_was(context: Context) -> None:
    comment_id = _id(context, "f1")
    acts.change(context, CommentAct.SNOOZED, [comment_id], {"snoozed_until": NOW})
    woken = acts.change(context, CommentAct.WAITING, [comment_id], {"snoozed_until": None})
    assert state(context, "f1").state == "waiting"
    undoing.undo(context, woken.action_id)
    assert state(context, "f1").snoozed_until == NOW


def test_a_comment_that_is_not_there_cannot_be_acted_on(context: Context) -> None:
    with pytest.raises(NotFoundError):
        acts.change(context, CommentAct.STARRED, [CommentId(99_999)], {"starred": True})
