"""Threads as trees: their order, what is shown of long ones, how deep they nest; waits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.hours import OfficeHours
from aggregator.domain.conversations.trees import DEEPEST, chosen, grown, piece, spots
from aggregator.domain.conversations.waits import Haste, waited

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def tree(*twigs: tuple[int, int | None]) -> list[tuple[CommentId, CommentId | None]]:
    return [(CommentId(one), None if above is None else CommentId(above)) for one, above in twigs]


def ids(*numbers: int) -> tuple[CommentId, ...]:
    return tuple(CommentId(number) for number in numbers)


def test_each_branch_is_told_to_its_end_before_the_next_begins() -> None:
    grown_tree = grown(tree((1, None), (2, None), (3, 1), (4, 2), (5, 3), (6, 1)))
    assert grown_tree.order == ids(1, 3, 5, 6, 2, 4)


def test_what_answers_nothing_that_is_here_answers_the_article() -> None:
    assert grown(tree((2, 99), (3, 3))).parents == {2: None, 3: None}


@given(
    st.lists(st.integers(1, 12), max_size=12, unique=True),
    st.lists(st.one_of(st.none(), st.integers(1, 12)), min_size=12, max_size=12),
)
def test_whatever_the_parents_each_comment_is_told_once(
    numbers: list[int], parents: list[int | None]
) -> None:
    made = grown(tree(*zip(numbers, parents, strict=False)))
    assert sorted(made.order) == sorted(numbers)
    assert len(spots(made, made.order)) == len(numbers)


def test_a_chain_of_fifty_thousand_is_walked() -> None:
    chain = grown(tree((1, None), *((one, one - 1) for one in range(2, 50_001))))
    assert chain.order[-1] == 50_000
    deepest = spots(chain, chain.order)[-1]
    assert (deepest.depth, deepest.answers, deepest.is_told) == (DEEPEST, 49_999, True)


def test_of_a_long_thread_what_is_wanted_comes_with_what_it_answers() -> None:
    long = grown(tree((1, None), (2, 1), *((one, None) for one in range(3, 200))))
    shown = chosen(long, ids(2), most=5)
    assert shown == ids(1, 2, 197, 198, 199)


def test_more_that_is_wanted_than_there_is_room_for_keeps_to_the_first() -> None:
    long = grown(tree(*((one, None) for one in range(1, 200))))
    assert chosen(long, ids(*range(1, 100)), most=5) == ids(1, 2, 3, 4, 5)


def test_a_thread_is_gone_through_piece_by_piece_and_nothing_is_left_out() -> None:
    long = grown(tree((1, None), (2, 1), (3, 1), (4, None), (5, 4)))
    first, after = piece(long, None, most=2)
    second, then = piece(long, after, most=2)
    third, end = piece(long, then, most=2)
    assert (first + second + third, end) == (long.order, None)


def test_an_answer_whose_comment_is_not_shown_says_whom_it_answers() -> None:
    made = grown(tree((1, None), (2, 1), (3, 2)))
    found = spots(made, ids(1, 3))
    assert [(spot.depth, spot.answers, spot.is_told) for spot in found] == [
        (0, None, False),
        (1, 2, True),
    ]


@pytest.mark.parametrize(
    ("hours", "haste"), [(1, Haste.CALM), (11, Haste.CALM), (12, Haste.SOON), (24, Haste.LATE)]
)
def test_a_wait_is_measured_by_what_one_promises(hours: int, haste: Haste) -> None:
    since = NOW - timedelta(hours=hours)
    wait = waited(since, now=NOW, within=timedelta(hours=24), hours=OfficeHours(zone=UTC))
    assert wait.haste is haste


def test_office_time_leaves_the_night_out() -> None:
    since = NOW - timedelta(hours=16)  # Tuesday 17:00
    wait = waited(since, now=NOW, within=timedelta(hours=24), hours=OfficeHours(zone=UTC))
    assert wait.office == timedelta(hours=1)


def test_a_comment_from_the_future_waits_for_nothing_yet() -> None:
    ahead = NOW + timedelta(days=1)
    wait = waited(ahead, now=NOW, within=timedelta(hours=24), hours=OfficeHours(zone=UTC))
    assert (wait.haste, wait.office) == (Haste.CALM, timedelta(0))
