"""Answers that came while feeds were looked for, by what was asked for."""

import zlib
from datetime import datetime

from sqlalchemy import delete, select

from aggregator.domain.kept_answers import KeptAnswer
from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import kept_answers


def keep(session: Session, address: str, answer: KeptAnswer) -> None:
    """Keep an answer in place of an older one; `address` is a digest."""
    row = {
        "address": address,
        "fetched_at": answer.fetched_at,
        "is_feed": answer.is_feed,
        "url": answer.url,
        "redirects": [list(step) for step in answer.redirects],
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "content_type": answer.content_type,
        "fresh_s": answer.fresh_s,
        "body": zlib.compress(answer.body),
    }
    upsert(session, kept_answers, [row], by="address")


def find(session: Session, address: str, *, since: datetime, now: datetime) -> KeptAnswer | None:
    """Give the answer of an address that came between two moments."""
    query = select(kept_answers).where(
        kept_answers.c.address == address,
        kept_answers.c.fetched_at >= since,
        kept_answers.c.fetched_at <= now,
    )
    row = session.execute(query).first()
    if row is None:
        return None
    return KeptAnswer(
        fetched_at=row.fetched_at,
        is_feed=row.is_feed,
        url=row.url,
        redirects=tuple((status, url) for status, url in row.redirects),
        etag=row.etag,
        last_modified=row.last_modified,
        content_type=row.content_type,
        fresh_s=row.fresh_s,
        body=zlib.decompress(row.body),
    )


def forget(session: Session, address: str) -> None:
    """Drop an answer that has been used."""
    session.execute(delete(kept_answers).where(kept_answers.c.address == address))


def forget_before(session: Session, moment: datetime) -> None:
    """Drop the answers that are older."""
    session.execute(delete(kept_answers).where(kept_answers.c.fetched_at < moment))
