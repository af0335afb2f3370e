"""The small charts of a source made ready: what came by week, and how its last polls went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from aggregator.domain.health import PollRecord
from aggregator.domain.schedule import Outcome
from aggregator.web.sources.amounts import taken
from aggregator.web.sources.wording import outcome
from aggregator.web.wording import exact, gettext, language, ngettext

MOST_TICKS: Final = 6
PLACES: Final = 30
"""Polls that the strip has room for: the first ones stand at its right end too, narrow as all."""

_LEAST_HIGH: Final = 8.0
"""Hundredths that the quickest poll is drawn high, so that it is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week of the rhythm: `high` in hundredths of the chart, `tick` empty for most."""

    name: str
    tick: str
    spoken: str
    count: int
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A poll in the strip, from the left: `x` in tenths of a poll, `high` in hundredths."""

    x: int
    high: float
    kind: str
    spoken: str


def weeks(rhythm: Sequence[tuple[date, int]]) -> tuple[Week, ...]:
    """Make the chart of what came by week; the highest is as high as the chart."""
    top = max((count for _, count in rhythm), default=0) or 1
    every = -(-len(rhythm) // MOST_TICKS)
    made = []
    for place, (first, count) in enumerate(rhythm):
        # Translators: the first day of a week, as in "week of Sep 14"
        name = gettext("week of %(date)s", date=_day(first))
        counted = ngettext("%(num)s entry", "%(num)s entries", count)
        made.append(
            Week(
                name=name,
                tick=_short(first) if place % every == every // 2 else "",
                spoken=gettext("%(name)s: %(sentence)s", name=name, sentence=counted),
                count=count,
                high=round(100 * count / top, 2),
            )
        )
    return tuple(made)


def top(rhythm: Sequence[tuple[date, int]]) -> int:
    """Give the number that is as high as the chart."""
    return max((count for _, count in rhythm), default=0)


def strip(polls: Sequence[PollRecord]) -> tuple[Stroke, ...]:
    """Draw the last polls, the newest at the right: the longer one took, the higher."""
    longest = max((poll.took_ms for poll in polls), default=0) or 1
    return tuple(
        Stroke(
            x=place * 10,
            high=round(max(_LEAST_HIGH, 100 * poll.took_ms / longest), 2),
            kind=_kind(poll),
            spoken=_spoken(poll),
        )
        for place, poll in enumerate(reversed(polls), max(PLACES - len(polls), 0))
    )


def strip_words(polls: Sequence[PollRecord]) -> str:
    """Say what the strip shows: `30 checks: 2 failed, 5 brought something.`."""
    failed = sum(poll.outcome is Outcome.FAILED for poll in polls)
    brought = sum(poll.entries_new > 0 for poll in polls)
    said = [
        ngettext("%(num)s check", "%(num)s checks", len(polls)),
        ngettext("%(num)s brought something", "%(num)s brought something", brought),
        ngettext("%(num)s failed", "%(num)s failed", failed),
    ]
    return ", ".join(said)


def _spoken(poll: PollRecord) -> str:
    came = f"{outcome(poll)} ({taken(poll.took_ms)})"
    return gettext("%(name)s: %(sentence)s", name=exact(poll.polled_at), sentence=came)


def _kind(poll: PollRecord) -> str:
    if poll.outcome is Outcome.FAILED:
        return "failed"
    return "brought" if poll.entries_new else "good"


def _day(day: date) -> str:
    return format_date(day, "long", locale=language())


def _short(day: date) -> str:
    return format_date(day, "d MMM" if language() == "fr" else "MMM d", locale=language())
