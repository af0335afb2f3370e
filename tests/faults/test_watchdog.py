"""A job that hangs is noticed: the poller ends itself, and `veille serve` starts another."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import psutil
import pytest
from sqlalchemy import update

from aggregator import clock, scheduler
from aggregator.services import housekeeping
from aggregator.storage import tables
from tests.doomed import Doomed, Order, driving
from tests.fleeting import Fleeting, follow, serving, stored
from tests.processes import eventually, none_alive, variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import World, feed, item

Figure = Callable[[str, object], None]
ENDS_WITHIN_S = 6
"""The test's watchdogs wait for one and a half seconds, and look a few times in that."""


@contextmanager
def doomed(folder: Path) -> Iterator[Doomed]:
    follow(folder, "http://127.0.0.1:1/rss")
    with driving(variables(folder), folder / "doomed.err") as driver:
        yield driver


def test_a_job_that_hangs_ends_the_poller_which_says_where_it_stood(tmp_path: Path) -> None:
    with doomed(tmp_path) as driver:
        ended = driver.does(Order(work="hang"))
        assert (ended.code, driver.left()) == (scheduler.HUNG, 0)
    said = (tmp_path / "doomed.err").read_text("utf-8")
    assert "jobs=housekeeping hang" in said
    assert "in _hang" not in said.split("jobs=housekeeping hang")[0]
    assert "in hang" in said
    assert ended.took_s < ENDS_WITHIN_S


def test_a_call_that_lets_nobody_have_a_turn_is_ended_too(tmp_path: Path) -> None:
    with doomed(tmp_path) as driver:
        ended = driver.does(Order(work="hold"))
        assert (ended.code, driver.left()) == (1, 0)
    assert "in hang" in (tmp_path / "doomed.err").read_text("utf-8")
    assert ended.took_s < ENDS_WITHIN_S


def test_a_job_that_hangs_delays_no_end(tmp_path: Path) -> None:
    with doomed(tmp_path) as driver:
        ended = driver.does(Order(work="linger"))
        assert (ended.code, driver.left()) == (1, 0)
    assert ended.took_s < ENDS_WITHIN_S


def test_a_job_that_fails_again_and_again_is_said_once_and_when_it_works(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    signs = scheduler.Signs()
    for why in ("full", "full", "full", "locked"):
        signs.fails("tick", why)
    signs.works("tick")
    signs.works("tick")
    assert [record.getMessage() for record in caplog.records] == [
        "job=tick full",
        "job=tick locked",
        "job=tick works again",
    ]


def test_what_looks_at_slow_sites_gives_a_sign_at_each_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s, slow_s = 0.0, 0.6 * scheduler.HUNG_AFTER_S
    monkeypatch.setattr(clock, "seconds", lambda: now_s)
    signs = scheduler.Signs()
    hung: set[str] = set()

    def slowly(_asked: Asked) -> Answer:
        nonlocal now_s
        now_s += slow_s
        hung.update(signs.missing(scheduler.HUNG_AFTER_S))
        return Answer(status=404)

    def looked(look: Callable[..., None]) -> int:
        before = len(world.web.asked)
        signs.expect("look", timedelta(0))
        with signs.at_work("look"):
            look(world.context, lambda: False, lambda: signs.of("look"))
        return len(world.web.asked) - before

    for path in ("/robots.txt", "/", "/favicon.ico"):
        world.web.answer(path, slowly)
    world.follow(world.web.answer("/feed", feed(item(1)), Answer(status=410)))
    world.poll()
    with world.context.database.write() as session:
        session.execute(update(tables.sources).values(site_url=world.web.url("/")))
    assert looked(scheduler._look_for_icons) == 3
    world.poll(hours=100)
    assert looked(scheduler._look_for_feeds) == 2
    assert hung == set()


def test_jobs_run_at_once_when_a_clock_that_was_a_day_ahead_is_put_right(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ahead, told = timedelta(days=1), 0
    real = clock.now

    def now() -> datetime:
        nonlocal told
        told += 1
        return real() + ahead

    monkeypatch.setattr(clock, "now", now)
    monkeypatch.setattr(scheduler, "WATCH_EVERY_S", 0.1)
    world.follow(world.publish("/rss", item(1)))
    stopping = Event()
    thread = Thread(target=scheduler.run, args=(world.context,), kwargs={"stopping": stopping})
    thread.start()
    try:
        # APScheduler asks the system what time it is: to it all jobs are due tomorrow.
        eventually(lambda: told > 10)
        assert housekeeping.last_beat(world.context) is None
        ahead = timedelta(0)
        eventually(lambda: housekeeping.last_beat(world.context))
    finally:
        stopping.set()
        thread.join(10)
    assert "the clock was set by_s=-86400" in caplog.text


@pytest.mark.slow
def test_a_poller_that_is_killed_is_said_started_again_and_goes_on(
    tmp_path: Path, scripted_server: ScriptedServer, figure: Figure
) -> None:
    fleeting = Fleeting(scripted_server)
    follow(tmp_path, fleeting.url)
    path = tmp_path / "veille.db"
    with serving(tmp_path) as server:
        assert server.address
        eventually(lambda: stored(path))
        killed = server.poller
        family = [killed, *killed.children(recursive=True)]
        killed.send_signal(signal.SIGKILL)
        eventually(lambda: none_alive(family))
        eventually(lambda: server.poller.pid != killed.pid)
        before = max(stored(path))
        eventually(lambda: max(stored(path)) > before)
        said = server.err.read_text("utf-8")
    assert "the poller ended by itself: signal=SIGKILL; it starts again in 1 s" in said
    numbers = stored(path)
    assert len(numbers) == len(set(numbers))
    figure("pollers killed and started again", int(psutil.pid_exists(killed.pid) is False))
