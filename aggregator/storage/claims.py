"""Who polls what: sources and hosts claimed by one process at a time, over all processes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    String,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from aggregator.domain.conversations.feeds import DueComments
from aggregator.domain.moves import Move
from aggregator.domain.polls import DueSource, Validators
from aggregator.domain.schedule import DEFAULT_INTERVAL, GONE, Because
from aggregator.storage import hints, pauses
from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import Moment, comment_feeds, hosts, sources

LEASE: Final = timedelta(minutes=15)
"""How long a claim lasts if its process dies on another machine: more than any poll takes."""

_COLUMNS: Final = (
    sources.c.id,
    sources.c.url,
    sources.c.feed_url,
    sources.c.host,
    sources.c.page_id,
    sources.c.every_s,
    sources.c.etag,
    sources.c.last_modified,
    sources.c.body_hash,
    sources.c.validated_url,
    sources.c.failures,
    sources.c.failing_since,
    sources.c.http_status,
    sources.c.hints,
    sources.c.fresh_s,
    func.coalesce(sources.c.last_new_at, sources.c.last_entry_at).label("last_new_at"),
    sources.c.moved_to,
    sources.c.moved_polls,
    sources.c.moved_since,
)
# Statements are made once: to make one takes longer than to run it. They are given `asked`.
NOW: Final = bindparam("now", type_=Moment())
_LEASE_ENDS: Final = bindparam("lease_ends", type_=Moment())
_HOLDER: Final = bindparam("holder", type_=String())
_SINCE: Final = bindparam("since", type_=Moment())
_URL: Final = bindparam("asked_url", type_=String())
BUSY: Final = bindparam("busy", type_=String(), expanding=True)
MOST: Final = bindparam("most", type_=Integer())


def is_free(until: ColumnElement[datetime | None]) -> ColumnElement[bool]:
    """Tell that nobody holds something: no claim, or one that lapsed.

    One that lasts for longer than any claim does was written by a clock that was wrong.
    """
    return or_(until.is_(None), until <= NOW, until > _LEASE_ENDS)


HELD_BY_OTHERS: Final = select(hosts.c.host).where(
    hosts.c.holder != _HOLDER, ~is_free(hosts.c.held_until)
)
"""The hosts that other processes ask now."""

# Literals, not parameters: SQLite uses a partial index only for what it can see.
_FOLLOWED: Final = and_(sources.c.listed, ~sources.c.paused, sources.c.retired_since.is_(None))
_IS_ONE_OF_ITS_KIND: Final = sources.c.next_because.is_distinct_from(Because.DUPLICATE.value)
_NOT_POLLED_SINCE: Final = or_(
    sources.c.last_polled_at.is_(None),
    sources.c.last_polled_at < _SINCE,
    # a moment that is still to come was told by a clock that has been put right since
    sources.c.last_polled_at > _LEASE_ENDS,
)
_CLAIMABLE: Final = select(*_COLUMNS).where(
    _FOLLOWED,
    is_free(sources.c.claimed_until),
    sources.c.host.not_in(HELD_BY_OTHERS),
    sources.c.host.not_in(pauses.PAUSED),
)
_IN_TURN: Final = (
    _CLAIMABLE.where(sources.c.host.not_in(BUSY)).order_by(sources.c.next_poll_at).limit(MOST)
)
_DUE: Final = _IN_TURN.where(sources.c.next_poll_at <= NOW)
_FORCED: Final = _IN_TURN.where(
    _IS_ONE_OF_ITS_KIND,
    _NOT_POLLED_SINCE,
    or_(sources.c.next_poll_at.is_not(None), sources.c.last_polled_at.is_(None)),
    or_(sources.c.not_before_at.is_(None), sources.c.not_before_at <= NOW),
    or_(sources.c.http_status.is_(None), sources.c.http_status != GONE),
)
_ONE: Final = _CLAIMABLE.where(
    _IS_ONE_OF_ITS_KIND,
    _NOT_POLLED_SINCE,
    or_(sources.c.url == _URL, sources.c.feed_url == _URL),
)
_HOLD: Final = tuple(
    (
        kind,
        update(table)
        .where(table.c.id.in_(bindparam("ids", expanding=True)))
        .values(claimed_by=_HOLDER, claimed_until=_LEASE_ENDS),
    )
    for table, kind in ((sources, DueSource), (comment_feeds, DueComments))
)


def asked(now: datetime, holder: str) -> dict[str, Any]:
    """Give what the statements of claims are run with, whatever else they ask."""
    return {**pauses.moments(now), "lease_ends": now + LEASE, "holder": holder}


def claim_due(
    session: Session,
    *,
    now: datetime,
    holder: str,
    most: int,
    busy_hosts: Collection[str],
    forced_since: datetime | None = None,
) -> tuple[DueSource, ...]:
    """Claim up to `most` sources that are due, the longest due first.

    Left out: sources of `busy_hosts`, of hosts that another process asks now, and of hosts
    that asked to be left alone. With `forced_since`, every source not polled since that
    moment is due, whatever its next poll and floors; never one that is paused, retired,
    gone, not asked any more, or asked us to wait.
    """
    query = _DUE if forced_since is None else _FORCED
    given = {"busy": list(busy_hosts), "most": most, "since": forced_since}
    return _found(session.execute(query, asked(now, holder) | given))


def hosts_of_others(session: Session, *, now: datetime, holder: str) -> set[str]:
    """List the hosts that other processes ask now."""
    return set(session.execute(HELD_BY_OTHERS, asked(now, holder)).scalars())


def claim_one(
    session: Session, url: str, *, since: datetime, now: datetime, holder: str
) -> tuple[DueSource, ...]:
    """Find the source with this address unless it was polled since a moment.

    Gives none either while a process is polling it or its host, or the host is left alone.
    """
    given = {"asked_url": url, "since": since}
    return _found(session.execute(_ONE, asked(now, holder) | given))


def hold(
    session: Session, claimed: Sequence[DueSource | DueComments], *, now: datetime, holder: str
) -> None:
    """Write the claims on these sources and comment feeds, and on their hosts, down."""
    until = now + LEASE
    for kind, statement in _HOLD:
        ids = [due.id for due in claimed if isinstance(due, kind)]
        if ids:
            session.execute(statement, {"ids": ids, "holder": holder, "lease_ends": until})
    rows = [
        {"host": host, "holder": holder, "held_until": until}
        for host in sorted({due.host for due in claimed})
    ]
    upsert(session, hosts, rows, by="host")


def holders(session: Session) -> set[str]:
    """List the processes that hold claims."""
    found = set(session.execute(select(hosts.c.holder).distinct()).scalars())
    for table in (sources, comment_feeds):
        query = select(table.c.claimed_by).where(table.c.claimed_by.is_not(None)).distinct()
        found |= set(session.execute(query).scalars())
    return found


def lapse(session: Session, holder: str, *, now: datetime, floor: timedelta) -> None:
    """Give back what a process held that died: what was under way counts as asked then.

    So that one which dies again and again does not ask again and again. When a claim began
    that lasts longer than any does nobody knows, for a wrong clock told it: now at the latest.
    """
    for table, every_s in ((sources, sources.c.every_s), (comment_feeds, literal(None))):
        query = select(table.c.id, table.c.claimed_until, table.c.next_poll_at, every_s.label("s"))
        for row in session.execute(query.where(table.c.claimed_by == holder)).all():
            wish = timedelta(seconds=row.s) if row.s else DEFAULT_INTERVAL
            later = min(row.claimed_until - LEASE, now) + max(wish, floor)
            if row.next_poll_at is not None and row.next_poll_at < later:
                session.execute(
                    update(table).where(table.c.id == row.id).values(next_poll_at=later)
                )
    release(session, holder)


def release(session: Session, holder: str) -> None:
    """Give back everything a process holds."""
    for table in (sources, comment_feeds):
        session.execute(
            update(table)
            .where(table.c.claimed_by == holder)
            .values(claimed_by=None, claimed_until=None)
        )
    session.execute(delete(hosts).where(hosts.c.holder == holder))


def _found(rows: Iterable[Row[*tuple[Any, ...]]]) -> tuple[DueSource, ...]:
    return tuple(map(_due_source, rows))


def _due_source(row: Row[*tuple[Any, ...]]) -> DueSource:
    return DueSource(
        id=row.id,
        url=row.url,
        feed_url=row.feed_url,
        host=row.host,
        page_id=row.page_id,
        every=timedelta(seconds=row.every_s) if row.every_s else None,
        validators=Validators(
            etag=row.etag,
            last_modified=row.last_modified,
            body_hash=row.body_hash,
            url=row.validated_url,
        ),
        failures=row.failures,
        failing_since=row.failing_since,
        http_status=row.http_status,
        hints=hints.loaded(row.hints),
        fresh_s=row.fresh_s,
        last_new_at=row.last_new_at,
        move=Move(to=row.moved_to, polls=row.moved_polls, since=row.moved_since)
        if row.moved_to
        else None,
    )
