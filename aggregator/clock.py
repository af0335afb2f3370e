"""The one place that reads the time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the moment, aware and in UTC; a test hands in its own."""


def now() -> datetime:
    """Tell the moment, in UTC."""
    return datetime.now(UTC)


def seconds() -> float:
    """Tell seconds of a clock that never goes back, for measuring how long something took."""
    return time.monotonic()


def sleep(duration_s: float) -> None:
    """Wait."""
    time.sleep(duration_s)
