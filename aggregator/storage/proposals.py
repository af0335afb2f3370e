"""Addresses that feeds.yaml might name instead of a source's: proposed, taken, declined."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from aggregator.domain.health import Proposal, ProposalId, ProposalKind
from aggregator.domain.sources import SourceId
from aggregator.storage.dialect import among, insert_new
from aggregator.storage.engine import Session
from aggregator.storage.tables import proposals

_OPEN = proposals.c.declined_at.is_(None) & proposals.c.accepted_at.is_(None)


def propose(
    session: Session,
    source_id: SourceId,
    *,
    kind: ProposalKind,
    url: str,
    title: str | None,
    at: datetime,
) -> None:
    """Propose an address for a source; one that was proposed before stays as it was decided."""
    row = {
        "source_id": source_id,
        "kind": kind.value,
        "url": url.partition("#")[0],  # as feeds.yaml is read
        "title": title,
        "found_at": at,
    }
    insert_new(session, proposals, [row])


def of_source(session: Session, source_id: SourceId) -> tuple[Proposal, ...]:
    """List what is proposed for a source and not decided, the latest first."""
    query = (
        select(proposals)
        .where(proposals.c.source_id == source_id, _OPEN)
        .order_by(proposals.c.found_at.desc(), proposals.c.id.desc())
    )
    return tuple(_proposal(row) for row in session.execute(query))


def latest(session: Session) -> dict[SourceId, Proposal]:
    """Give the latest proposal of each source that has one which is not decided."""
    query = select(proposals).where(_OPEN).order_by(proposals.c.found_at, proposals.c.id)
    return {SourceId(row.source_id): _proposal(row) for row in session.execute(query)}


def count(session: Session, source_ids: Collection[SourceId]) -> dict[SourceId, int]:
    """Count what is proposed for each of these sources and not decided."""
    query = (
        select(proposals.c.source_id, func.count())
        .where(among(proposals.c.source_id, list(source_ids)), _OPEN)
        .group_by(proposals.c.source_id)
    )
    return {SourceId(row[0]): row[1] for row in session.execute(query)}


def find(session: Session, proposal_id: ProposalId) -> tuple[SourceId, Proposal] | None:
    """Read a proposal that is not decided, and whose it is."""
    row = session.execute(select(proposals).where(proposals.c.id == proposal_id, _OPEN)).first()
    return (SourceId(row.source_id), _proposal(row)) if row else None


def decline(session: Session, proposal_id: ProposalId, *, at: datetime) -> bool:
    """Decline a proposal for good; False where it is decided already."""
    declined = update(proposals).where(proposals.c.id == proposal_id, _OPEN)
    return session.execute(declined.values(declined_at=at)).rowcount > 0


def reopen(session: Session, proposal_id: ProposalId) -> bool:
    """Propose again what was declined; False where it is not."""
    declined = proposals.c.declined_at.is_not(None) & proposals.c.accepted_at.is_(None)
    again = update(proposals).where(proposals.c.id == proposal_id, declined)
    return session.execute(again.values(declined_at=None)).rowcount > 0


def known(session: Session, source_id: SourceId) -> set[str]:
    """List every address that was ever proposed for a source, whatever became of it."""
    query = select(proposals.c.url).where(proposals.c.source_id == source_id)
    return set(session.execute(query).scalars())


def _proposal(row: Row[*tuple[Any, ...]]) -> Proposal:
    return Proposal(
        id=ProposalId(row.id),
        kind=ProposalKind(row.kind),
        url=row.url,
        title=row.title,
        found_at=row.found_at,
    )
