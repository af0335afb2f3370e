"""Section B: when to come back."""

import re
import sqlite3
import subprocess
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from socket import AF_INET, AF_UNSPEC, AddressFamily
from typing import Never

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from aggregator.services import following, polling
from aggregator.storage import polls
from aggregator.storage.engine import Database
from aggregator.web.app import create_app
from tests.politeness.conftest import Worlds
from tests.politeness.rows import row
from tests.politeness.watching import (
    FEED,
    RECENT,
    followed,
    let_pass,
    news,
    not_modified,
    watch,
    with_headers,
)
from tests.processes import command, run, variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.web.conftest import HTMX
from tests.world import NOW, World, feed

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=15)
ETAG = ("ETag", '"1"')
SATURDAY, SUNDAY = 5, 6
SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@row("B1")
def test_an_hour_lies_between_two_requests_at_least(world: World) -> None:
    watched = followed(world, FEED)
    let_pass(world, days=2, step=timedelta(minutes=7))
    assert len(watched.asked) > 30
    assert min(watched.waits()) >= HOUR
    assert max(watched.waits()) <= 1.1 * HOUR + timedelta(minutes=7)


@row("B1")
def test_comments_are_asked_for_no_sooner(world: World) -> None:
    comments = watch(world, "/comments", feed())
    followed(world, feed(f"<wfw:commentRss>{comments.url}</wfw:commentRss>", RECENT))
    let_pass(world, days=1)
    assert len(comments.asked) > 10
    assert min(comments.waits()) >= HOUR


@row("B2")
def test_a_wish_below_the_floor_is_raised_to_it_with_a_warning(world: World) -> None:
    watched = followed(world, FEED, more="    every: 1m\n")
    let_pass(world, hours=4, step=timedelta(minutes=1))
    assert min(watched.waits()) >= timedelta(minutes=15)
    assert len(watched.asked) > 12
    [problem] = following.current(world.context).problems
    assert problem.level == "warning"
    assert "15" in problem.message


@row("B2")
def test_the_floor_is_a_setting(world: World) -> None:
    watched = followed(
        world.with_settings(floor=timedelta(minutes=40)), FEED, more="    every: 20m\n"
    )
    let_pass(world.with_settings(floor=timedelta(minutes=40)), hours=8, step=timedelta(minutes=5))
    assert min(watched.waits()) >= timedelta(minutes=40)


@row("B3")
def test_an_answer_that_stays_fresh_is_not_asked_for_again(world: World) -> None:
    watched = followed(world, with_headers(("Cache-Control", "public, max-age=43200")))
    let_pass(world, days=3)
    assert len(watched.asked) >= 4
    assert min(watched.waits()) >= 12 * HOUR


@row("B4")
def test_a_304_may_say_too_how_long_it_stays_fresh(world: World) -> None:
    fresh = ("Cache-Control", "max-age=43200")
    watched = followed(world, with_headers(ETAG), not_modified(ETAG, fresh))
    let_pass(world, days=3)
    assert watched.waits()[0] < 2 * HOUR
    assert min(watched.waits()[1:]) >= 12 * HOUR


@row("B5")
@pytest.mark.parametrize("wrong_by", [-3 * HOUR, 3 * HOUR])
def test_expires_is_counted_from_the_date_beside_it(world: World, wrong_by: timedelta) -> None:
    def dated(_asked: Asked) -> Answer:
        theirs = world.clock.now + wrong_by
        return with_headers(
            ("Date", format_datetime(theirs, usegmt=True)),
            ("Expires", format_datetime(theirs + 6 * HOUR, usegmt=True)),
        )

    watched = followed(world, dated)
    let_pass(world, days=2)
    assert min(watched.waits()) >= 6 * HOUR
    assert max(watched.waits()) <= 6.6 * HOUR + STEP


@row("B6")
@pytest.mark.parametrize(
    "header",
    [
        ("Cache-Control", "max-age=31536000"),
        ("Expires", "Thu, 01 Aug 2041 00:00:00 GMT"),
        ("Cache-Control", f"max-age={'9' * 99}"),
    ],
)
def test_nothing_is_fresh_for_more_than_a_week(world: World, header: tuple[str, str]) -> None:
    watched = followed(world, with_headers(header))
    let_pass(world, days=24, step=6 * HOUR)
    assert len(watched.asked) >= 3
    assert max(watched.waits()) <= timedelta(days=7, hours=6)
    assert min(watched.waits()) >= timedelta(days=6)


