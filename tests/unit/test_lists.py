"""Places and names of lists, as addresses carry them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.lists import (
    Order,
    Place,
    Scope,
    Show,
    Wanted,
    read_place,
    read_wanted,
    with_row,
    write_place,
    write_wanted,
)
from aggregator.domain.sources import SourceId

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def row(number: int, *, hours: int) -> EntryRow:
    return EntryRow(
        id=EntryId(number),
        key=f"key-{number}",
        source_id=SourceId(1),
        source_url="https://cwm.example/rss",
        source_name="Le blog de CWM",
        title=f"Billet {number}",
        url=None,
        author=None,
        published_at=NOW - timedelta(hours=hours),
        updated_at=None,
        comment_count=None,
        read=False,
        starred=False,
        language=None,
    )


@given(
    st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 1, 1)),  # noqa: DTZ001 - made aware below
    st.integers(min_value=0, max_value=10**18 - 1),
)
def test_a_place_is_read_as_it_was_written(moment: datetime, number: int) -> None:
    place = Place(published_at=moment.replace(tzinfo=UTC), id=EntryId(number))
    assert read_place(write_place(place)) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "12",
        "12-",
        "-12",
        "a-1",
        "1-b",
        "1--1",
        "\u0661-\u0661",
        "9" * 19 + "-1",
        "9" * 18 + "-1",
    ],
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert read_place(text) is None


@pytest.mark.parametrize("show", Show)
@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize(
    "scope",
    [Scope(), Scope(kept=True), Scope(page_slug="veille"), Scope(source_id=SourceId(3))],
)
def test_a_list_is_read_as_it_was_written(scope: Scope, show: Show, order: Order) -> None:
    wanted = Wanted(scope=scope, show=show, order=order)
    assert read_wanted(write_wanted(wanted)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "everything",
        "nothing/unread/newest",
        "page:/unread/newest",
        "source:x/unread/newest",
        "kept:1/all/newest",
        "everything/some/newest",
        "everything/all/best",
    ],
)
def test_what_names_no_list_is_none(text: str) -> None:
    assert read_wanted(text) is None


def test_what_is_kept_is_shown_read_or_not() -> None:
    assert Wanted(scope=Scope()).only_unread
    assert not Wanted(scope=Scope(kept=True)).only_unread
    assert not Wanted(scope=Scope(), show=Show.ALL).only_unread


@pytest.mark.parametrize(("order", "ids"), [(Order.NEWEST, [1, 2, 3]), (Order.OLDEST, [3, 2, 1])])
def test_an_entry_is_put_at_its_place(order: Order, ids: list[int]) -> None:
    rows = {number: row(number, hours=number) for number in ids}
    without = [rows[number] for number in ids if number != 2]
    assert [each.id for each in with_row(without, rows[2], order)] == ids


def test_entries_of_one_moment_stand_in_the_order_of_their_ids() -> None:
    rows = [row(3, hours=1), row(1, hours=1)]
    assert [each.id for each in with_row(rows, row(2, hours=1), Order.NEWEST)] == [3, 2, 1]
