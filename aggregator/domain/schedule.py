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

GONE_CONFIRMATIONS: Final = 2
"""410 answers, a day or more apart, after which a source is not asked again."""


class Outcome(StrEnum):
    """What came of one poll; `skipped` is one that was not made."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FAILED = "failed"
    SKIPPED = "skipped"


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
    http_status: int | None = None,
    not_before: datetime | None = None,
    jitter: float,
) -> datetime | None:
    """Say when to ask again, None meaning never.

    `failures` is the number of failures in a row, this poll's included; each doubles the
    wait, up to a day. `not_before` is what a server asked for (Retry-After). `jitter` is a
    number from 0 to 1 drawn by the caller.
    """
    wait = rhythm.interval
    if http_status == GONE:
        if failures >= GONE_CONFIRMATIONS:
            return None
        wait = max(wait, LONGEST_INTERVAL)
    elif failures:
        wait = max(wait, min(wait * 2 ** min(failures - 1, 16), LONGEST_INTERVAL))
    wished = now + wait * (1 + MOST_JITTER * jitter)
    return max(wished, not_before) if not_before else wished


GONE: Final = 410


def retry_moment(now: datetime, retry_after_s: int | None) -> datetime | None:
    """Turn a Retry-After into a moment, at most a week away; None or nonsense gives None."""
    if retry_after_s is None or retry_after_s <= 0:
        return None
    return now + min(timedelta(seconds=retry_after_s), LONGEST_RETRY_AFTER)
