"""How trouble keeps a source from being asked: longer and longer, or not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

LONGEST_BACKOFF: Final = timedelta(hours=24)
LONGEST_MISSING: Final = timedelta(days=7)
"""For what is not there (404): nobody is known to be coming back."""

LEAST_AFTER_TOO_MANY: Final = timedelta(hours=1)
"""After a 429 that names no time, whatever is wished."""

MOST_TRIES: Final = 3
"""Refusals in a row that only a person can mend, after which nobody asks any more."""

CONFIRMED_AFTER: Final = timedelta(hours=24)
"""The least time between two answers that what is asked for is gone, so that it is believed."""

GONE_CODE: Final = "http-410"
REFUSALS: Final = frozenset({"http-401", "challenge"})
ENDING: Final = REFUSALS | {GONE_CODE}
"""Faults that may end the asking: how often they came in a row is to be known."""

_MISSING: Final = "http-404"
_TOO_MANY: Final = "http-429"
_DEAR: Final = frozenset({_TOO_MANY, "too-large"})
"""What costs the server too much the first time already."""

_MOST_DOUBLINGS: Final = 16
_TOO_MANY_STATUS: Final = 429
_UNAVAILABLE: Final = 503


class End(Enum):
    """Why a source is not asked any more."""

    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A poll that failed. `in_a_row` counts the failures up to this one, whatever they were.

    `same` counts those of the same `code` in a row up to this one; the first of them came at
    `same_since`, None where that is not known.
    """

    code: str
    in_a_row: int = 1
    same: int = 1
    same_since: datetime | None = None


def end_of(failure: Failure, *, now: datetime) -> End | None:
    """Tell whether it was the last try. Only a person begins anew then.

    A 410 is believed when it is said twice, a day apart.
    """
    if failure.code == GONE_CODE:
        since = failure.same_since
        confirmed = since is not None and now - since >= CONFIRMED_AFTER
        return End.GONE if confirmed and failure.same > 1 else None
    if failure.code in REFUSALS and failure.same >= MOST_TRIES:
        return End.REFUSED
    return None


def backed_off(interval: timedelta, failure: Failure) -> timedelta:
    """Say how long to wait after a failure, where the wait would be `interval`: never less.

    Each failure in a row doubles it up to a day; a 404 up to a week. What was too much for
    the server doubles it from the first.
    """
    if failure.code == GONE_CODE:
        return max(interval, CONFIRMED_AFTER)
    doublings = min(max(failure.in_a_row - 1, 0), _MOST_DOUBLINGS)
    most = LONGEST_MISSING if failure.code == _MISSING else LONGEST_BACKOFF
    if failure.code in _DEAR:
        doublings += 1
        # of what is asked once a day the first doubling counts too
        most = max(most, min(interval * 2, LONGEST_MISSING))
    wait = max(interval, min(min(interval, most) * (1 << doublings), most))
    return max(wait, LEAST_AFTER_TOO_MANY) if failure.code == _TOO_MANY else wait


def host_pause(
    status: int | None, not_before: datetime | None, *, now: datetime
) -> datetime | None:
    """Say until when the whole host is left alone after an answer; None: it need not be.

    `not_before` is what the answer asked for (Retry-After).
    """
    if status == _TOO_MANY_STATUS:
        return not_before or now + LEAST_AFTER_TOO_MANY
    return not_before if status == _UNAVAILABLE else None
