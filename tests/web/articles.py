"""Entries of every shape for the tests of the panel: added to the steady world."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from aggregator.domain.changes import Changes
from aggregator.domain.items import Author, EntryId, Item
from aggregator.ingest.sanitise import sanitise
from aggregator.services.context import Context
from aggregator.storage import entries, tables
from tests.web.world import NOW

SIGNED = Author(name="CWM", url="https://cwm.example.org/")
PLAIN = Item(
    key="plain",
    title="Un billet",
    url="https://cwm.example.org/billet",
    authors=(SIGNED,),
    published_at=NOW,
    updated_at=None,
    content_html="",
    text="",
    categories=(),
    enclosures=(),
    language=None,
    comments_url=None,
    comments_feed_url=None,
    comment_count=None,
    fingerprint="plain",
)


def publish(context: Context, *, source: str = "Le blog de CWM", **given: Any) -> EntryId:
    """Add an entry to a source; its HTML is made safe as a poll makes it."""
    item = replace(PLAIN, **given)
    html = sanitise(item.content_html, "https://cwm.example.org/")
    safe = replace(item, content_html=html, key=f"{item.key} {item.title}"[:900])
    with context.database.write() as session:
        found = session.execute(
            select(tables.sources.c.id, tables.sources.c.page_id).where(
                tables.sources.c.name == source
            )
        ).one()
        ids = entries.apply(
            session,
            source_id=found.id,
            page_id=found.page_id,
            changes=Changes(new=(safe,), altered=()),
            now=NOW,
            rules=1,
        )
    return EntryId(ids[0])
