"""How long a comment has waited, and how that compares with what one promises."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aggregator.domain.conversations.hours import OfficeHours, office_time


class Haste(StrEnum):
    """How a wait compares with what is promised."""

    CALM = "calm"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A wait up to now: since when, and how much of it was in office hours."""

    since: datetime
    office: timedelta
    haste: Haste


def waited(since: datetime, *, now: datetime, within: timedelta, hours: OfficeHours) -> Wait:
    """Measure a wait; half of the time promised is soon, all of it is late."""
    passed = max(now - since, timedelta(0))
    office = office_time(since, now, hours)
    if passed >= within:
        return Wait(since=since, office=office, haste=Haste.LATE)
    haste = Haste.SOON if passed * 2 >= within else Haste.CALM
    return Wait(since=since, office=office, haste=haste)
