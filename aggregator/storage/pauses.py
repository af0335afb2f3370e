"""Hosts that asked to be left alone: for all their sources and comment feeds."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, delete, not_, select, update

from aggregator.domain.polls import HostPause
from aggregator.domain.schedule import LONGEST_WAIT, Because
from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import Moment, comment_feeds, host_pauses, sources

# none lasts longer: one that does was written by a clock that has been put right since
_IN_FORCE: Final = and_(
    host_pauses.c.until > bindparam("now", type_=Moment()),
    host_pauses.c.until <= bindparam("longest_pause_until", type_=Moment()),
)
PAUSED: Final = select(host_pauses.c.host).where(_IN_FORCE)
"""The hosts that are left alone now, for statements that are given `moments`."""

_CURRENT: Final = select(host_pauses.c.host, host_pauses.c.until).where(_IN_FORCE)
_FORGET: Final = delete(host_pauses).where(not_(_IN_FORCE))


def moments(now: datetime) -> dict[str, datetime]:
    """Give what a statement with `PAUSED` in it is to be run with."""
    return {"now": now, "longest_pause_until": now + LONGEST_WAIT}


def current(session: Session, *, now: datetime) -> dict[str, datetime]:
    """List the hosts that are left alone now, and until when."""
    return {row.host: row.until for row in session.execute(_CURRENT, moments(now))}


def keep(session: Session, pauses: Collection[HostPause], *, now: datetime) -> None:
    """Write pauses down; of several of one host the latest counts."""
    if not pauses:
        return
    until = current(session, now=now)
    for pause in pauses:
        until[pause.host] = max(until.get(pause.host, pause.until), pause.until)
    rows = [{"host": host, "until": until[host]} for host in {pause.host for pause in pauses}]
    upsert(session, host_pauses, rows, by="host")


def put_off(session: Session, hosts: Collection[str], *, now: datetime) -> None:
    """Have what would be asked of these hosts while they are paused wait for the end of that."""
    for host, until in current(session, now=now).items():
        if host in hosts:
            session.execute(
                update(sources)
                .where(sources.c.host == host, sources.c.next_poll_at < until)
                .values(next_poll_at=until, next_because=Because.HOST_PAUSE.value)
            )
            session.execute(
                update(comment_feeds)
                .where(comment_feeds.c.host == host, comment_feeds.c.next_poll_at < until)
                .values(next_poll_at=until)
            )


def forget_old(session: Session, *, now: datetime) -> int:
    """Drop the pauses that are not in force any more; tell how many."""
    return session.execute(_FORGET, moments(now)).rowcount