@row("B7")
@pytest.mark.parametrize(
    "header",
    [
        ("Cache-Control", "no-cache"),
        ("Cache-Control", "max-age=0, must-revalidate"),
        ("Cache-Control", "max-age=abc"),
        ("Cache-Control", "max-age=-1"),
        ("Cache-Control", 'max-age="7, =,'),
        ("Expires", "0"),
        ("Expires", "-1"),
        ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("Expires", "Sun, 99 Nov 99999 99:99:99 GMT"),
    ],
)
def test_what_is_never_fresh_is_asked_for_as_usual(world: World, header: tuple[str, str]) -> None:
    watched = followed(world, with_headers(header))
    let_pass(world, hours=8)
    assert world.sources()[0].fault is None
    assert min(watched.waits()) >= HOUR
    assert max(watched.waits()) <= 1.1 * HOUR + STEP


@row("B8")
def test_a_ttl_is_heeded(world: World) -> None:
    watched = followed(world, feed("<ttl>180</ttl>", RECENT))
    let_pass(world, days=1)
    assert len(watched.asked) >= 6
    assert min(watched.waits()) >= 3 * HOUR


@row("B9")
def test_a_period_of_updates_is_heeded(world: World) -> None:
    period = (
        f"<sy:updatePeriod {SY}>daily</sy:updatePeriod>"
        f"<sy:updateFrequency {SY}>2</sy:updateFrequency>"
    )
    watched = followed(world, feed(period, RECENT))
    let_pass(world, days=3, step=HOUR / 2)
    assert len(watched.asked) >= 4
    assert min(watched.waits()) >= 12 * HOUR


@row("B10")
def test_hours_to_be_skipped_are_skipped(world: World) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(8))
    watched = followed(world, feed(f"<skipHours>{hours}</skipHours>", RECENT))
    let_pass(world, days=3)
    assert {at.astimezone(UTC).hour for at in watched.at} == set(range(8, 24))


@row("B11")
def test_days_to_be_skipped_are_skipped(world: World) -> None:
    skipped = "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
    watched = followed(world, feed(skipped, RECENT))
    let_pass(world, days=10, step=HOUR)
    assert {at.astimezone(UTC).weekday() for at in watched.at} == {0, 1, 2, 3, 4}


@row("B12")
def test_fifty_starts_in_an_hour_make_one_request(world: World) -> None:
    watched = followed(world, FEED)
    for _ in range(50):
        world.clock.go_on(seconds=70)
        database = Database(f"sqlite:///{world.context.database.path}")
        try:
            polling.poll_due(replace(world.context, database=database))
        finally:
            database.close()
    assert len(watched.asked) == 1


class KilledError(BaseException):
    """What ends a process in the middle of its work."""


@row("B12")
def test_a_crash_loop_makes_one_request(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_arguments: object) -> Never:
        raise KilledError

    watched = followed(world, FEED)
    monkeypatch.setattr(polls, "record", killed)
    crashes = 0
    for _ in range(50):
        world.clock.go_on(seconds=70)
        try:
            polling.poll_due(world.context)
        except KilledError:
            crashes += 1
    assert (len(watched.asked), crashes) == (1, 1)


