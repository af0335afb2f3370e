"""Acts on comments: done, counted, remembered, undone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.domain.boards import Act
from aggregator.domain.conversations.acts import CommentAct
from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.putting_off import Until
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services import reading, undoing
from aggregator.services.context import Context
from aggregator.services.conversations import acts, inbox
from aggregator.storage import tables
from tests.conversations import comment, fresh, golden, put, state
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


def test_an_answer_that_was_sent_is_looked_for_three_times(context: Context) -> None:
    _follow_comments(context)
    done = acts.sent(context, _id(context, "f1"))
    assert state(context, "f1").state == "sent"
    assert _waiting(context) == (2, 2, 2)
    means = inbox.means(context, inbox.comment(context, _id(context, "f1")))
    assert means.is_followed
    assert means.search is not None
    assert means.search.next_at == NOW + timedelta(minutes=5)
    undoing.undo(context, done.action_id)
    assert state(context, "f1").state == "waiting"


def test_where_no_comment_is_asked_for_it_is_said(context: Context) -> None:
    acts.sent(context, _id(context, "f1"))
    means = inbox.means(context, inbox.comment(context, _id(context, "f1")))
    assert not means.is_followed
    assert not acts.look_again(context, _id(context, "f1"))


def test_i_have_answered_closes_at_once(context: Context) -> None:
    acts.close(context, _id(context, "f1"))
    assert state(context, "f1").state == "answered"
    assert state(context, "f1").answered_at == NOW
    acts.wait_again(context, [_id(context, "f1")])
    assert state(context, "f1").state == "waiting"


def test_an_act_replaces_the_one_before(context: Context) -> None:
    first = _id(context, "f1")
    acts.put_off(context, [first], Until.TOMORROW)
    acts.file_away(context, [first], "")
    row = state(context, "f1")
    assert (row.state, row.filed_why, row.snoozed_until) == ("handled", None, None)


def test_what_is_put_off_comes_back_as_work_begins(context: Context) -> None:
    acts.put_off(context, [_id(context, "f1")], date(2026, 12, 1))
    assert state(context, "f1").snoozed_until == datetime(2026, 12, 1, 8, tzinfo=UTC)
    with pytest.raises(InvalidInputError):
        acts.put_off(context, [_id(context, "f1")], date(2026, 11, 1))


def test_labels_are_put_on_taken_off_undone_and_forgotten(context: Context) -> None:
    first, second = _id(context, "f1"), _id(context, "f4")
    acts.label(context, [first], "presse", carried=True)
    both = acts.label(context, [first, second], " presse ", carried=True)
    assert both.count == 1
    assert inbox.comment(context, second).labels == ("presse",)
    undoing.undo(context, both.action_id)
    assert inbox.comment(context, second).labels == ()
    assert acts.drop_unused_labels(context) == 0
    off = acts.label(context, [first], "presse", carried=False)
    assert acts.drop_unused_labels(context) == 1
    undoing.undo(context, off.action_id)
    assert inbox.comment(context, first).labels == ("presse",)
    with pytest.raises(InvalidInputError):
        acts.label(context, [first], "  ", carried=True)


def test_a_draft_is_kept_across_acts_undoing_and_polls(context: Context) -> None:
    first = _id(context, "f1")
    acts.keep_draft(context, first, "Le samedi aussi.")
    done = acts.file_away(context, [first], "")
    undoing.undo(context, done.action_id)
    put(context, entry_id(context, "Billet 9"), [comment("f1", at=NOW, text="Corrigé.")])
    row = state(context, "f1")
    assert (row.text, row.draft) == ("Corrigé.", "Le samedi aussi.")
    acts.keep_draft(context, first, "  ")
    assert state(context, "f1").draft is None
    with pytest.raises(InvalidInputError):
        acts.keep_draft(context, first, "x" * 20_001)


def test_notes_and_names_survive_a_poll(context: Context) -> None:
    first = _id(context, "f1")
    acts.note(context, first, " à rappeler ")
    acts.assign(context, first, "Magalie   du service")
    put(context, entry_id(context, "Billet 9"), [comment("f1", at=NOW, text="Corrigé.")])
    row = state(context, "f1")
    assert (row.note, row.assigned_to) == ("à rappeler", "Magalie du service")
    assert inbox.choices(context).names == ("Magalie du service",)
    acts.assign(context, first, "")
    assert state(context, "f1").assigned_to is None


def test_phrases_are_kept_once_inserted_and_deleted(context: Context) -> None:
    assert acts.keep_phrase(context, " Merci de votre passage ! ")
    assert not acts.keep_phrase(context, "Merci de votre passage !")
    [phrase] = inbox.means(context, inbox.comment(context, _id(context, "f1"))).phrases
    assert inbox.with_phrase(context, "Bonjour.", phrase.id) == "Bonjour.\n" + phrase.text
    acts.drop_phrase(context, phrase.id)
    with pytest.raises(NotFoundError):
        acts.drop_phrase(context, phrase.id)
    with pytest.raises(NotFoundError):
        inbox.with_phrase(context, "", phrase.id)
    with pytest.raises(InvalidInputError):
        acts.keep_phrase(context, " ")


def _follow_comments(context: Context) -> None:
    with context.database.write() as session:
        entry = entry_id(context, "Billet 9")
        query = tables.entries.select().where(tables.entries.c.id == entry)
        session.execute(
            tables.comment_feeds.insert().values(
                source_id=session.execute(query).one().source_id,
                entry_id=entry,
                url="https://cwm.example.org/billet/feed",
                origin="announced",
                others=[],
                host="cwm.example.org",
                asked_for=[],
            )
        )


def test_what_expects_no_answer_is_neither_filed_nor_put_off(context: Context) -> None:
    """Else it would be said to be done, and stand where it stood."""
    put(context, entry_id(context, "Quantité ou qualité ?"), golden())
    with context.database.read() as session:
        found = session.execute(tables.comments.select()).all()
    mine = [CommentId(row.id) for row in found if row.mine is not None]
    assert mine
    assert acts.file_away(context, mine, "").count == 0
    assert acts.put_off(context, mine, Until.TOMORROW).count == 0
    waiting = _id(context, "f1")
    assert acts.file_away(context, [*mine, waiting], "").count == 1
    assert acts.hide(context, mine[:1], hidden=True).count == 1
