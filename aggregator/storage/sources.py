"""Followed sources: the list as stored, and how each is doing."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update

from aggregator.domain.faults import Fault
from aggregator.domain.following import FollowedSource
from aggregator.domain.schedule import Because, Rhythm
from aggregator.domain.sources import (
    SLOW_MS,
    PageId,
    SourceHealth,
    SourceId,
    SourceState,
    state_when,
)
from aggregator.storage.dialect import among, among_texts, upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import entries, pages, sources


def follow(
    session: Session,
    listed: Sequence[FollowedSource],
    *,
    page_ids: Mapping[str, PageId],
    hosts: Mapping[str, str],
    comments: Mapping[str, str],
) -> None:
    """Make the stored sources those of the list.

    One that left the list is kept with its entries and neither polled nor shown. By a
    source's `url`, `hosts` gives the host of its address, and `comments` where its comments
    are, as far as that may be stored.
    """
    moved = _pages_now(session)
    session.execute(update(sources).where(sources.c.listed).values(listed=False))
    rows = [
        {
            "url": source.url,
            "name": source.name,
            "page_id": page_ids[source.page or next(iter(page_ids))],
            "position": position,
            "listed": True,
            "mine": source.mine,
            "comments": comments[source.url],
            "paused": source.paused,
            "retired_since": source.retired.since if source.retired else None,
            "retired_why": source.retired.why if source.retired else None,
            "purpose": source.purpose,
            "tags": list(source.tags),
            "every_s": int(source.every.total_seconds()) if source.every else None,
            "host": hosts[source.url],
        }
        for position, source in enumerate(listed)
    ]
    known = {url for url, _ in moved}
    upsert(session, sources, rows, by="url")
    for row in rows:
        if row["url"] in known and (row["url"], row["page_id"]) not in moved:
            here = select(sources.c.id).where(sources.c.url == row["url"]).scalar_subquery()
            session.execute(
                update(entries).where(entries.c.source_id == here).values(page_id=row["page_id"])
            )


def _pages_now(session: Session) -> set[tuple[str, int]]:
    return {(row[0], row[1]) for row in session.execute(select(sources.c.url, sources.c.page_id))}


def listed(
    session: Session,
    *,
    floor_s: int,
    page_id: PageId | None = None,
    source_id: SourceId | None = None,
    source_ids: Sequence[SourceId] | None = None,
    url: str | None = None,
) -> tuple[SourceHealth, ...]:
    """List the sources of feeds.yaml in its order, all or those asked for."""
    query = _HEALTH
    if page_id is not None:
        query = query.where(sources.c.page_id == page_id)
    if source_id is not None:
        query = query.where(sources.c.id == source_id)
    if source_ids is not None:
        query = query.where(among(sources.c.id, source_ids))
    if url is not None:
        query = query.where(or_(sources.c.url == url, sources.c.feed_url == url))
    return tuple(_health(row, floor_s) for row in session.execute(query))


def followed(
    session: Session,
    *,
    floor_s: int,
    page_id: PageId | None = None,
    source_ids: Sequence[SourceId] | None = None,
) -> tuple[SourceHealth, ...]:
    """List the sources of a page, or those named, without the retired ones, in their order."""
    query = _HEALTH.where(sources.c.retired_since.is_(None))
    if page_id is not None:
        query = query.where(sources.c.page_id == page_id)
    if source_ids is not None:
        query = query.where(sources.c.id.in_(source_ids))
    return tuple(_health(row, floor_s) for row in session.execute(query))


def ids_of_page(session: Session, page_id: PageId) -> tuple[SourceId, ...]:
    """List the sources of a page that are followed."""
    query = select(sources.c.id).where(
        sources.c.listed, sources.c.page_id == page_id, sources.c.retired_since.is_(None)
    )
    return tuple(session.execute(query).scalars())


def ids_followed(session: Session) -> tuple[SourceId, ...]:
    """List the sources that are followed and not paused."""
    query = select(sources.c.id).where(
        sources.c.listed, ~sources.c.paused, sources.c.retired_since.is_(None)
    )
    return tuple(session.execute(query).scalars())


_HEALTH: Select[tuple[object, ...]] = (
    select(sources, pages.c.slug.label("page_slug"), pages.c.name.label("page_name"))
    .join(pages, pages.c.id == sources.c.page_id)
    .where(sources.c.listed)
    .order_by(pages.c.position, sources.c.position)
)


def _health(row: Row[*tuple[Any, ...]], floor_s: int) -> SourceHealth:
    fault = Fault(code=row.fault_code, params=row.fault_params or {}) if row.fault_code else None
    return SourceHealth(
        id=row.id,
        url=row.url,
        feed_url=row.feed_url,
        name=row.name or row.title or row.host,
        site_url=row.site_url,
        page_id=row.page_id,
        page_slug=row.page_slug,
        page_name=row.page_name,
        mine=row.mine,
        paused=row.paused,
        retired_since=row.retired_since,
        retired_why=row.retired_why,
        purpose=row.purpose,
        tags=tuple(row.tags),
        interval_s=int(rhythm(row.every_s, floor_s).interval.total_seconds()),
        http_status=row.http_status,
        fault=fault,
        failures=row.failures,
        failing_since=row.failing_since,
        last_took_ms=row.last_took_ms,
        last_polled_at=row.last_polled_at,
        last_success_at=row.last_success_at,
        last_entry_at=row.last_entry_at,
        next_poll_at=row.next_poll_at,
        not_before_at=row.not_before_at,
        comments_url=row.comments_url,
        entries=row.entry_count,
        unread=row.unread_count,
        icon=row.icon,
        shows_images=row.shows_images,
        waiting_comments=row.waiting_count,
        next_because=row.next_because,
        last_new_at=row.last_new_at,
        usual_gap_s=row.usual_gap_s,
        dormant_from=row.dormant_from,
    )


def count_states(
    session: Session, *, now: datetime
) -> tuple[dict[SourceState, int], datetime | None]:
    """Count the listed sources in each state; tell also when one was polled last."""
    groups = (
        sources.c.retired_since.is_not(None).label("retired"),
        sources.c.paused,
        sources.c.fault_code,
        sources.c.last_success_at.is_not(None).label("ever_read"),
        (sources.c.last_took_ms > SLOW_MS).label("slow"),
        (sources.c.dormant_from <= now).label("asleep"),
    )
    query = (
        select(*groups, func.count().label("sources"), func.max(sources.c.last_polled_at))
        .where(sources.c.listed)
        .group_by(*groups)
    )
    states: Counter[SourceState] = Counter()
    moments: list[datetime] = []
    for retired, paused, fault_code, ever_read, slow, asleep, count, polled_at in session.execute(
        query
    ):
        state = state_when(
            retired=retired,
            paused=paused,
            fault_code=fault_code,
            ever_read=ever_read,
            slow=bool(slow),
            asleep=bool(asleep),
        )
        states[state] += count
        moments += [polled_at] if polled_at else []
    return dict(states), max(moments, default=None)


def rhythm(every_s: int | None, floor_s: int) -> Rhythm:
    """Put together the rhythm of a source from what is stored and the installation's floor."""
    wish = timedelta(seconds=every_s) if every_s else None
    return Rhythm(wish=wish, floor=timedelta(seconds=floor_s))


