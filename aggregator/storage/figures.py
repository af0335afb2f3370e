"""Counting what is stored."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from aggregator.storage.engine import Session
from aggregator.storage.tables import entries, pages, polls, sources, threads


def counts(session: Session, *, now: datetime) -> dict[str, Any]:
    """Count entries, unread, starred, polls and what is new, by the names of `Figures`."""
    day, week = now - timedelta(days=1), now - timedelta(days=7)
    recent = select(func.count()).select_from(polls).where(polls.c.polled_at > day)
    seen = select(func.count()).select_from(entries)
    queries = {
        "pages": select(func.count()).select_from(pages).where(pages.c.listed),
        "entries": select(func.coalesce(func.sum(sources.c.entry_count), 0)),
        "unread": select(func.coalesce(func.sum(sources.c.unread_count), 0)).where(
            sources.c.listed
        ),
        "starred": seen.where(entries.c.starred),
        "comments": select(func.coalesce(func.sum(threads.c.comment_count), 0))
        .join(sources, sources.c.id == threads.c.source_id)
        .where(sources.c.listed),
        "waiting": select(func.coalesce(func.sum(sources.c.waiting_count), 0)).where(
            sources.c.listed
        ),
        "polls_24h": recent,
        "failed_24h": recent.where(polls.c.outcome == "failed"),
        "entries_24h": seen.where(entries.c.first_seen_at > day),
        "entries_7d": seen.where(entries.c.first_seen_at > week),
        "oldest_at": select(func.min(entries.c.published_at)),
        "newest_at": select(func.max(entries.c.published_at)),
    }
    return {name: session.execute(query).scalar() for name, query in queries.items()}
