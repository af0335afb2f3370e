"""Figures of conversations: counted as promised, each as long as the list behind it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from aggregator.domain.conversations.periods import Days, Period, Unit
from aggregator.domain.following import Preferences
from aggregator.domain.sources import SourceId
from aggregator.services.context import Context
from aggregator.services.conversations.behind import Behind, Narrowed, behind
from aggregator.services.conversations.figures import (
    Asked,
    Figures,
    asked_for,
    figures,
    metrics_of,
)
from aggregator.storage import tables
from aggregator.storage.conversations import figures as storage
from tests.conversations import MINE_URL, comment, fresh, golden, put
from tests.web.world import NOW, entry_id, set_source, steady_world

PARIS = Preferences()
GOLDEN_DAYS = Days(first=date(2010, 9, 17), last=date(2010, 9, 19))


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as world:
        yield world


def asked(
    context: Context, period: str = "all", *, first: date | None = None, last: date | None = None
) -> Asked:
    return asked_for(
        Period(period), now=context.clock(), preferences=PARIS, first=first, last=last
    )


def made(context: Context, wanted: Asked) -> Figures:
    return figures(context, wanted, preferences=PARIS)


def count(context: Context, wanted: Asked, what: Behind, **part: int) -> int:
    """Read the list behind a number to its end, and count it."""
    narrowed = Narrowed(what=what, **part)
    seen: list[int] = []
    begin: int | None = 0
    while begin is not None:
        page = behind(context, wanted, narrowed, preferences=PARIS, begin=begin, most=3)
        seen += [each.line.id for each in page.lines]
        begin = page.next
    assert len(set(seen)) == len(seen) == page.count
    return len(seen)


@pytest.fixture
def discussed(context: Context) -> Context:
    """Have the golden case, comments of these days, and two years of others."""
    article = entry_id(context, "Quantité ou qualité ?")
    with context.database.write() as session:
        session.execute(
            update(tables.entries)
            .where(tables.entries.c.id == article)
            .values(published_at=datetime(2010, 9, 17, 4, 33, tzinfo=UTC))
        )
    put(context, article, (*golden(), *fresh(NOW)))
    others = []
    for number in range(40):
        at = NOW - timedelta(days=18 * number, hours=7 * number)
        others.append(comment(f"o{number}", author="Erick", at=at))
        if number % 3:
            answered_at = at + timedelta(minutes=37 * number)
            others.append(
                comment(
                    f"a{number}",
                    author="CWM",
                    url=MINE_URL,
                    at=min(answered_at, NOW),
                    in_reply_to=(f"o{number}",),
                )
            )
    put(context, entry_id(context, "Billet 3"), others)
    return context


def test_the_golden_case_is_exact(context: Context) -> None:
    article = entry_id(context, "Quantité ou qualité ?")
    with context.database.write() as session:
        session.execute(
            update(tables.entries)
            .where(tables.entries.c.id == article)
            .values(published_at=datetime(2010, 9, 17, 4, 33, tzinfo=UTC))
        )
    put(context, article, golden())
    found = made(context, asked(context))
    metrics = found.metrics
    assert (metrics.received, metrics.answered, metrics.answer_rate) == (5, 5, 1)
    assert metrics.delays.median_s == 172 * 60
    assert metrics.delays.mean_s == 280 * 60
    assert metrics.delays.longest_s == 646 * 60
    assert metrics.office.median_s == 140 * 60
    assert metrics.out_of_hours == 4
    assert (metrics.first_comment_after_s, found.openings) == ((8 * 60 + 37) * 60, 1)


def test_each_number_is_as_long_as_the_list_behind_it(discussed: Context) -> None:
    for wanted in (
        asked(discussed),
        asked(discussed, "30d"),
        asked(discussed, "12m"),
        asked(discussed, "chosen", first=date(2010, 9, 18), last=date(2010, 9, 19)),
    ):
        found = made(discussed, wanted)
        metrics = found.metrics
        assert count(discussed, wanted, Behind.RECEIVED) == metrics.received > 0
        assert count(discussed, wanted, Behind.ANSWERED) == metrics.answered
        unanswered = metrics.received - metrics.answered
        assert count(discussed, wanted, Behind.UNANSWERED) == unanswered
        assert count(discussed, wanted, Behind.IN_OFFICE) == metrics.office.count
        assert count(discussed, wanted, Behind.OUT_OF_HOURS) == metrics.out_of_hours
        assert count(discussed, wanted, Behind.FIRST) == found.openings


def test_each_part_is_as_long_as_the_list_behind_it(discussed: Context) -> None:
    wanted = asked(discussed, "12m")
    found = made(discussed, wanted)
    for parts in (found.by_time, found.by_hour, found.by_weekday, found.by_source):
        assert sum(slot.received for slot in parts) == found.metrics.received
        assert sum(slot.answered for slot in parts) == found.metrics.answered
    for slot in (*found.by_hour, *found.by_weekday):
        part = {"hour": slot.hour, "weekday": slot.weekday}
        narrow = {name: value for name, value in part.items() if value is not None}
        assert count(discussed, wanted, Behind.RECEIVED, **narrow) == slot.received
        assert count(discussed, wanted, Behind.ANSWERED, **narrow) == slot.answered
    assert found.unit is Unit.MONTH
    for slot in found.by_time:
        assert slot.days
        assert slot.days.first
        assert slot.days.last
        month = asked(discussed, "chosen", first=slot.days.first, last=slot.days.last)
        assert count(discussed, month, Behind.RECEIVED) == slot.received


def test_hours_and_days_are_those_where_one_lives(context: Context) -> None:
    put(
        context,
        entry_id(context, "Billet 3"),
        [comment("late", at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))],
    )
    found = made(context, asked(context, "7d"))
    assert [slot.hour for slot in found.by_hour if slot.received] == [0]
    assert [slot.weekday for slot in found.by_weekday if slot.received] == [0]
    days = [slot.days.first for slot in found.by_time if slot.received and slot.days]
    assert days == [date(2026, 11, 23)]


def test_a_period_stands_beside_the_one_before(discussed: Context) -> None:
    wanted = asked(discussed, "30d")
    assert wanted.before
    found = made(discussed, wanted)
    then = asked(discussed, "chosen", first=wanted.before.first, last=wanted.before.last)
    assert found.before == made(discussed, then).metrics
    assert made(discussed, asked(discussed)).before is None


def test_what_one_does_decides_what_is_counted(context: Context) -> None:
    """Hidden is left out; filed away, put off and sent wait; « J'ai répondu » answers."""
    at = NOW - timedelta(days=1)
    names = ("hidden", "handled", "snoozed", "sent", "answered", "waiting")
    put(context, entry_id(context, "Billet 3"), [comment(name, at=at) for name in names])
    said_at = at + timedelta(hours=3)
    with context.database.write() as session:
        for name in names:
            values = {"state": name, "hidden": name == "hidden"}
            if name == "answered":
                values |= {"closed_at": said_at, "answered_at": said_at}
            session.execute(
                update(tables.comments).where(tables.comments.c.key == name).values(**values)
            )
    metrics = made(context, asked(context)).metrics
    assert (metrics.received, metrics.answered) == (5, 1)
    assert metrics.delays.median_s == 3 * 3600


