"""When a source is asked again, and what decided it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from aggregator.domain.backoff import (
    GONE_CODE,
    LONGEST_BACKOFF,
    End,
    Failure,
    backed_off,
    end_of,
)
from aggregator.domain.hints import NO_HINTS, Hints

DEFAULT_INTERVAL: Final = timedelta(hours=1)
LONGEST_WAIT: Final = timedelta(days=7)
"""The most that a server can ask for: what wants more has most likely made a slip."""

LONGEST_RETRY_AFTER: Final = LONGEST_WAIT
LONGEST_QUIET: Final = timedelta(hours=24)
QUIET_AFTER: Final = timedelta(days=30)
"""Without anything new for so long a source is asked less; each day more adds an hour."""

MOST_JITTER: Final = 0.1
"""Of the interval; it only ever adds, so that a floor stays a floor."""

MOST_AFTER_SKIPPING: Final = timedelta(minutes=30)
"""So that not all who were told to skip the same hours come back in the same second."""

_HOUR: Final = timedelta(hours=1)
_HOURS_A_WEEK: Final = 7 * 24

GONE: Final = 410
"""The status of what is gone for good; a second one in a row is believed."""


class Outcome(StrEnum):
    """What came of one poll; `skipped` is one that was not made."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Because(StrEnum):
    """What decided when a source is polled next; its page says it in words."""

    WISH = "wish"
    DEFAULT = "default"
    FLOOR = "floor"
    FRESH = "fresh"
    TTL = "ttl"
    SYNDICATION = "syndication"
    SKIPPED = "skipped"
    QUIET = "quiet"
    FAILURES = "failures"
    RETRY_AFTER = "retry-after"
    HOST_PAUSE = "host-pause"
    GONE = "gone"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    ASKED = "asked"


_ENDS: Final = {End.GONE: Because.GONE, End.REFUSED: Because.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What was wished for a source, what is the least, and what it wishes itself.

    `fresh_s` is how long its last answer stays fresh by its own word. `last_new_at` is when
    it last had something new; where that is not known it is not asked less for being quiet.
    """

    wish: timedelta | None
    floor: timedelta
    hints: Hints = NO_HINTS
    fresh_s: int | None = None
    last_new_at: datetime | None = None

    @property
    def interval(self) -> timedelta:
        """The time between two polls when all goes well and its server wishes nothing."""
        return max(self.wish or DEFAULT_INTERVAL, self.floor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """When to ask again, None meaning never, and what decided it."""

    at: datetime | None
    because: Because


def next_poll(
    rhythm: Rhythm,
    *,
    now: datetime,
    jitter: float,
    failure: Failure | None = None,
    not_before: datetime | None = None,
) -> Next:
    """Say when to ask again after a poll at `now`.

    What a server wishes only ever lengthens the wait. `failure` is what went wrong,
    `not_before` what a server asked for (Retry-After). `jitter` is a number from 0 to 1
    drawn by the caller.
    """
    now = now.astimezone(UTC)  # adding to a local time would follow its clock changes
    if failure is not None and (end := end_of(failure, now=now)):
        return Next(at=None, because=_ENDS[end])
    wait, because = max(_waits(rhythm, failure, now), key=lambda one: one[0])
    most = max(wait, LONGEST_WAIT)
    at = now + min(wait * (1 + MOST_JITTER * jitter), most)
    if not_before is not None and not_before > at:
        at, because = not_before.astimezone(UTC), Because.RETRY_AFTER
    if (later := allowed_from(at, rhythm.hints)) > at:
        at, because = later + MOST_AFTER_SKIPPING * jitter, Because.SKIPPED
    return Next(at=at, because=because)


def _waits(
    rhythm: Rhythm, failure: Failure | None, now: datetime
) -> Iterator[tuple[timedelta, Because]]:
    """Give the waits of which the longest counts, and of equal ones the first."""
    if rhythm.wish is None:
        yield DEFAULT_INTERVAL, Because.DEFAULT
    else:
        yield rhythm.wish, Because.WISH
    yield rhythm.floor, Because.FLOOR
    # what fails is tried again within a day, however long its last answer stays fresh
    most = LONGEST_WAIT if failure is None else LONGEST_BACKOFF
    hints = rhythm.hints
    for wished_s, because in (
        (rhythm.fresh_s, Because.FRESH),
        (hints.ttl_s, Because.TTL),
        (hints.update_every_s, Because.SYNDICATION),
    ):
        yield min(_seconds(wished_s), most), because
    if rhythm.wish is None and rhythm.last_new_at is not None:
        yield _quiet(now - rhythm.last_new_at), Because.QUIET
    if failure is not None:
        why = Because.GONE if failure.code == GONE_CODE else Because.FAILURES
        yield backed_off(rhythm.interval, failure), why


def _quiet(silence: timedelta) -> timedelta:
    """Say how long a source rests that has told nothing new for so long."""
    more = max(silence - QUIET_AFTER, timedelta(0))
    return min(DEFAULT_INTERVAL + more / 24, LONGEST_QUIET) if more else timedelta(0)


def allowed_from(moment: datetime, hints: Hints) -> datetime:
    """Give the first moment, from this one on, at which a feed lets itself be asked.

    One that skips all hours of the week asks for nothing that can be done.
    """
    if not hints.skip_hours and not hints.skip_days:
        return moment
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for count in range(_HOURS_A_WEEK + 1):
        at = hour + count * _HOUR
        if at.hour not in hints.skip_hours and at.weekday() not in hints.skip_days:
            return max(moment, at)
    return moment


def retry_moment(now: datetime, retry_after_s: int | None) -> datetime | None:
    """Turn a Retry-After into a moment, at most a week away; None or nonsense gives None."""
    if retry_after_s is None or retry_after_s <= 0:
        return None
    return now + min(_seconds(retry_after_s), LONGEST_RETRY_AFTER)


def _seconds(count: int | None) -> timedelta:
    """Make a time of a server's number of seconds, however great; nothing of less than one."""
    return timedelta(seconds=min(max(count or 0, 0), 2 * int(LONGEST_WAIT.total_seconds())))


def put_right(
    planned_at: datetime | None, *, seen_at: datetime | None, now: datetime
) -> datetime | None:
    """Plan as long from now as was planned from `seen_at`, which a wrong clock told.

    So neither all is asked at once after a clock was put back, nor nothing until it is as
    late again. What has never been seen is planned for now.
    """
    if planned_at is None or seen_at is None:
        return planned_at and now
    return now + max(planned_at - seen_at, timedelta(0))
