"""What is kept of the last document of each source, so that the next need not be read whole."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select

from aggregator.domain.items import Reading
from aggregator.domain.polls import Polled
from aggregator.domain.sources import SourceId
from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import readings

_OF: Final = select(readings.c.version, readings.c.pieces).where(
    readings.c.source_id == bindparam("source"), readings.c.body_hash == bindparam("body")
)


def of(session: Session, source_id: SourceId, body_hash: bytes) -> Reading | None:
    """Find what was kept of the document that this body was; None if another came since."""
    row = session.execute(_OF, {"source": source_id, "body": body_hash}).one_or_none()
    return Reading(version=row.version, pieces=row.pieces) if row else None


def keep(session: Session, done: Sequence[Polled]) -> None:
    """Keep what can be kept of the documents of polls, with their entries."""
    rows = [
        {
            "source_id": polled.source.id,
            "version": polled.document.reading.version,
            "body_hash": polled.validators.body_hash,
            "pieces": polled.document.reading.pieces,
        }
        for polled in done
        if polled.document and polled.document.reading
        if polled.validators and polled.validators.body_hash
    ]
    upsert(session, readings, rows, by="source_id")