def test_what_nobody_expects_me_to_answer_is_not_received(context: Context) -> None:
    put(context, entry_id(context, "Billet 3"), fresh(NOW))
    received = made(context, asked(context)).metrics.received
    put(
        context,
        entry_id(context, "Un secret de concurrent"),
        [comment("theirs", author="Erick", at=NOW - timedelta(days=1))],
    )
    assert made(context, asked(context)).metrics.received == received > 0


def test_a_source_that_left_the_list_is_left_out(discussed: Context) -> None:
    assert made(discussed, asked(discussed)).metrics.received > 0
    set_source(discussed, "Le blog de CWM", listed=False)
    found = made(discussed, asked(discussed))
    assert (found.metrics.received, found.openings, found.sources) == (0, 0, ())


def test_an_empty_period_has_no_rate_and_no_parts(context: Context) -> None:
    found = made(context, asked(context))
    assert (found.metrics.received, found.metrics.answer_rate) == (0, None)
    assert (found.by_time, found.by_source) == ((), ())


def test_an_article_dated_after_its_first_comment_tells_nothing(context: Context) -> None:
    put(context, entry_id(context, "Billet 3"), [comment("old", at=NOW - timedelta(days=400))])
    found = made(context, asked(context))
    assert (found.metrics.received, found.openings) == (1, 0)


def test_my_own_word_under_my_article_is_not_its_first_comment(context: Context) -> None:
    article = entry_id(context, "Billet 3")
    mine = comment("m", author="CWM", url=MINE_URL, at=NOW - timedelta(hours=2))
    put(context, article, [mine])
    assert made(context, asked(context)).openings == 0
    put(context, article, [mine, comment("o", at=NOW - timedelta(hours=1))])
    found = made(context, asked(context))
    assert found.openings == count(context, asked(context), Behind.FIRST) == 1
    article_at = NOW - timedelta(hours=3 * 8)
    after = NOW - timedelta(hours=1) - article_at
    assert found.metrics.first_comment_after_s == after.total_seconds()


def test_figures_never_go_to_the_texts(discussed: Context) -> None:
    plans: list[str] = []
    with discussed.database.read() as session:

        def explain(connection: Any, _: Any, statement: str, values: Any, *__: Any) -> None:
            if "FROM comments" in statement and not statement.startswith("EXPLAIN"):
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                plans.extend(row[3] for row in rows)

        event.listen(session, "before_cursor_execute", explain)
        for source_id in (None, SourceId(1)):
            storage.exchanges(
                session, begin=NOW - timedelta(days=30), end=NOW, source_id=source_id
            )
        event.remove(session, "before_cursor_execute", explain)
    walked = [plan for plan in plans if "comments" in plan]
    assert len(walked) == 2
    assert all("COVERING INDEX ix_comments_expected" in plan for plan in walked)


def test_exchanges_are_measured_by_the_hours_of_the_list() -> None:
    assert metrics_of((), preferences=PARIS, first_after_s=[60.0]).first_comment_after_s == 60
