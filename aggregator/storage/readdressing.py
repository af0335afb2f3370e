"""Sources that are found at another address: all that is known of them stays theirs."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update

from aggregator.domain.schedule import Because
from aggregator.domain.sources import SourceId
from aggregator.storage.dialect import among_texts
from aggregator.storage.engine import Session
from aggregator.storage.tables import proposals, readings, sources

_UNASKED: Final[dict[str, Any]] = {
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "validated_url": None,
    "moved_to": None,
    "moved_polls": 0,
    "moved_since": None,
    "not_before_at": None,
    "http_status": None,
    "fault_code": None,
    "fault_params": None,
    "failures": 0,
    "failing_since": None,
    "comments_planned": None,
    "replacement_sought_at": None,
    "claimed_by": None,
    "claimed_until": None,
    "next_because": Because.ASKED.value,
}
"""What belongs to an address and not to the source: another was not asked for anything yet."""


def follow_moves(
    session: Session, listed: Collection[str], *, at: datetime
) -> tuple[tuple[str, str], ...]:
    """Let sources go on under the proposed addresses that a new list names in place of theirs.

    `listed` are the addresses of that list. Whoever wrote them there, a person or an act: a
    source keeps its entries with all that was done to them. An edit taken back leads back. Gives
    what went from where to where.
    """
    now_listed = select(sources.c.url).where(sources.c.listed)
    query = (
        select(proposals, sources.c.url.label("old"))
        .join(sources, sources.c.id == proposals.c.source_id)
        .where(
            among_texts(proposals.c.url, listed),
            proposals.c.url.not_in(now_listed),
            ~among_texts(sources.c.url, listed),
        )
        .order_by(proposals.c.accepted_at.desc().nulls_last(), proposals.c.found_at.desc())
    )
    went: dict[str, str] = {}
    for row in session.execute(query).all():
        if row.old in went or row.url in went.values():
            continue
        _move(session, SourceId(row.source_id), row.old, row.url, at=at)
        _turn(session, row, at=at)
        went[row.old] = row.url
    return tuple(went.items())


def use_feed(session: Session, source_id: SourceId, feed_url: str, *, at: datetime) -> None:
    """Ask for a source at another address than before, though feeds.yaml names the same."""
    values = _UNASKED | {"feed_url": feed_url, "next_poll_at": at}
    session.execute(update(sources).where(sources.c.id == source_id).values(values))
    session.execute(delete(readings).where(readings.c.source_id == source_id))


def _move(session: Session, source_id: SourceId, old: str, new: str, *, at: datetime) -> None:
    row = session.execute(select(sources.c.feed_url).where(sources.c.id == source_id)).one()
    # One that left the list long ago may have the address: it takes the other in its place.
    gone = select(sources.c.id).where(sources.c.url == new)
    other = session.execute(gone).scalar()
    if other is not None:
        _name(session, SourceId(other), f"moved:{other}")
    _name(session, source_id, new)
    if other is not None:
        _name(session, SourceId(other), old)
    if row.feed_url != new:
        values = _UNASKED | {"feed_url": None, "next_poll_at": at}
        session.execute(update(sources).where(sources.c.id == source_id).values(values))
        session.execute(delete(readings).where(readings.c.source_id == source_id))


def _name(session: Session, source_id: SourceId, url: str) -> None:
    session.execute(update(sources).where(sources.c.id == source_id).values(url=url))


def _turn(session: Session, row: Any, *, at: datetime) -> None:
    """Note that a proposal was taken, by the address that was left; or that it was taken back."""
    session.execute(
        delete(proposals).where(
            proposals.c.source_id == row.source_id,
            proposals.c.url == row.old,
            proposals.c.id != row.id,
        )
    )
    taken_at = at if row.accepted_at is None else None
    values = {"url": row.old, "accepted_at": taken_at, "declined_at": None}
    session.execute(update(proposals).where(proposals.c.id == row.id).values(values))
