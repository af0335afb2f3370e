"""The inbox: each queue holds what belongs to it, in its order, filtered and counted."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.inbox import Age, Filters, Queue
from aggregator.domain.conversations.putting_off import Until
from aggregator.domain.items import EntryId
from aggregator.domain.lists import Place
from aggregator.domain.sources import SourceId
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.services.conversations import acts, inbox
from tests.conversations import ME, MINE_URL, comment, fresh, golden, put, state
from tests.web.world import NOW, entry_id, set_source, steady_world


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as world:
        put(world, entry_id(world, "Quantité ou qualité ?"), golden())
        put(world, entry_id(world, "Billet 9"), fresh(NOW))
        yield world


def _id(context: Context, key: str) -> CommentId:
    return CommentId(state(context, key).id)


def _keys(context: Context, queue: Queue, **filters: object) -> list[str]:
    pile = inbox.pile(context, queue, Filters(**filters))  # type: ignore[arg-type]
    keys = {_id(context, key): key for key in ("f1", "f2", "f3", "f4", "f5", "f6")}
    return [keys.get(line.id, "golden") for line in pile.lines]


def test_what_waits_longest_stands_first(context: Context) -> None:
    assert _keys(context, Queue.WAITING) == ["f1", "f6", "f4"]
    first = inbox.pile(context, Queue.WAITING, Filters()).lines[0]
    assert (first.author, first.thread_title, first.source_name, first.asks) == (
        "Magalie",
        "Billet 9",
        "Le blog de CWM",
        True,
    )


def test_each_comment_is_in_the_queue_of_what_was_done_with_it(context: Context) -> None:
    acts.file_away(context, [_id(context, "f1")], " pas  besoin ")
    acts.put_off(context, [_id(context, "f4")], Until.TOMORROW)
    acts.hide(context, [_id(context, "f6")], hidden=True)
    assert {queue: _keys(context, queue) for queue in Queue} == {
        Queue.WAITING: [],
        Queue.OTHERS: ["f3", *["golden"] * 5],
        Queue.SENT: [],
        Queue.ANSWERED: ["f2", *["golden"] * 5],
        Queue.HANDLED: ["f1"],
        Queue.SNOOZED: ["f4"],
        Queue.PINGBACKS: ["f5"],
        Queue.HIDDEN: ["f6"],
    }
    assert inbox.pile(context, Queue.HANDLED, Filters()).lines[0].filed_why == "pas besoin"
    counted = {queue: count.number for queue, count in inbox.counts(context).items()}
    assert counted == {queue: len(_keys(context, queue)) for queue in Queue}


def test_the_counts_tell_since_when_the_first_waits(context: Context) -> None:
    assert inbox.counts(context)[Queue.WAITING].oldest_at == NOW - timedelta(days=2)
    assert inbox.count_waiting(context) == 3


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({"question": True}, ["f1"]),
        ({"age": Age.LATE}, ["f1"]),
        ({"age": Age.TODAY}, ["f6", "f4"]),
        ({"age": Age.WEEK}, ["f1", "f6", "f4"]),
        ({"label": "presse"}, ["f4"]),
        ({"assigned_to": "Magalie"}, ["f4"]),
        ({"assigned_to": "Magalie", "question": True}, []),
        ({"source_id": SourceId(1)}, ["f1", "f6", "f4"]),
        ({"source_id": SourceId(2)}, []),
    ],
)
def test_filters_narrow_a_queue_together(
    context: Context, filters: dict[str, object], keys: list[str]
) -> None:
    acts.label(context, [_id(context, "f4")], "presse", carried=True)
    acts.assign(context, _id(context, "f4"), "Magalie")
    assert _keys(context, Queue.WAITING, **filters) == keys


def test_a_long_queue_goes_on_where_it_stopped(context: Context) -> None:
    items = [
        comment(f"g{number}", author=f"G{number}", at=NOW - timedelta(minutes=number // 2))
        for number in range(70)
    ]
    put(context, entry_id(context, "Billet 8"), items)
    seen: list[CommentId] = []
    after = None
    while True:
        pile = inbox.pile(context, Queue.WAITING, Filters(), after=after)
        seen += [line.id for line in pile.lines]
        if pile.next is None:
            break
        after = pile.next
    assert len(seen) == len(set(seen)) == 73


def test_a_source_that_left_feeds_yaml_is_in_no_queue(context: Context) -> None:
    set_source(context, "Le blog de CWM", listed=False)
    assert all(not count.number for count in inbox.counts(context).values())
    assert inbox.count_waiting(context) == 0
    assert _keys(context, Queue.WAITING) == []
    with pytest.raises(NotFoundError):
        inbox.opened(context, _id(context, "f1"))


def test_an_open_comment_comes_with_its_thread_and_who_wrote_it(context: Context) -> None:
    opened = inbox.opened(context, _id(context, "f1"))
    assert opened.view.thread.title == "Billet 9"
    assert opened.person is not None
    assert (opened.person.name, opened.person.count, opened.person.site) == ("Magalie", 2, None)
    before = opened.person.exchanges[0]
    assert before.title == "Quantité ou qualité ?"
    assert before.answer == "Merci de ce retour d’expérience !"


def test_beside_a_comment_of_mine_stands_whom_it_answers(context: Context) -> None:
    opened = inbox.opened(context, _id(context, "f3"))
    assert opened.person is not None
    assert opened.person.name == "Erick"


def test_people_who_sign_otherwise_with_one_site_are_told(context: Context) -> None:
    url = "http://erick.example/"
    items = [comment("h1", author="Erick du blog", url=url, at=NOW)]
    put(context, entry_id(context, "Billet 8"), items)
    opened = inbox.opened(context, CommentId(state(context, "h1").id))
    assert opened.person is not None
    assert (opened.person.others, opened.person.count) == (("Erick",), 1)


def test_where_nothing_was_said_nothing_is_stored(tmp_path: Path) -> None:
    with steady_world(tmp_path) as world:
        assert inbox.is_empty(world)
        put(world, entry_id(world, "Billet 9"), [comment("a", at=NOW)])
        assert not inbox.is_empty(world)


def test_an_answer_that_comes_takes_the_comment_out_of_the_sent_ones(context: Context) -> None:
    acts.sent(context, _id(context, "f1"))
    assert _keys(context, Queue.SENT) == ["f1"]
    answer = comment(
        "f7", author="CWM", url=MINE_URL, at=NOW, text="Le samedi aussi.", in_reply_to=("f1",)
    )
    put(context, entry_id(context, "Billet 9"), [answer], me=ME)
    assert _keys(context, Queue.SENT) == []
    assert _keys(context, Queue.ANSWERED)[-1] == "golden"
    assert state(context, "f1").state == "answered"


@pytest.mark.parametrize(
    ("queue", "filters", "index"),
    [
        (Queue.WAITING, Filters(), "ix_comments_state"),
        (Queue.ANSWERED, Filters(), "ix_comments_state"),
        (Queue.ANSWERED, Filters(source_id=SourceId(1)), "ix_comments_source_state"),
        (Queue.ANSWERED, Filters(age=Age.WEEK, question=True), "ix_comments_state"),
        (Queue.OTHERS, Filters(), "ix_comments_last_word"),
        (Queue.OTHERS, Filters(source_id=SourceId(1)), "ix_comments_source_last_word"),
        (Queue.PINGBACKS, Filters(), "ix_comments_pingbacks"),
        (Queue.PINGBACKS, Filters(source_id=SourceId(1)), "ix_comments_source_pingbacks"),
    ],
)
def test_queues_are_walked_along_their_index(
    context: Context, queue: Queue, filters: Filters, index: str
) -> None:
    after = Place(published_at=NOW, id=EntryId(5))
    plan = _plan(context, lambda: inbox.pile(context, queue, filters, after=after))
    assert f"SEARCH comments USING INDEX {index} " in plan or f" {index}\n" in plan
    assert "TEMP B-TREE" not in plan


def test_queues_are_counted_as_long_as_they_are(context: Context) -> None:
    counts = inbox.counts(context)
    assert sum(count.number for count in counts.values()) > 0
    for queue, count in counts.items():
        assert len(inbox.pile(context, queue, Filters()).lines) == count.number


def _plan(context: Context, ask: Callable[[], object]) -> str:
    """Tell how SQLite goes about the first query about comments."""
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if "FROM comments" in statement:
            asked.append((statement, given))

    engine = context.database._readers
    event.listen(engine, "before_cursor_execute", hear)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    statement, given = asked[0]
    with context.database.read() as session:
        rows = session.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    return "".join(f"{row[3]}\n" for row in rows)
