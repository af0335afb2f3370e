"""The list of sources: what each choice shows, and each order."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.domain.overview import Order, Show, Sketch, counted, ordered, shown_by, usefulness
from aggregator.domain.schedule import Because
from aggregator.domain.sources import SourceId, SourceState

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)


def sketch(name: str = "CWM", state: SourceState = SourceState.OK, **told: Any) -> Sketch:
    return Sketch(id=SourceId(1), name=name, state=state, **told)


def names(sketches: list[Sketch], order: Order) -> list[str]:
    return [one.name for one in ordered(sketches, order)]


def test_trouble_comes_first_the_longest_before_others() -> None:
    in_order = [
        sketch("gone", SourceState.GONE, failing_since=NOW),
        sketch("fails long", SourceState.FAILING, failing_since=LONG_AGO),
        sketch("fails", SourceState.FAILING, failing_since=NOW),
        sketch("refused", SourceState.FAILING, failing_since=LONG_AGO, because=Because.REFUSED),
        sketch("stands back", SourceState.FAILING, failing_since=NOW, because=Because.DUPLICATE),
        sketch("double", duplicate=True),
        sketch("asleep", SourceState.DORMANT),
        sketch("slow", SourceState.SLOW),
        sketch("new", SourceState.NEW),
        sketch("first"),
        sketch("second"),
        sketch("paused", SourceState.PAUSED),
        sketch("retired", SourceState.RETIRED),
    ]
    mixed = [*in_order[:-2][::-1][2:], in_order[9], in_order[10], *in_order[-2:][::-1]]
    assert names(mixed, Order.TROUBLE) == [one.name for one in in_order]


def test_names_are_ordered_as_people_do() -> None:
    found = names([sketch("Zoé"), sketch("Écran"), sketch("eau"), sketch("été")], Order.NAME)
    assert found == ["eau", "Écran", "été", "Zoé"]


def test_what_one_opens_most_of_is_most_useful_and_few_entries_say_little() -> None:
    found = names(
        [
            sketch("one of one", arrived=1, used=1),
            sketch("none of fifty", arrived=50),
            sketch("forty of fifty", arrived=50, used=40),
            sketch("five of five", arrived=5, used=5),
        ],
        Order.USEFULNESS,
    )
    assert found == ["forty of fifty", "five of five", "one of one", "none of fifty"]


def test_old_entries_that_are_opened_make_nothing_more_than_wholly_useful() -> None:
    assert 0.9 < usefulness(sketch(arrived=1, used=100)) <= 1


def test_the_most_entries_come_first_by_rhythm_and_the_list_keeps_its_own() -> None:
    sketches = [sketch("few", arrived=1), sketch("many", arrived=9)]
    assert names(sketches, Order.RHYTHM) == ["many", "few"]
    assert names(sketches, Order.LIST) == ["few", "many"]


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (sketch(), {Show.NO_PURPOSE}),
        (sketch(has_purpose=True), set()),
        (sketch(has_purpose=True, is_counted=True), {Show.UNREAD}),
        (sketch(has_purpose=True, is_counted=True, used=1), set()),
        (sketch(has_purpose=True, is_counted=False), set()),
        (sketch(state=SourceState.GONE, has_purpose=True), {Show.TROUBLE}),
        (sketch(state=SourceState.DORMANT, has_purpose=True), {Show.ASLEEP}),
        (sketch(has_purpose=True, duplicate=True), {Show.TROUBLE}),
        (
            sketch(state=SourceState.RETIRED, duplicate=True, is_counted=True),
            {Show.STOPPED},
        ),
        (sketch(state=SourceState.PAUSED), {Show.STOPPED, Show.NO_PURPOSE}),
    ],
)
def test_each_choice_shows_its_own(one: Sketch, shown: set[Show]) -> None:
    assert shown_by(one) == {Show.ALL, *shown}
    counts = counted([one])
    assert {show for show, count in counts.items() if count} == {Show.ALL, *shown}
