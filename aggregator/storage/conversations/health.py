"""How the comment feeds of sources are doing, told of each source in one piece."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import case, func, select, true

from aggregator.domain.conversations.feeds import SURE
from aggregator.domain.faults import Fault
from aggregator.domain.sources import CommentsHealth, CommentsState, SourceId
from aggregator.storage.dialect import among
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, sources

_failing: Final = comment_feeds.c.fault_code.is_not(None)
_hoped_for: Final = comment_feeds.c.origin.in_(SURE) | comment_feeds.c.last_success_at.is_not(None)
_SITES: Final = (
    select(comment_feeds)
    .join(sources, sources.c.id == comment_feeds.c.source_id)
    .where(sources.c.listed, comment_feeds.c.wanted, comment_feeds.c.entry_id.is_(None))
)
_ARTICLES: Final = (
    select(
        comment_feeds.c.source_id,
        func.count(comment_feeds.c.last_polled_at).label("asked"),
        func.sum(case((_failing & _hoped_for, 1), else_=0)).label("failing"),
        func.max(comment_feeds.c.last_success_at).label("last_success_at"),
        func.min(comment_feeds.c.next_poll_at).label("next_poll_at"),
    )
    .join(sources, sources.c.id == comment_feeds.c.source_id)
    .where(sources.c.listed, comment_feeds.c.wanted, comment_feeds.c.entry_id.is_not(None))
    .group_by(comment_feeds.c.source_id)
)


def of_comments(
    session: Session, source_ids: Sequence[SourceId] | None = None
) -> dict[SourceId, CommentsHealth]:
    """Tell how the comments of each source of feeds.yaml are doing, if anything is known.

    Of all sources, or of those named.
    """
    ids = None if source_ids is None else list(source_ids)
    named = true() if ids is None else among(sources.c.id, ids)
    theirs = true() if ids is None else among(comment_feeds.c.source_id, ids)
    off = select(sources.c.id).where(sources.c.listed, sources.c.comments == "off", named)
    found = {
        SourceId(source_id): CommentsHealth(state=CommentsState.OFF)
        for source_id in session.execute(off).scalars()
    }
    articles = {row.source_id: row for row in session.execute(_ARTICLES.where(theirs))}
    faults = (
        _last_faults(session, articles) if any(row.failing for row in articles.values()) else {}
    )
    for source_id, row in articles.items():
        found[SourceId(source_id)] = _of_articles(row, faults.get(source_id))
    for row in session.execute(_SITES.where(theirs)):
        origins = {row.origin, *(origin for _, origin in row.others)}
        hopeless = row.last_success_at is None and not SURE & origins
        if not (hopeless and row.last_polled_at is not None):
            found[SourceId(row.source_id)] = _of_site(row)
    return found


def _of_site(row: Any) -> CommentsHealth:
    if row.last_polled_at is None:
        state = CommentsState.NEW
    else:
        state = CommentsState.FAILING if row.fault_code else CommentsState.OK
    return CommentsHealth(
        state=state,
        url=row.url,
        fault=Fault(code=row.fault_code, params=row.fault_params or {})
        if row.fault_code
        else None,
        failing_since=row.failing_since,
        last_success_at=row.last_success_at,
        next_poll_at=row.next_poll_at,
    )


def _of_articles(row: Any, failed: Any) -> CommentsHealth:
    """Tell of articles' own feeds: they are failing where half of those that were asked are."""
    state = CommentsState.OK if row.asked else CommentsState.NEW
    if failed is None or not row.failing or row.failing * 2 < row.asked:
        if row.last_success_at is None and row.asked:
            state = CommentsState.NONE
        return CommentsHealth(
            state=state, last_success_at=row.last_success_at, next_poll_at=row.next_poll_at
        )
    return CommentsHealth(
        state=CommentsState.FAILING,
        fault=Fault(code=failed.fault_code, params=failed.fault_params or {}),
        failing_since=failed.failing_since,
        last_success_at=row.last_success_at,
        next_poll_at=row.next_poll_at,
    )


def _last_faults(session: Session, source_ids: Collection[int]) -> dict[int, Any]:
    query = (
        select(
            comment_feeds.c.source_id,
            comment_feeds.c.fault_code,
            comment_feeds.c.fault_params,
            comment_feeds.c.failing_since,
        )
        .where(
            *(_failing, _hoped_for, comment_feeds.c.wanted, comment_feeds.c.entry_id.is_not(None)),
            among(comment_feeds.c.source_id, list(source_ids)),
        )
        .order_by(comment_feeds.c.last_polled_at)
    )
    return {row.source_id: row for row in session.execute(query)}
