"""Signs of life of pollers, in the database: who is at work, and since when nobody is."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from aggregator.services.context import Context
from aggregator.services.processes import is_gone, this_process
from aggregator.storage import installation

LATE: Final = timedelta(minutes=2)
"""Beyond its tick: a poller that gave no sign for so long is not at work."""

REMEMBERED: Final = timedelta(days=1)

FACT: Final = "pollers"


def beat(context: Context) -> None:
    """Note that the poller of this process is alive."""
    now = context.clock()
    with context.database.write() as session:
        kept = {
            holder: moment
            for holder, moment in (installation.fact(session, FACT) or {}).items()
            if abs(now - datetime.fromisoformat(moment)) < REMEMBERED and not is_gone(holder)
        }
        installation.keep_fact(session, FACT, {**kept, this_process(): now.isoformat()})


def beats(context: Context) -> Mapping[str, datetime]:
    """Tell when each poller was last alive, by its machine and process."""
    with context.database.read() as session:
        return read(installation.fact(session, FACT))


def read(fact: object) -> dict[str, datetime]:
    """Read the fact as it is kept."""
    if not isinstance(fact, dict):
        return {}
    return {holder: datetime.fromisoformat(moment) for holder, moment in fact.items()}


def last_beat(context: Context) -> datetime | None:
    """Tell when a poller was last alive, None if never."""
    return max(beats(context).values(), default=None)


def is_fresh(beat_at: datetime | None, *, now: datetime, tick: timedelta) -> bool:
    """Tell whether whoever beat then is at work; a beat that is still to come says nothing."""
    return beat_at is not None and abs(now - beat_at) <= LATE + tick


def at_work(context: Context) -> tuple[str, ...]:
    """Name the pollers that are at work, by machine and process."""
    now, tick = context.clock(), context.settings.tick
    return tuple(
        holder
        for holder, beat_at in sorted(beats(context).items())
        if is_fresh(beat_at, now=now, tick=tick) and not is_gone(holder)
    )
