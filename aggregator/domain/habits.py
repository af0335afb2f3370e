"""The own rhythm of a source: how often it brings something, and when its silence is long.

Dead and quiet are told apart: what answers with a fault is dead, what answers well and has
nothing new is quiet, and asleep once it is silent for much longer than it ever is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

MOST_LOOKED_AT: Final = 30
"""Of the last entries so many tell the rhythm: what a source did years ago says little."""

LEAST: Final = 3
"""With fewer entries nothing is known of a rhythm."""

QUICK: Final = timedelta(hours=6)
"""A source whose entries follow each other within this speaks every day."""

SHORTEST_QUICK: Final = timedelta(days=10)
SHORTEST: Final = timedelta(days=30)
"""The least silence that is called sleep: a holiday is none, least of all in August."""

UNKNOWN: Final = timedelta(days=365)
"""The same where no rhythm is known."""

LONGEST: Final = timedelta(days=730)
"""The most: after two years whoever follows it wants to know."""

TIMES_USUAL: Final = 4
TIMES_LONGEST: Final = 1.5
"""So many times the usual gap, and the longest it came back from, are not sleep yet.

Four usual gaps alone would call asleep who writes five articles every January.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """When an entry says it was published, and when a poll first saw it."""

    published_at: datetime
    first_seen_at: datetime


def usual_gap(published: Sequence[datetime]) -> timedelta | None:
    """Tell the usual time between two entries: the median; None where too few are known."""
    if len(published) < LEAST:
        return None
    gaps = sorted(_gaps(published))
    middle = len(gaps) // 2
    return gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2


def dormant_from(came: Sequence[Came]) -> datetime | None:
    """Tell from when on a source counts as asleep if nothing more comes; None without entries.

    It is silent since it last published; or since something came that was not there at
    first, for some feeds date all their entries alike.
    """
    if not came:
        return None
    published = [one.published_at for one in came]
    seen = [one.first_seen_at for one in came]
    silent_since = max(published)
    if max(seen) > min(seen):
        silent_since = max(silent_since, *seen)
    return silent_since + patience(published)


def patience(published: Sequence[datetime]) -> timedelta:
    """Tell how long a source may be silent before it counts as asleep."""
    usual = usual_gap(published)
    if usual is None:
        return UNKNOWN
    shortest = SHORTEST_QUICK if usual <= QUICK else SHORTEST
    wait = max(shortest, usual * TIMES_USUAL, max(_gaps(published)) * TIMES_LONGEST)
    return min(wait, LONGEST)


def _gaps(published: Sequence[datetime]) -> list[timedelta]:
    return [later - earlier for earlier, later in pairwise(sorted(published))]
