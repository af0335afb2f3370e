"""When a source that moved for good is asked at its new address."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.domain.moves import Move, after_poll, is_settled, permanent_target

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = "https://cwm.example/feed"
OTHER = "https://cwm.example/other"


@pytest.mark.parametrize(
    ("steps", "target"),
    [
        ([], None),
        ([(301, NEW)], NEW),
        ([(308, NEW)], NEW),
        ([(301, OTHER), (308, NEW)], NEW),
        ([(301, NEW), (302, OTHER)], NEW),
        ([(302, OTHER), (301, NEW)], None),
        ([(303, NEW)], None),
        ([(307, NEW)], None),
    ],
)
def test_a_chain_leads_on_for_good_as_far_as_it_is_permanent_from_the_start(
    steps: list[tuple[int, str]], target: str | None
) -> None:
    assert permanent_target(steps) == target


def test_a_move_is_believed_after_three_polls_over_a_day() -> None:
    move = None
    believed = []
    for hour in range(0, 30, 6):
        move = after_poll(move, NEW, now=NOW + hour * HOUR)
        believed.append(is_settled(move, now=NOW + hour * HOUR))
    assert believed == [False, False, False, False, True]


def test_three_polls_are_needed_however_far_apart_they_are() -> None:
    move = after_poll(Move(to=NEW, polls=1, since=NOW - 900 * HOUR), NEW, now=NOW)
    assert not is_settled(move, now=NOW)
    assert is_settled(after_poll(move, NEW, now=NOW), now=NOW)


def test_another_target_or_none_begins_anew() -> None:
    known = Move(to=OTHER, polls=9, since=NOW - 900 * HOUR)
    assert after_poll(known, NEW, now=NOW) == Move(to=NEW, polls=1, since=NOW)
    assert after_poll(known, None, now=NOW) is None
    assert not is_settled(None, now=NOW)


def test_a_move_first_seen_by_a_wrong_clock_begins_anew() -> None:
    known = Move(to=NEW, polls=2, since=NOW + HOUR)
    assert after_poll(known, NEW, now=NOW) == Move(to=NEW, polls=1, since=NOW)
