"""The list of all sources: which of them one wants to see, and in which order."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from aggregator.domain.conversations.names import fold
from aggregator.domain.health import Use
from aggregator.domain.schedule import Because
from aggregator.domain.sources import SourceHealth, SourceId, SourceState

PER_PAGE: Final = 100
COUNTED_DAYS: Final = 90
"""Days of which the use of a source is told."""

WEEK_DAYS: Final = 7
DOUBTED: Final = 4
"""Entries that usefulness takes as arrived besides and not read: one of one says little."""


class Order(StrEnum):
    """In which order: by trouble is the first unless one asks otherwise."""

    TROUBLE = "trouble"
    USEFULNESS = "usefulness"
    RHYTHM = "rhythm"
    NAME = "name"
    LIST = "list"


class Show(StrEnum):
    """Which sources. `unread`: nothing was opened or kept in 90 days, known for as long."""

    ALL = "all"
    TROUBLE = "trouble"
    ASLEEP = "asleep"
    UNREAD = "unread"
    NO_PURPOSE = "no-purpose"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """As much of a source as decides whether it is shown and where.

    `arrived` and `used` are of the last 90 days: entries that were published, and those
    that were opened or kept. `is_counted` tells that this is known for as long.
    """

    id: SourceId
    name: str
    state: SourceState
    failing_since: datetime | None = None
    because: str | None = None
    duplicate: bool = False
    has_purpose: bool = False
    arrived: int = 0
    used: int = 0
    is_counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewLine:
    """A source in the list; `proposals` counts other addresses that are proposed for it."""

    health: SourceHealth
    state: SourceState
    use: Use
    proposals: int = 0
    duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A page of the list of all sources; `counts` tells how many each choice would show.

    `page` begins at 1. `counted_since` is since when use has been counted at all.
    """

    lines: Sequence[OverviewLine]
    order: Order
    show: Show
    counts: Mapping[Show, int]
    total: int
    page: int
    pages: int
    counted_since: datetime | None = None


_TROUBLES: Final = frozenset(
    {SourceState.GONE, SourceState.FAILING, SourceState.BRIDGE_DOWN},
)
_STOPPED: Final = frozenset({SourceState.PAUSED, SourceState.RETIRED})


def shown_by(sketch: Sketch) -> frozenset[Show]:
    """Tell the choices that show a source."""
    unread = sketch.is_counted and not sketch.used
    return _shown_by(sketch.state, sketch.duplicate, sketch.has_purpose, unread)


@lru_cache(maxsize=256)
def _shown_by(state: SourceState, *traits: bool) -> frozenset[Show]:
    duplicate, has_purpose, unread = traits
    stopped = state in _STOPPED
    shows = {
        Show.ALL: True,
        Show.TROUBLE: state in _TROUBLES or (duplicate and not stopped),
        Show.ASLEEP: state is SourceState.DORMANT,
        Show.UNREAD: unread and not stopped,
        Show.NO_PURPOSE: not has_purpose and state is not SourceState.RETIRED,
        Show.STOPPED: stopped,
    }
    return frozenset(show for show, is_shown in shows.items() if is_shown)


def counted(sketches: Iterable[Sketch]) -> dict[Show, int]:
    """Count what each choice would show."""
    alike = Counter(map(shown_by, sketches))
    return {show: sum(n for shows, n in alike.items() if show in shows) for show in Show}


def ordered(sketches: Iterable[Sketch], order: Order) -> list[Sketch]:
    """Put sources, given in the order of feeds.yaml, into another."""
    return sorted(sketches, key=_KEYS[order])


def usefulness(sketch: Sketch) -> float:
    """Tell how much of what came one opened or kept, from 0 to 1.

    A few more are taken as arrived and not read: one of one stands below forty of fifty.
    """
    return min(sketch.used / (max(sketch.arrived, sketch.used) + DOUBTED), 1.0)


def rank(sketch: Sketch) -> tuple[int, float]:
    """Tell how soon a source wants to be looked at; of those that fail, the longest first."""
    since = sketch.failing_since.timestamp() if sketch.failing_since else float("inf")
    match sketch.state:
        case SourceState.GONE:
            return 0, since
        case SourceState.FAILING | SourceState.BRIDGE_DOWN:
            return _FAILING.get(sketch.because or "", 1), since
        case SourceState.RETIRED:
            return 9, 0
        case SourceState.PAUSED:
            return 8, 0
    if sketch.duplicate:
        return 3, since
    return _CALM.get(sketch.state, 7), 0


_FAILING: Final[Mapping[str, int]] = {Because.REFUSED: 2, Because.DUPLICATE: 3}
"""Those that another source stands in for are told as failing, but want the least."""

_CALM: Final[Mapping[SourceState, int]] = {
    SourceState.DORMANT: 4,
    SourceState.SLOW: 5,
    SourceState.NEW: 6,
}

_KEYS: Final[Mapping[Order, Callable[[Sketch], tuple[float, float] | tuple[str, str]]]] = {
    Order.TROUBLE: rank,
    Order.USEFULNESS: lambda sketch: (-usefulness(sketch), -sketch.used),
    Order.RHYTHM: lambda sketch: (-sketch.arrived, 0),
    Order.NAME: lambda sketch: (fold(sketch.name), sketch.name),
    Order.LIST: lambda _sketch: (0, 0),
}
