"""Documents of comments taken in: stored, then their threads put in order."""

from datetime import datetime

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.following import Me
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.ingest.sanitise import RULES_VERSION
from aggregator.services.conversations.arranging import hasher, rearrange
from aggregator.storage.conversations import writing
from aggregator.storage.conversations.writing import Taken
from aggregator.storage.engine import Session


def take_in(
    session: Session,
    document: CommentsDocument,
    *,
    source_id: SourceId,
    entry_id: EntryId | None,
    me: Me,
    now: datetime,
) -> Taken:
    """Store what a document of comments brought; `entry_id` where it is one article's."""
    taken = writing.take_in(
        session,
        source_id=source_id,
        items=document.items,
        entry_id=entry_id,
        now=now,
        rules=RULES_VERSION,
        hashed=hasher(session),
    )
    rearrange(session, taken.threads, me=me)
    return taken
