"""What was done since the database was made: counts that only grow, by name."""

from collections.abc import Mapping

from sqlalchemy import select

from aggregator.storage import dialect
from aggregator.storage.engine import Session
from aggregator.storage.tables import counters


def add(session: Session, counts: Mapping[str, int]) -> None:
    """Add to counts, in one statement, together with what is counted."""
    rows = [{"name": str(name), "value": count} for name, count in sorted(counts.items()) if count]
    dialect.add_up(session, counters, rows, by="name", into="value")


def kept(session: Session) -> dict[str, int]:
    """Give all counts; what never happened has none."""
    return {row.name: row.value for row in session.execute(select(counters))}
