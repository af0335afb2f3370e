"""Sources that moved for good: asked at their new address, which feeds.yaml is proposed."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from aggregator.domain.health import ProposalKind
from aggregator.domain.polls import DueSource
from aggregator.storage import proposals
from aggregator.storage.engine import Session
from aggregator.storage.tables import proposals as proposed
from aggregator.storage.tables import sources


def settle(
    session: Session, source: DueSource, url: str, *, host: str | None, at: datetime
) -> None:
    """Ask a source at another address from now on, and propose it for feeds.yaml.

    Nothing is proposed where feeds.yaml names the site, and its feed alone has moved.
    """
    row = session.execute(
        update(sources)
        .where(
            sources.c.id == source.id,
            # one that was given another address meanwhile did not move
            sources.c.url == source.url,
            func.coalesce(sources.c.feed_url, sources.c.url) == (source.feed_url or source.url),
        )
        .values(feed_url=url, host=host or source.host)
        .returning(sources.c.title)
    ).first()
    if row is None:
        return
    if source.feed_url in {None, source.url} or _was_proposed(session, source):
        session.execute(
            delete(proposed).where(
                proposed.c.source_id == source.id,
                proposed.c.kind == ProposalKind.MOVED.value,
                *(proposed.c.declined_at.is_(None), proposed.c.accepted_at.is_(None)),
                proposed.c.url != url,
            )
        )
        proposals.propose(
            session, source.id, kind=ProposalKind.MOVED, url=url, title=row.title, at=at
        )


def _was_proposed(session: Session, source: DueSource) -> bool:
    """Tell whether the address that is asked now came of a move of the written one."""
    query = select(proposed.c.id).where(
        proposed.c.source_id == source.id,
        proposed.c.kind == ProposalKind.MOVED.value,
        proposed.c.url == source.feed_url,
    )
    return session.execute(query).scalar() is not None
