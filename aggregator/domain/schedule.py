"""When a source is asked again: the basic rhythm."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

DEFAULT_INTERVAL: Final = timedelta(hours=1)
LONGEST_INTERVAL: Final = timedelta(hours=24)
LONGEST_RETRY_AFTER: Final = timedelta(days=7)
MOST_JITTER: Final = 0.1
"""Of the interval; it only ever adds, so that a floor stays a floor."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What was wished for a source and what is the least."""

    wish: timedelta | None
    floor: timedelta

    @property
    def interval(self) -> timedelta:
        """The time between two polls when all goes well."""
        return max(self.wish or DEFAULT_INTERVAL, self.floor)


def next_poll(
    rhythm: Rhythm,
    *,
    now: datetime,
    failures: int,
    answers: tuple[int | None, int | None] = (None, None),
    not_before: datetime | None = None,
    jitter: float,
) -> datetime | None:
    """Say when to ask again, None meaning never.

    `failures` is the number of failures in a row, this poll's included; each doubles the
    wait, up to a day. `answers` are the HTTP statuses of this poll and of the one before.
    `not_before` is what a server asked for (Retry-After). `jitter` is a number from 0 to 1
    drawn by the caller.
    """
    wait = rhythm.interval
    if answers == (GONE, GONE):
        return None
    if answers[0] == GONE:
        wait = max(wait, LONGEST_INTERVAL)
    elif failures:
        doubled = min(wait, LONGEST_INTERVAL) * 2 ** min(failures - 1, 16)
        wait = max(wait, min(doubled, LONGEST_INTERVAL))
    wished = now + wait * (1 + MOST_JITTER * jitter)
    return max(wished, not_before) if not_before else wished


def retry_moment(now: datetime, retry_after_s: int | None) -> datetime | None:
    """Turn a Retry-After into a moment, at most a week away; None or nonsense gives None."""
    if retry_after_s is None or retry_after_s <= 0:
        return None
    return now + timedelta(seconds=min(retry_after_s, LONGEST_RETRY_AFTER.total_seconds()))
