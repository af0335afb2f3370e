"""How the last body of each source began, as text."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from aggregator.domain.health import Sample
from aggregator.domain.samples import Taken
from aggregator.domain.sources import SourceId
from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import samples


def keep(session: Session, came: Sequence[tuple[SourceId, datetime, Taken | None]]) -> None:
    """Keep what came of sources and when, in place of what came before; None leaves that."""
    rows = [
        {
            "source_id": source_id,
            "fetched_at": fetched_at,
            "url": taken.url,
            "content_type": taken.content_type,
            "size": taken.size,
            "body": taken.start.encode("utf-8", "replace"),
        }
        for source_id, fetched_at, taken in came
        if taken is not None
    ]
    upsert(session, samples, rows, by="source_id")


def of_source(session: Session, source_id: SourceId) -> Sample | None:
    """Read the sample of a source, as text; None where none was taken yet."""
    row = session.execute(select(samples).where(samples.c.source_id == source_id)).first()
    if row is None:
        return None
    return Sample(
        fetched_at=row.fetched_at,
        url=row.url,
        content_type=row.content_type,
        size=row.size,
        text=row.body.decode(errors="replace"),
    )
