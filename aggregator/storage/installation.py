"""Facts of this installation, by name."""

from typing import Any

from sqlalchemy import select

from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import installation


def fact(session: Session, name: str) -> Any:
    """Read a fact: whatever JSON was kept under the name, None if nothing was."""
    query = select(installation.c.value).where(installation.c.name == name)
    return session.execute(query).scalar()


def keep_fact(session: Session, name: str, value: Any) -> None:
    """Keep a fact under a name, in place of what was there."""
    upsert(session, installation, [{"name": name, "value": value}], by="name")