@row("B12")
def test_real_processes_started_again_and_again_make_one_request(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/rss", FEED)
    (tmp_path / "feeds.yaml").write_text(f"sources:\n  - {url}\n", encoding="utf-8")
    for _ in range(3):
        assert run("poll", folder=tmp_path).returncode == 0
    assert scripted_server.paths == ["/rss"]


@row("B13")
def test_thirty_clicks_make_a_request_in_five_minutes_and_say_when(world: World) -> None:
    watched = followed(world, FEED)
    world.poll()
    client = create_app(world.context).test_client()
    path = f"/sources/{world.sources()[0].id}/poll"
    for number in range(30):
        answer = client.post(path, headers=HTMX)
        assert answer.status_code == 200
        if number == 1:
            assert re.search(r"in [45] min", answer.text)
        let_pass(world, seconds=20, step=timedelta(seconds=10))
    assert len(watched.asked) == 3
    assert min(watched.waits()) >= timedelta(minutes=5)


class OneMachine(AbstractResolver):
    """Say that every host is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AF_UNSPEC
    ) -> list[ResolveResult]:
        del family
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        """Nothing is open."""


@row("B14")
def test_after_half_a_day_each_feed_is_asked_once_eight_at_a_time(
    public_world: Worlds,
) -> None:
    world = public_world(resolver=OneMachine(), concurrency=8, host_delay=0.001)
    port = world.web.address.rpartition(":")[2]
    started: dict[str, list[float]] = defaultdict(list)

    def slow(asked: Asked) -> Answer:
        started[asked.header("Host") or ""].append(asked.at_s)
        return replace(FEED, delay_s=0.02)

    for number in range(120):
        world.web.answer(f"/{number}", slow)
    world.follow(*(f"http://h{n % 40}.example:{port}/{n}" for n in range(120)))
    world.poll()
    started.clear()
    world.web.asked.clear()
    world.web.most_at_once = 0
    world.clock.go_on(hours=12)
    polling.poll_due(world.context)
    polling.poll_due(world.context)
    assert Counter(world.web.paths) == {f"/{number}": 1 for number in range(120)}
    assert 2 <= world.web.most_at_once <= 8
    assert len(started) == 40
    for moments in started.values():
        waits = [later - earlier for earlier, later in pairwise(moments)]
        assert min(waits) >= 0.02


@row("B15")
def test_two_processes_share_the_work(tmp_path: Path, scripted_server: ScriptedServer) -> None:
    urls = [
        scripted_server.answer(f"/{number}", replace(FEED, delay_s=0.1)) for number in range(12)
    ]
    lines = "".join(f"  - {url}\n" for url in urls)
    (tmp_path / "feeds.yaml").write_text(f"sources:\n{lines}", encoding="utf-8")
    processes = [
        subprocess.Popen(command("poll"), cwd=tmp_path, env=variables(tmp_path)) for _ in range(3)
    ]
    try:
        assert [process.wait(60) for process in processes] == [0] * 3
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert run("poll", folder=tmp_path).returncode == 0
    assert Counter(scripted_server.paths) == {f"/{number}": 1 for number in range(12)}
    with closing(sqlite3.connect(tmp_path / "veille.db")) as database:
        assert database.execute("SELECT count(*) FROM entries").fetchone() == (24,)


@row("B16")
def test_a_clock_that_jumps_makes_neither_a_burst_nor_a_silence(world: World) -> None:
    urls = [watch(world, f"/{number}", FEED) for number in range(4)]
    world.follow(*(one.url for one in urls))
    let_pass(world, hours=3)
    for days in (1, -1):
        for one in urls:
            one.at.clear()
        world.clock.go_on(days=days)
        let_pass(world, hours=4)
        for one in urls:
            assert 3 <= len(one.at) <= 5
            assert min(one.waits()) >= HOUR
            assert max(one.waits()) <= 1.1 * HOUR + STEP


@row("B17")
def test_a_quiet_feed_is_asked_less_and_less_until_it_has_news(world: World) -> None:
    long_ago = NOW - timedelta(days=40)
    old = f"<item><title>A</title><guid>a</guid><pubDate>{long_ago:%a, %d %b %Y} 00:00:00 GMT"
    watched = followed(world, feed(f"{old}</pubDate></item>"))
    let_pass(world, days=5, step=HOUR)
    waits = watched.waits()
    assert waits[0] > 6 * HOUR
    assert waits[-1] > waits[0]
    let_pass(world, days=30, step=6 * HOUR)
    assert 24 * HOUR <= watched.waits()[-1] <= 26.4 * HOUR + 6 * HOUR
    newer = news(world)
    watched.now(newer)
    let_pass(world, days=2, step=HOUR)
    watched.at.clear()
    let_pass(world, hours=6)
    assert len(watched.at) >= 4
    assert max(watched.waits()) <= 1.1 * HOUR + STEP
