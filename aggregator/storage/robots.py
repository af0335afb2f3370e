"""robots.txt of the sites whose pages were asked for, kept for a day."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import robots

KEPT: Final = timedelta(hours=24)
"""RFC 9309 §2.4."""


def rules_of(session: Session, origin: str, *, now: datetime) -> str | None:
    """Give the rules of an origin; None where they are not known (any more)."""
    query = select(robots.c.rules).where(
        robots.c.origin == origin, robots.c.fetched_at > now - KEPT, robots.c.fetched_at <= now
    )
    found: str | None = session.execute(query).scalar()
    return found


def keep(session: Session, origin: str, rules: str, *, at: datetime) -> None:
    """Keep the rules of an origin in place of older ones."""
    upsert(session, robots, [{"origin": origin, "rules": rules, "fetched_at": at}], by="origin")


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop the rules that count no more."""
    session.execute(delete(robots).where(robots.c.fetched_at <= now - KEPT))
