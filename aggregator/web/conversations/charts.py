"""Charts made ready: how high each bar is, what it is called, and which list it opens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aggregator.domain.conversations.periods import Unit
from aggregator.services.conversations.figures import Slot
from aggregator.web.conversations.figure_words import lasting, name_of, tick_of
from aggregator.web.wording import ngettext

MOST_TICKS: Final = 8
_STEPS: Final = (1, 2, 3, 4, 5, 6, 8, 10)
_HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One slot of a chart. Heights are hundredths of the chart; `tick` may be empty.

    `second` is every other tick of many, left out where it is narrow.
    `spoken` is all it says, for those who do not see it. `href` opens the list behind it,
    None where that would be empty. `point` is the height of its median delay, None without.
    """

    name: str
    tick: str
    second: bool
    spoken: str
    href: str | None
    answered_href: str | None
    received: int
    answered: int
    median_s: float | None
    high: float
    answered_high: float
    point: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars with the number that is as high as the chart, and the delay that is."""

    bars: tuple[Bar, ...]
    top: int
    top_s: float

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Give the median delays as points of a chart of 100 by 100, from the upper left."""
        width = 100 / len(self.bars) if self.bars else 0
        return tuple(
            (round((place + 0.5) * width, 3), round(100 - bar.point, 3))
            for place, bar in enumerate(self.bars)
            if bar.point is not None
        )


def chart(
    slots: Sequence[Slot],
    *,
    unit: Unit = Unit.DAY,
    address: Callable[[Slot, bool], str],
    thin: bool = True,
) -> Chart:
    """Make a chart; `address` gives the list behind a slot, or behind its answers.

    With `thin` only so many slots are named under their bars.
    """
    top = _above(max((slot.received for slot in slots), default=0))
    top_s = max((slot.median_s or 0.0 for slot in slots), default=0.0)
    top_s = _above(-(-int(top_s) // _HOUR_S)) * _HOUR_S or _HOUR_S
    every = -(-len(slots) // MOST_TICKS) if thin else 1
    bars = []
    for place, slot in enumerate(slots):
        name = name_of(slot, unit)
        bars.append(
            Bar(
                name=name,
                tick=tick_of(slot, unit) if place % every == 0 else "",
                second=thin and place // every % 2 == 1,
                spoken=f"{name}: {_counts(slot)}",
                href=address(slot, False) if slot.received else None,
                answered_href=address(slot, True) if slot.answered else None,
                received=slot.received,
                answered=slot.answered,
                median_s=slot.median_s,
                high=round(100 * slot.received / top, 2),
                answered_high=round(100 * slot.answered / top, 2),
                point=None if slot.median_s is None else round(100 * slot.median_s / top_s, 2),
            )
        )
    return Chart(bars=tuple(bars), top=top, top_s=top_s)


def _counts(slot: Slot) -> str:
    said = [
        ngettext("%(num)s received", "%(num)s received", slot.received),
        ngettext("%(num)s answered", "%(num)s answered", slot.answered),
    ]
    if slot.median_s is not None:
        said.append(lasting(slot.median_s))
    return ", ".join(said)


def _above(greatest: int) -> int:
    """Give a round number that is not smaller."""
    size = 1
    while True:
        for step in _STEPS:
            if step * size >= greatest:
                return step * size
        size *= 10
