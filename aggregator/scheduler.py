"""When work is done: the poller's clockwork.

APScheduler keeps the beat and nothing else: what is due is in the database. Its defaults
would skip late runs in silence, so each job runs late rather than never, and never twice.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from aggregator import clock
from aggregator.domain.schedule import Outcome
from aggregator.errors import VeilleError
from aggregator.services import following, housekeeping, icons, polling
from aggregator.services.context import Context
from aggregator.services.conversations import upkeep

log = logging.getLogger(__name__)

HOUSEKEEPING_EVERY = timedelta(hours=1)
LOOK_AT_LIST_EVERY = timedelta(seconds=2)
BEAT_EVERY_S = 30


def run(context: Context, *, stopping: threading.Event, poll: bool = True) -> None:
    """Work until `stopping` is set, then end what is under way within seconds.

    Without `poll`, only feeds.yaml is watched, and conversations and the house are kept.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    _every(scheduler, "list", LOOK_AT_LIST_EVERY, lambda: _look_at_list(context))
    _every(scheduler, "conversations", LOOK_AT_LIST_EVERY, lambda: _keep_up(context))
    _every(scheduler, "housekeeping", HOUSEKEEPING_EVERY, lambda: housekeeping.keep(context))
    if poll:
        tick = context.settings.tick
        _every(scheduler, "tick", tick, lambda: _tick(context, stopping.is_set))
        _every(scheduler, "icons", tick, lambda: _look_for_icons(context, stopping.is_set))
    scheduler.start()
    stopping.wait()
    scheduler.shutdown(wait=True)


def _every(
    scheduler: BackgroundScheduler, name: str, interval: timedelta, job: Callable[[], None]
) -> None:
    scheduler.add_job(
        _safely,
        "interval",
        seconds=interval.total_seconds(),
        args=(name, job),
        id=name,
        next_run_time=clock.now(),
    )


def _safely(name: str, job: Callable[[], None]) -> None:
    try:
        job()
    except VeilleError as error:
        log.warning("job=%s %s", name, error)
    except Exception:
        # The edge of a job: it is logged, and the next beat tries again.
        log.exception("job=%s failed", name)


def _beating(context: Context, stopping: Callable[[], bool]) -> Callable[[], bool]:
    """Beat whenever a round asks whether to stop: one that is long is no poller that died."""
    next_s = 0.0

    def asked() -> bool:
        nonlocal next_s
        if clock.seconds() >= next_s:
            housekeeping.beat(context)
            next_s = clock.seconds() + BEAT_EVERY_S
        return stopping()

    return asked


def _look_at_list(context: Context) -> None:
    # Without a feeds.yaml there is nothing to take in, and nothing to complain of every time.
    if context.settings.feeds_path.exists():
        following.refresh(context)


def _keep_up(context: Context) -> None:
    upkeep.wake(context)
    upkeep.catch_up(context, patience_s=LOOK_AT_LIST_EVERY.total_seconds())


def _tick(context: Context, stopping: Callable[[], bool]) -> None:
    summary = polling.poll_due(context, stopping=_beating(context, stopping))
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


def _look_for_icons(context: Context, stopping: Callable[[], bool]) -> None:
    if looked := icons.look(context, stopping=stopping):
        log.info("icons sites=%d", looked)
