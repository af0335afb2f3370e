"""Who polls what: sources and hosts claimed by one process at a time, over all processes."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
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
from aggregator.storage import hints
from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.pauses import paused
from aggregator.storage.tables import comment_feeds, hosts, sources

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
# Literals, not parameters: SQLite uses a partial index only for what it can see.
_FOLLOWED: Final = and_(sources.c.listed, ~sources.c.paused, sources.c.retired_since.is_(None))
_IS_ONE_OF_ITS_KIND: Final = sources.c.next_because.is_distinct_from(Because.DUPLICATE.value)


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
    claimable = and_(
        _due(now, forced_since),
        is_free(sources.c.claimed_until, now),
        sources.c.host.not_in(held_by_others(now, holder)),
        sources.c.host.not_in(busy_hosts),
        sources.c.host.not_in(paused(now)),
    )
    query = select(*_COLUMNS).where(claimable).order_by(sources.c.next_poll_at).limit(most)
    return tuple(_due_source(row) for row in session.execute(query))


def _due(now: datetime, forced_since: datetime | None) -> ColumnElement[bool]:
    if forced_since is None:
        return and_(_FOLLOWED, sources.c.next_poll_at <= now)
    return and_(
        _FOLLOWED,
        _IS_ONE_OF_ITS_KIND,
        _not_polled_since(forced_since, now),
        or_(sources.c.next_poll_at.is_not(None), sources.c.last_polled_at.is_(None)),
        or_(sources.c.not_before_at.is_(None), sources.c.not_before_at <= now),
        or_(sources.c.http_status.is_(None), sources.c.http_status != GONE),
    )


def _not_polled_since(since: datetime, now: datetime) -> ColumnElement[bool]:
    at = sources.c.last_polled_at
    # a moment that is still to come was told by a clock that has been put right since
    return or_(at.is_(None), at < since, at > now + LEASE)


def is_free(until: ColumnElement[datetime | None], now: datetime) -> ColumnElement[bool]:
    """Tell that nobody holds something: no claim, or one that lapsed.

    One that lasts for longer than any claim does was written by a clock that was wrong.
    """
    return or_(until.is_(None), until <= now, until > now + LEASE)


def held_by_others(now: datetime, holder: str) -> Select[str]:
    """Select the hosts that other processes ask now."""
    return select(hosts.c.host).where(hosts.c.holder != holder, ~is_free(hosts.c.held_until, now))


def hosts_of_others(session: Session, *, now: datetime, holder: str) -> set[str]:
    """List the hosts that other processes ask now."""
    return set(session.execute(held_by_others(now, holder)).scalars())


def claim_one(
    session: Session, url: str, *, since: datetime, now: datetime, holder: str
) -> tuple[DueSource, ...]:
    """Find the source with this address unless it was polled since a moment.

    Gives none either while a process is polling it or its host, or the host is left alone.
    """
    query = select(*_COLUMNS).where(
        _FOLLOWED,
        _IS_ONE_OF_ITS_KIND,
        _not_polled_since(since, now),
        or_(sources.c.url == url, sources.c.feed_url == url),
        is_free(sources.c.claimed_until, now),
        sources.c.host.not_in(held_by_others(now, holder)),
        sources.c.host.not_in(paused(now)),
    )
    return tuple(_due_source(row) for row in session.execute(query))


def hold(
    session: Session, claimed: Sequence[DueSource | DueComments], *, now: datetime, holder: str
) -> None:
    """Write the claims on these sources and comment feeds, and on their hosts, down."""
    until = now + LEASE
    for table, kind in ((sources, DueSource), (comment_feeds, DueComments)):
        ids = [due.id for due in claimed if isinstance(due, kind)]
        if ids:
            session.execute(
                update(table)
                .where(table.c.id.in_(ids))
                .values(claimed_by=holder, claimed_until=until)
            )
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
