"""Which sources have lost their feed, and when another was looked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, or_, select, update

from aggregator.domain.replacing import LOST_AFTER, Lost
from aggregator.domain.sources import SourceId
from aggregator.storage.engine import Session
from aggregator.storage.tables import host_pauses, proposals, sources

_COLUMNS: Final = (
    sources.c.id,
    sources.c.url,
    sources.c.feed_url,
    sources.c.site_url,
    sources.c.fault_code,
)


def lost(session: Session, *, before: datetime, now: datetime, most: int) -> tuple[Lost, ...]:
    """List sources whose feed is lost and not looked for since `before`, those never first.

    None whose host asks to be left alone, or for which an address is proposed already.
    """
    proposed = select(proposals.c.source_id).where(
        proposals.c.declined_at.is_(None), proposals.c.accepted_at.is_(None)
    )
    is_lost = or_(
        *(
            and_(sources.c.fault_code == code, sources.c.failures >= failures)
            for code, failures in LOST_AFTER.items()
        )
    )
    sought_at = sources.c.replacement_sought_at
    query = (
        select(*_COLUMNS)
        .where(
            *(sources.c.listed, ~sources.c.paused, sources.c.retired_since.is_(None), is_lost),
            or_(sought_at.is_(None), sought_at < before),
            sources.c.id.not_in(proposed),
            or_(sources.c.not_before_at.is_(None), sources.c.not_before_at <= now),
            sources.c.host.not_in(select(host_pauses.c.host).where(host_pauses.c.until > now)),
        )
        .order_by(sought_at.asc().nulls_first(), sources.c.id)
        .limit(most)
    )
    return tuple(_lost(row) for row in session.execute(query))


def one(session: Session, source_id: SourceId) -> tuple[Lost, datetime | None] | None:
    """Read a listed source as one that may be lost, and when that was looked into last."""
    query = select(*_COLUMNS, sources.c.replacement_sought_at)
    row = session.execute(query.where(sources.c.listed, sources.c.id == source_id)).first()
    return (_lost(row), row.replacement_sought_at) if row else None


def sought(session: Session, source_ids: Sequence[SourceId], *, at: datetime) -> None:
    """Note that another feed was looked for."""
    session.execute(
        update(sources).where(sources.c.id.in_(source_ids)).values(replacement_sought_at=at)
    )


def _lost(row: Row[*tuple[Any, ...]]) -> Lost:
    return Lost(
        source_id=SourceId(row.id),
        url=row.url,
        feed_url=row.feed_url,
        site_url=row.site_url,
        fault_code=row.fault_code,
    )
