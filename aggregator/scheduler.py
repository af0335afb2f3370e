"""When work is done: the poller's clockwork.

APScheduler keeps the beat and nothing else: what is due is in the database. Its defaults
would skip late runs in silence, so each job runs late rather than never, and never twice. It
goes by the clock of the wall, and a job that hangs blocks its turn for ever: both are watched.
"""

import faulthandler
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from functools import partial
from typing import Final, NoReturn

from apscheduler.schedulers.background import BackgroundScheduler

from aggregator import clock
from aggregator.domain.schedule import Outcome
from aggregator.errors import VeilleError
from aggregator.services import following, housekeeping, icons, polling, replacing
from aggregator.services.context import Context
from aggregator.services.conversations import upkeep

log = logging.getLogger(__name__)

HOUSEKEEPING_EVERY = timedelta(hours=1)
LOOK_AT_LIST_EVERY = timedelta(seconds=2)
LOOK_FOR_FEEDS_EVERY = timedelta(minutes=1)
BEAT_EVERY_S = 30

WATCH_EVERY_S: Final = 2.0
HUNG_AFTER_S: Final = 900.0
"""Without a sign of life of a job for so long: more than the slowest site or disk takes."""

END_WITHIN_S: Final = 6.0
"""Before the server, or a service manager, ends us by force."""

PUT_RIGHT: Final = timedelta(seconds=5)
"""A clock that moves by more than this on its own was set."""

HUNG: Final = 70
"""Exit code of a process that ends itself because a job hangs (EX_SOFTWARE)."""


class LastResort:
    """Ends this process, by force, when it can neither go on nor end by itself.

    The time is kept by faulthandler's own thread, which needs no turn from Python: a loop in
    a library that gives none is ended too. Where every thread stood is written to stderr.
    """

    def __init__(
        self, *, hung_after_s: float = HUNG_AFTER_S, end_within_s: float = END_WITHIN_S
    ) -> None:
        self.hung_after_s: Final = hung_after_s
        self._end_within_s: Final = end_within_s

    def all_is_well(self) -> None:
        """Begin to wait anew for the next sign of life."""
        faulthandler.dump_traceback_later(self.hung_after_s, exit=True)

    def ending(self) -> None:
        """Allow so much time for ending, and no more."""
        faulthandler.dump_traceback_later(self._end_within_s, exit=True)

    @staticmethod
    def give_up() -> NoReturn:
        """End now: what is stored is whole, and `veille serve` starts another."""
        faulthandler.dump_traceback()
        os._exit(HUNG)


class Signs:
    """When each job last gave a sign of life, and what is wrong with it."""

    def __init__(self) -> None:
        self._intervals_s: dict[str, float] = {}
        self._seen_s: dict[str, float] = {}
        self._at_work: set[str] = set()
        self._said: dict[str, str] = {}

    def expect(self, name: str, interval: timedelta) -> None:
        """Expect a job every so often from now on."""
        self._intervals_s[name] = interval.total_seconds()
        self.of(name)

    def of(self, name: str) -> None:
        """Note that a job gets on."""
        self._seen_s[name] = clock.seconds()

    @contextmanager
    def at_work(self, name: str) -> Iterator[None]:
        """Note when a job begins and when it is done."""
        self.of(name)
        self._at_work.add(name)
        try:
            yield
        finally:
            self._at_work.discard(name)
            self.of(name)

    def missing(self, after_s: float) -> tuple[str, ...]:
        """Name the jobs that gave no sign for so long, at work or after their turn had come."""
        now_s = clock.seconds()
        return tuple(
            name
            for name, interval_s in self._intervals_s.items()
            if now_s - self._seen_s[name] > after_s + (0 if name in self._at_work else interval_s)
        )

    def fails(self, name: str, why: str) -> None:
        """Say once why a job fails, not every other second."""
        if self._said.get(name) != why:
            log.warning("job=%s %s", name, why)
        self._said[name] = why

    def works(self, name: str) -> None:
        """Say that a job works again, if it had failed."""
        if self._said.pop(name, None):
            log.info("job=%s works again", name)