def ask(session: Session, source_id: SourceId, *, at: datetime) -> None:
    """Have a source polled at a moment, or earlier if that is planned already."""
    sooner = or_(sources.c.next_poll_at.is_(None), sources.c.next_poll_at > at)
    session.execute(
        update(sources)
        .where(sources.c.id == source_id, sources.c.listed, sooner)
        .values(next_poll_at=at, next_because=Because.ASKED.value)
    )


def ask_refused(session: Session, urls: Collection[str], *, at: datetime) -> None:
    """Have those of these sources polled again that were given up because they refused us."""
    session.execute(
        update(sources)
        .where(
            *(sources.c.listed, among_texts(sources.c.url, urls)),
            sources.c.next_because == Because.REFUSED.value,
        )
        .values(next_poll_at=at, next_because=Because.ASKED.value)
    )


def show_images(session: Session, source_id: SourceId, *, allowed: bool) -> str | None:
    """Allow or forbid the pictures of a source; give its name, None if it is not listed."""
    named = func.coalesce(sources.c.name, sources.c.title, sources.c.host)
    return session.execute(
        update(sources)
        .where(sources.c.id == source_id, sources.c.listed)
        .values(shows_images=allowed)
        .returning(named)
    ).scalar()


def feed_urls(session: Session) -> dict[str, str]:
    """Give the polled address of each source for which one was found, by its `url`."""
    query = select(sources.c.url, sources.c.feed_url).where(sources.c.feed_url.is_not(None))
    return {row[0]: row[1] for row in session.execute(query)}
