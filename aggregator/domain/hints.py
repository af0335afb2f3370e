"""What a feed itself says of when to come back."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The wishes of one feed document; None and empty where it has none.

    `ttl_s` is RSS 2.0's `ttl`; `update_every_s` comes of `sy:updatePeriod` and
    `sy:updateFrequency`; `skip_hours` are hours of the day in UTC (0 to 23) and `skip_days`
    days of the week in UTC (0 is Monday) in which it asks to be left alone (RSS 2.0).
    """

    ttl_s: int | None = None
    update_every_s: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


NO_HINTS: Final = Hints()
