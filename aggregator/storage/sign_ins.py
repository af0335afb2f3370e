"""Who tried to come in."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from aggregator.domain.door import Outcome, Try
from aggregator.storage.engine import Session
from aggregator.storage.tables import sign_ins

MOST_KEPT: Final = 5000


def note(session: Session, *, address: str, outcome: Outcome, now: datetime) -> int:
    """Note a try and give its number; the oldest beyond five thousand are forgotten."""
    values = {"tried_at": now, "address": address, "outcome": outcome.value}
    noted = insert(sign_ins).values(values).returning(sign_ins.c.id)
    number: int = session.execute(noted).scalar_one()
    session.execute(delete(sign_ins).where(sign_ins.c.id <= number - MOST_KEPT))
    return number


def settle(session: Session, number: int, outcome: Outcome) -> None:
    """Say what a noted try came to."""
    session.execute(update(sign_ins).where(sign_ins.c.id == number).values(outcome=outcome.value))


def after(session: Session, moment: datetime) -> tuple[Try, ...]:
    """Give the tries after a moment, oldest first."""
    query = select(sign_ins).where(sign_ins.c.tried_at > moment).order_by(sign_ins.c.id)
    return tuple(_try(row) for row in session.execute(query))


def last(session: Session, limit: int) -> tuple[Try, ...]:
    """Give the last tries, newest first."""
    query = select(sign_ins).order_by(sign_ins.c.id.desc()).limit(limit)
    return tuple(_try(row) for row in session.execute(query))


def _try(row: Row[Any]) -> Try:
    return Try(tried_at=row.tried_at, address=row.address, outcome=Outcome(row.outcome))
