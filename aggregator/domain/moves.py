"""When a source that moved for good is asked at its new address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

PERMANENT: Final = frozenset({301, 308})
LEAST_POLLS: Final = 3
LEAST_TIME: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect to `to`, seen in so many polls in a row, first at `since`."""

    to: str
    polls: int
    since: datetime


def permanent_target(steps: Iterable[tuple[int, str]]) -> str | None:
    """Say where redirects lead for good: as far as each from the first is permanent.

    `steps` are the statuses of the redirects with where they led. None: nowhere else.
    """
    target = None
    for status, url in steps:
        if status not in PERMANENT:
            break
        target = url
    return target


def after_poll(known: Move | None, target: str | None, *, now: datetime) -> Move | None:
    """Count a poll that gave a feed by way of `target`; another target, or none, begins anew."""
    if target is None:
        return None
    # a first sight that is still to come was told by a clock that has been put right since
    if known is None or known.to != target or known.since > now:
        return Move(to=target, polls=1, since=now)
    return Move(to=target, polls=known.polls + 1, since=known.since)


def is_settled(move: Move | None, *, now: datetime) -> bool:
    """Tell whether a move is believed: seen often enough, for long enough (RFC 9110 §15.4.2)."""
    return move is not None and move.polls >= LEAST_POLLS and now - move.since >= LEAST_TIME
