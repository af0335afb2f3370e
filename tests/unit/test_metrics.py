"""The figures of conversations, the golden case first."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.domain.conversations.comments import CommentId, ThreadId
from aggregator.domain.conversations.hours import OfficeHours
from aggregator.domain.conversations.metrics import Exchange, delays_of, measure
from aggregator.domain.sources import SourceId

PARIS = OfficeHours(zone=ZoneInfo("Europe/Paris"))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def exchange(received_at: datetime, answered_at: datetime | None) -> Exchange:
    return Exchange(
        comment_id=CommentId(1),
        thread_id=ThreadId(1),
        source_id=SourceId(1),
        received_at=received_at,
        answered_at=answered_at,
    )


def paris(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=PARIS.zone).astimezone(UTC)


GOLDEN = tuple(
    exchange(paris(received), paris(answered))
    for received, answered in (
        ("2010-09-17T15:10", "2010-09-17T17:30"),
        ("2010-09-17T18:27", "2010-09-17T19:41"),
        ("2010-09-19T00:04", "2010-09-19T10:50"),
        ("2010-09-19T04:43", "2010-09-19T10:51"),
        ("2010-09-19T11:45", "2010-09-19T14:37"),
    )
)


def test_the_golden_case_is_exact() -> None:
    first = paris("2010-09-17T15:10") - paris("2010-09-17T06:33")
    found = measure(GOLDEN, hours=PARIS, first_after_s=[first.total_seconds()])
    assert (found.received, found.answered, found.answer_rate) == (5, 5, 1)
    assert found.delays.median_s == 172 * 60
    assert found.delays.mean_s == 280 * 60
    assert found.delays.p90_s == 646 * 60
    assert found.delays.longest_s == 646 * 60
    assert found.first_comment_after_s == (8 * 60 + 37) * 60


def test_answers_that_took_no_office_time_are_counted_apart() -> None:
    found = measure(GOLDEN, hours=PARIS)
    assert found.out_of_hours == 4
    assert found.office.count == 1
    assert found.office.median_s == found.office.longest_s == 140 * 60


def test_what_is_not_answered_is_received_and_has_no_delay() -> None:
    half = measure(
        [exchange(MONDAY, None), exchange(MONDAY, MONDAY + timedelta(hours=1))], hours=PARIS
    )
    assert (half.received, half.answered, half.answer_rate) == (2, 1, 0.5)
    assert half.delays.count == 1


def test_where_nothing_was_received_there_is_no_rate() -> None:
    found = measure([], hours=PARIS)
    assert (found.received, found.answered, found.answer_rate) == (0, 0, None)
    assert found.delays.median_s is None
    assert found.first_comment_after_s is None


def test_an_answer_dated_before_its_comment_took_no_time() -> None:
    found = measure([exchange(MONDAY, MONDAY - timedelta(minutes=5))], hours=PARIS)
    assert (found.delays.longest_s, found.out_of_hours) == (0, 1)


@pytest.mark.parametrize(
    ("delays", "median", "p90"),
    [
        ([7.0], 7.0, 7.0),
        ([1.0, 4.0], 2.5, 4.0),
        ([9.0, 1.0, 2.0], 2.0, 9.0),
        ([float(n) for n in range(10, 0, -1)], 5.5, 9.0),
        ([float(n) for n in range(1, 12)], 6.0, 10.0),
        ([float(n) for n in range(1, 101)], 50.5, 90.0),
    ],
)
def test_median_and_ninetieth_percentile_follow_their_rules(
    delays: list[float], median: float, p90: float
) -> None:
    found = delays_of(delays)
    assert (found.median_s, found.p90_s) == (median, p90)
