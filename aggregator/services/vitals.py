"""Whether this installation is alive: what a supervisor asks every few seconds."""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.services import heartbeats
from aggregator.services.context import Context

log = logging.getLogger(__name__)


class PollerSign(StrEnum):
    """What is seen of the poller; `off` where this server was told to poll nothing."""

    WORKING = "working"
    STARTING = "starting"
    SILENT = "silent"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Signs of life; `beat_age_s` is None where no poller ever gave one."""

    poller: PollerSign
    database_ok: bool
    beat_age_s: int | None = None

    @property
    def ok(self) -> bool:
        """Whether all is alive that should be."""
        return self.database_ok and self.poller not in {PollerSign.SILENT, PollerSign.UNKNOWN}


def look(context: Context, *, polls: bool, serving_since: datetime) -> Vitals:
    """Feel the pulse: one small read.

    Without `polls` nobody is missed. A server that has just started gives its poller time.
    """
    try:
        beat_at = heartbeats.last_beat(context)
    except Exception:
        # Whatever it is, the database cannot be used: the answer is that, not a page of errors.
        log.exception("the database cannot be read")
        return Vitals(poller=PollerSign.UNKNOWN, database_ok=False)
    now, tick = context.clock(), context.settings.tick
    age_s = None if beat_at is None else round((now - beat_at).total_seconds())
    if not polls:
        sign = PollerSign.OFF
    elif heartbeats.is_fresh(beat_at, now=now, tick=tick):
        sign = PollerSign.WORKING
    elif heartbeats.is_fresh(serving_since, now=now, tick=tick):
        sign = PollerSign.STARTING
    else:
        sign = PollerSign.SILENT
    return Vitals(poller=sign, database_ok=True, beat_age_s=age_s)
