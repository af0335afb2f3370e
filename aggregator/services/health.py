"""How sources are doing, looked at closely: the page of one, and the list of all."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.domain.health import SourceSheet, Use
from aggregator.domain.overview import (
    COUNTED_DAYS,
    PER_PAGE,
    WEEK_DAYS,
    Order,
    Overview,
    OverviewLine,
    Show,
    Sketch,
    counted,
    ordered,
    shown_by,
)
from aggregator.domain.sources import SourceHealth, SourceId
from aggregator.errors import NotFoundError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.storage import health, proposals, samples, sources, use
from aggregator.storage import overview as sketching
from aggregator.storage.conversations import health as comments_health
from aggregator.storage.engine import Session
from aggregator.translations import N_

SHOWN_WEEKS: Final = 26
_COUNTED: Final = timedelta(days=COUNTED_DAYS)
_NEEDS_ARRIVED: Final = frozenset({Order.USEFULNESS, Order.RHYTHM})


def sheet(context: Context, source_id: SourceId) -> SourceSheet:
    """Read all that the page of a source shows, of a retired one too.

    Raises:
        NotFoundError: it is not in feeds.yaml (any more).
    """
    now = context.clock()
    zone = ZoneInfo(following.current(context).list.preferences.timezone)
    with context.database.read() as session:
        found = _with_comments(session, _listed(session, context, [source_id]))
        if not found:
            raise NotFoundError(N_("This source is not followed (any more)."))
        told = health.told(session, source_id)
        lines, count = health.comment_lines(session, source_id)
        return SourceSheet(
            health=found[0],
            polls=health.last_polls(session, source_id),
            rhythm=_rhythm(session, source_id, now=now, zone=zone),
            use=_use(session, source_id, since=now - _COUNTED),
            sample=samples.of_source(session, source_id),
            remarks=told.remarks,
            proposals=proposals.of_source(session, source_id),
            comment_feeds=lines,
            comment_feed_count=count,
            hints=told.hints,
            fresh_s=told.fresh_s,
            duplicates=_listed(session, context, health.twins(session, source_id)),
        )


def overview(
    context: Context, *, order: Order = Order.TROUBLE, show: Show = Show.ALL, page: int = 1
) -> Overview:
    """List the sources that a choice shows, a hundred a page, with all that a line says.

    A page beyond the last gives the last.
    """
    now = context.clock()
    since = now - _COUNTED
    with context.database.read() as session:
        tallies = use.tallies(session, since=since)
        arrived = use.arrived(session, since=since) if order in _NEEDS_ARRIVED else {}
        all_of_them = sketching.sketches(
            session, now=now, since=since, arrived=arrived, counted=tallies
        )
        chosen = [one for one in all_of_them if show in shown_by(one)]
        pages = max(-(-len(chosen) // PER_PAGE), 1)
        page = min(max(page, 1), pages)
        shown = ordered(chosen, order)[(page - 1) * PER_PAGE : page * PER_PAGE]
        uses = use.uses(session, [one.id for one in shown], since=since, counted=tallies)
        lines = _lines(session, context, shown, uses)
        counted_since = sketching.counted_since(session)
    return Overview(
        lines=lines,
        order=order,
        show=show,
        counts=counted(all_of_them),
        total=len(chosen),
        page=page,
        pages=pages,
        counted_since=counted_since,
    )


def _lines(
    session: Session,
    context: Context,
    shown: Sequence[Sketch],
    uses: Mapping[SourceId, Use],
) -> tuple[OverviewLine, ...]:
    ids = [one.id for one in shown]
    found = {one.id: one for one in _with_comments(session, _listed(session, context, ids))}
    proposed = proposals.count(session, ids)
    return tuple(
        OverviewLine(
            health=found[one.id],
            state=one.state,
            use=uses.get(one.id, Use()),
            proposals=proposed.get(one.id, 0),
            duplicate=one.duplicate,
        )
        for one in shown
    )


def _listed(
    session: Session, context: Context, ids: Sequence[SourceId]
) -> tuple[SourceHealth, ...]:
    floor_s = int(context.settings.floor.total_seconds())
    return sources.listed(session, floor_s=floor_s, source_ids=ids) if ids else ()


def _with_comments(session: Session, found: Sequence[SourceHealth]) -> tuple[SourceHealth, ...]:
    comments = comments_health.of_comments(session, [source.id for source in found])
    return tuple(
        replace(source, comments=told, comments_url=told.url)
        if (told := comments.get(source.id))
        else source
        for source in found
    )


def _use(session: Session, source_id: SourceId, *, since: datetime) -> Use:
    tallies = use.tallies(session, since=since, source_id=source_id)
    return use.uses(session, [source_id], since=since, counted=tallies)[source_id]


def _rhythm(
    session: Session, source_id: SourceId, *, now: datetime, zone: ZoneInfo
) -> tuple[tuple[date, int], ...]:
    """Count entries by week of the person's time zone; weeks begin on Monday."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(days=WEEK_DAYS * back) for back in range(SHOWN_WEEKS)][::-1]
    begins = [datetime.combine(day, time(), zone) for day in days]
    counts = health.count_weeks(
        session, source_id, begins, until=begins[-1] + timedelta(days=WEEK_DAYS)
    )
    return tuple(zip(days, counts, strict=True))
