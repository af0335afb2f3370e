"""Threads shown: in order, what is new, what is left out of long ones."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from aggregator.domain.conversations.comments import CommentId, Kind, State, ThreadId
from aggregator.domain.conversations.trees import MOST
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.services.conversations import showing
from aggregator.services.conversations.showing import Said, ThreadView
from aggregator.storage import tables
from tests.conversations import comment, fresh, golden, put
from tests.web.world import NOW, entry_id, set_source, steady_world

POST = "Quantité ou qualité ?"


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as world:
        yield world


def walked(said: tuple[Said, ...]) -> Iterator[Said]:
    for one in said:
        yield one
        yield from walked(one.replies)


def of(context: Context, title: str = POST) -> ThreadView:
    view = showing.of_entry(context, entry_id(context, title))
    assert view is not None
    return view


def keys(view: ThreadView) -> list[tuple[str, int]]:
    return [(one.comment.key, one.depth) for one in walked(view.said)]


def many(context: Context, count: int) -> None:
    at = NOW - timedelta(days=30)
    put(
        context,
        entry_id(context, POST),
        [
            comment(f"m{number}", at=at + timedelta(minutes=number), kind=Kind.COMMENT)
            for number in range(count)
        ],
    )


def test_an_article_without_comments_has_no_thread(context: Context) -> None:
    assert showing.of_entry(context, entry_id(context, POST)) is None


def test_the_golden_thread_shows_each_answer_under_its_comment(context: Context) -> None:
    put(context, entry_id(context, POST), golden())
    assert keys(of(context)) == [
        *(("c1", 0), ("c2", 1), ("c3", 0), ("c4", 1), ("c5", 0), ("c6", 1)),
        *(("c7", 0), ("c8", 1), ("c9", 0), ("c10", 1)),
    ]


def test_pingbacks_stand_apart(context: Context) -> None:
    put(context, entry_id(context, POST), fresh(NOW))
    view = of(context)
    assert [one.key for one in view.pingbacks] == ["f5"]
    assert "f5" not in dict(keys(view))


def test_new_is_what_came_since_the_last_look_but_for_mine(context: Context) -> None:
    entry = entry_id(context, POST)
    put(context, entry, golden())
    first = of(context)
    assert (first.new, first.first_new) == (0, None)
    showing.look(context, first.thread.id, first.upto)
    put(context, entry, fresh(NOW))
    view = of(context)
    new = {one.comment.key for one in walked(view.said) if one.is_new}
    assert new == {"f1", "f2", "f4", "f6"}
    # The pingback is news too, folded as it is.
    assert view.new == 5
    assert view.first_new is not None
    showing.look(context, view.thread.id, view.upto)
    assert of(context).new == 0


def test_a_look_goes_no_further_than_there_are_comments_and_never_back(context: Context) -> None:
    put(context, entry_id(context, POST), golden())
    view = of(context)
    showing.look(context, view.thread.id, CommentId(10**9))
    assert of(context).thread.seen_upto == view.upto
    showing.look(context, view.thread.id, CommentId(1))
    assert of(context).thread.seen_upto == view.upto


def test_of_a_long_thread_what_waits_is_shown_and_the_rest_is_counted(context: Context) -> None:
    many(context, 300)
    view = of(context)
    shown = [one.comment for one in walked(view.said)]
    assert (len(shown), view.left_out) == (MOST, 300 - MOST)
    assert shown[0].key == "m0"
    assert all(one.state is State.WAITING for one in shown)


def test_one_comes_to_any_comment_of_a_long_thread(context: Context) -> None:
    many(context, 300)
    wanted = next(
        one.comment.id
        for one in walked(showing.go_on(context, ThreadId(1), CommentId(180)).said)
        if one.comment.key == "m200"
    )
    assert "m200" not in dict(keys(of(context)))
    view = showing.show(context, ThreadId(1), at=wanted)
    assert "m200" in dict(keys(view))


def test_all_of_a_long_thread_can_be_gone_through(context: Context) -> None:
    many(context, 150)
    found: list[str] = []
    after: CommentId | None = None
    while True:
        view = showing.go_on(context, ThreadId(1), after)
        found += dict(keys(view))
        if (after := view.goes_on) is None:
            break
    assert found == [f"m{number}" for number in range(150)]


def test_a_thread_whose_source_left_is_not_shown(context: Context) -> None:
    put(context, entry_id(context, POST), golden())
    set_source(context, "Le blog de CWM", listed=False)
    with pytest.raises(NotFoundError):
        showing.show(context, ThreadId(1))


def test_whom_a_comment_may_answer_begins_with_what_is_open(context: Context) -> None:
    ids = put(context, entry_id(context, POST), fresh(NOW))
    last, found = showing.candidates(context, max(ids))
    assert last.key == "f4"
    assert [one.key for one in found] == ["f1", "f6", "f3", "f2"]


@pytest.mark.parametrize(
    ("origin", "worked", "told"),
    [("announced", False, True), ("wordpress", False, False), ("wordpress", True, True)],
)
def test_only_a_comment_feed_that_is_missed_is_a_trouble(
    context: Context, origin: str, *, worked: bool, told: bool
) -> None:
    entry = entry_id(context, POST)
    put(context, entry, golden())
    with context.database.write() as session:
        session.execute(
            tables.comment_feeds.insert().values(
                source_id=1,
                entry_id=entry,
                url="https://cwm.example.org/comments/feed/",
                host="cwm.example.org",
                origin=origin,
                others=[],
                asked_for=[],
                fault_code="http-404",
                fault_params={},
                last_success_at=NOW if worked else None,
            )
        )
        session.execute(update(tables.threads).values(looked_at=NOW))
    assert bool(of(context).troubles) is told