def run(
    context: Context,
    *,
    stopping: threading.Event,
    poll: bool = True,
    last: LastResort | None = None,
) -> None:
    """Work until `stopping` is set, then end what is under way within seconds.

    Without `poll`, only feeds.yaml is watched, and conversations and the house are kept.
    Without `last`, a job that hangs is said in the log, and nothing is done by force.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    signs = Signs()
    every = partial(_every, scheduler, signs)
    every("list", LOOK_AT_LIST_EVERY, lambda: _look_at_list(context))
    every("conversations", LOOK_AT_LIST_EVERY, lambda: _keep_up(context))
    every("housekeeping", HOUSEKEEPING_EVERY, lambda: housekeeping.keep(context))
    if poll:
        tick = context.settings.tick
        got_on = _Progress(context, partial(signs.of, "tick"))
        every("tick", tick, lambda: _tick(context, stopping.is_set, got_on))
        for name, interval, look in (
            ("icons", tick, _look_for_icons),
            ("replacements", LOOK_FOR_FEEDS_EVERY, _look_for_feeds),
        ):
            every(name, interval, partial(look, context, stopping.is_set, partial(signs.of, name)))
    if last is not None:
        last.all_is_well()
    scheduler.start()
    _watch(scheduler, signs, stopping, last)
    if last is not None:
        last.ending()
    scheduler.shutdown(wait=True)


def _every(
    scheduler: BackgroundScheduler,
    signs: Signs,
    name: str,
    interval: timedelta,
    job: Callable[[], None],
) -> None:
    signs.expect(name, interval)
    scheduler.add_job(
        _safely,
        "interval",
        seconds=interval.total_seconds(),
        args=(signs, name, job),
        id=name,
        next_run_time=clock.now(),
    )


def _safely(signs: Signs, name: str, job: Callable[[], None]) -> None:
    with signs.at_work(name):
        try:
            job()
        except VeilleError as error:
            signs.fails(name, str(error))
        except Exception:
            # The edge of a job: it is logged, and the next beat tries again.
            log.exception("job=%s failed", name)
        else:
            signs.works(name)


def _watch(
    scheduler: BackgroundScheduler,
    signs: Signs,
    stopping: threading.Event,
    last: LastResort | None,
) -> None:
    """Watch over the jobs and the clock until it is time to stop."""
    hung_after_s = last.hung_after_s if last else HUNG_AFTER_S
    said: tuple[str, ...] = ()
    put_right = _ClockPutRight()
    while not stopping.wait(min(WATCH_EVERY_S, hung_after_s / 4)):
        if put_right.by() is not None:
            for job in scheduler.get_jobs():  # else they would wait for the old clock's hour
                job.modify(next_run_time=clock.now())
        missing = signs.missing(hung_after_s)
        if missing and missing != said:
            log.critical("jobs=%s hang: no sign for %.0f s", ",".join(missing), hung_after_s)
        said = missing
        if last is not None and missing:
            last.give_up()
        if last is not None:
            last.all_is_well()


class _ClockPutRight:
    """Notices when the clock of the wall is set, by one that never is."""

    def __init__(self) -> None:
        self._wall, self._steady_s = clock.now(), clock.seconds()

    def by(self) -> timedelta | None:
        """Tell by how much the clock was set since the last look, None if it was not."""
        wall, steady_s = clock.now(), clock.seconds()
        moved = wall - self._wall - timedelta(seconds=steady_s - self._steady_s)
        self._wall, self._steady_s = wall, steady_s
        if abs(moved) <= PUT_RIGHT:
            return None
        log.warning("the clock was set by_s=%.0f", moved.total_seconds())
        return moved


class _Progress:
    """Beats when a tick gets on: when polls are stored, and when it is done.

    That a thread is alive is no sign: a round in which nothing moves does not beat.
    """

    def __init__(self, context: Context, sign: Callable[[], None]) -> None:
        self._context = context
        self._sign = sign
        self._next_s = 0.0

    def __call__(self, _what: object = None) -> None:
        self._sign()
        if clock.seconds() >= self._next_s:
            housekeeping.beat(self._context)
            self._next_s = clock.seconds() + BEAT_EVERY_S


def _look_at_list(context: Context) -> None:
    # Without a feeds.yaml there is nothing to take in, and nothing to complain of every time.
    if context.settings.feeds_path.exists():
        following.refresh(context)


def _keep_up(context: Context) -> None:
    upkeep.wake(context)
    upkeep.catch_up(context, patience_s=LOOK_AT_LIST_EVERY.total_seconds())


def _tick(context: Context, stopping: Callable[[], bool], got_on: Callable[..., None]) -> None:
    summary = polling.poll_due(context, progress=got_on, stopping=stopping, patient=True)
    got_on()
    if summary.polled or summary.comments_new:
        log.info(
            "round polled=%d failed=%d new=%d changed=%d comments=%d took_s=%.1f",
            summary.polled,
            summary.count(Outcome.FAILED),
            summary.entries_new,
            summary.entries_changed,
            summary.comments_new,
            summary.took_s,
        )


def _look_for_icons(
    context: Context, stopping: Callable[[], bool], got_on: Callable[[], None]
) -> None:
    if looked := icons.look(context, stopping=stopping, got_on=got_on):
        log.info("icons sites=%d", looked)


def _look_for_feeds(
    context: Context, stopping: Callable[[], bool], got_on: Callable[[], None]
) -> None:
    if looked := replacing.look(context, stopping=stopping, got_on=got_on):
        log.info("lost feeds looked for=%d", looked)
