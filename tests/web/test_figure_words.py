"""Figures in words: times, differences, names of what a bar is about."""

from datetime import date

import pytest
from flask import Flask

from aggregator.domain.conversations.periods import Days, Unit
from aggregator.services.conversations.figures import Slot
from aggregator.web.conversations.figure_words import (
    compared,
    counted,
    lasting,
    name_of,
    share,
    tick_of,
)


def slot(**what: object) -> Slot:
    return Slot(received=0, answered=0, median_s=None, **what)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0, "0 min"),
        (20, "< 1 min"),
        (40 * 60, "40 min"),
        (59 * 60 + 40, "1 h"),
        (172 * 60, "2 h 52"),
        (3 * 3600 + 5 * 60, "3 h 05"),
        (47 * 3600 + 59 * 60, "47 h 59"),
        (48 * 3600, "2 d"),
        (76 * 3600 + 20 * 60, "3 d 4 h"),
        (2000 * 24 * 3600, "2,000 d"),
    ],
)
def test_how_long_something_took_is_said_to_the_minute(
    app: Flask, seconds: float | None, said: str
) -> None:
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        assert lasting(seconds) == said


@pytest.mark.parametrize(
    ("now", "before", "say", "said"),
    [
        (5, 3, counted, "3 before · 2 more"),
        (3, 5, counted, "5 before · 2 fewer"),
        (3, 3, counted, "3 before · as before"),
        (0.5, 0.55, share, "55% before · 5 points less"),
        (0.5, 0.49, share, "49% before · 1 point more"),
        (3600, 7200, lasting, "2 h before · 1 h shorter"),
        (7200, 3600, lasting, "1 h before · 1 h longer"),
        (7200, None, lasting, "– before"),
        (None, 7200, lasting, "2 h before"),
        (None, None, lasting, None),
    ],
)
def test_differences_are_said_in_words(
    app: Flask, now: float | None, before: float | None, say: object, said: str | None
) -> None:
    with app.test_request_context("/", headers={"Cookie": "language=en"}):
        assert compared(now, before, say) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("part", "unit", "language", "name", "tick"),
    [
        (slot(hour=9), Unit.DAY, "en", "from 9 to 10 h", "9 h"),
        (slot(weekday=0), Unit.DAY, "en", "Monday", "Mon"),
        (slot(weekday=6), Unit.DAY, "fr", "dimanche", "dim."),
        (
            slot(days=Days(first=date(2026, 11, 3), last=date(2026, 11, 3))),
            Unit.DAY,
            "en",
            "Tuesday, November 3, 2026",
            "Nov 3",
        ),
        (
            slot(days=Days(first=date(2026, 11, 3), last=date(2026, 11, 30))),
            Unit.MONTH,
            "fr",
            "novembre 2026",
            "nov.",
        ),
        (slot(days=Days(first=date(2026, 1, 1))), Unit.YEAR, "en", "2026", "2026"),
        (slot(name="Le blog"), Unit.DAY, "en", "Le blog", ""),
    ],
)
def test_each_part_is_named(
    app: Flask, part: Slot, unit: Unit, language: str, name: str, tick: str
) -> None:
    with app.test_request_context("/", headers={"Cookie": f"language={language}"}):
        assert (name_of(part, unit), tick_of(part, unit)) == (name, tick)
