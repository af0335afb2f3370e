"""Documents of comments taken in: stored, then their threads put in order."""

from collections.abc import Sequence
from datetime import datetime

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.conversations.documents import distinct, told_since
from aggregator.domain.following import Me
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.ingest.sanitise import RULES_VERSION
from aggregator.services.conversations.arranging import hasher, rearrange
from aggregator.storage.conversations import threads, writing
from aggregator.storage.conversations.writing import Taken
from aggregator.storage.engine import Session


def take_in(  # noqa: PLR0913 - all that a document brings
    session: Session,
    document: CommentsDocument,
    *,
    source_id: SourceId,
    entry_id: EntryId | None,
    me: Me,
    now: datetime,
    misses: bool = False,
    only_named: bool = False,
) -> Taken:
    """Store what a document of comments brought; `entry_id` where it is one article's.

    With `misses`, comments that it ought to name and does not have vanished; `only_named`:
    those of articles that it names at all, for who knows of what else it tells.
    """
    taken = writing.take_in(
        session,
        source_id=source_id,
        items=distinct(document.items),
        entry_id=entry_id,
        now=now,
        rules=RULES_VERSION,
        hashed=hasher(session),
        told_since=told_since(document, of_article=entry_id is not None) if misses else None,
        only_named=only_named,
        pingbacks=document.pingbacks,
    )
    rearrange(session, taken.threads, me=me)
    return taken


def adopt(session: Session, entry_ids: Sequence[EntryId], *, me: Me) -> None:
    """Give entries that have just come the comments that were stored before them."""
    if adopted := threads.adopt(session, entry_ids):
        rearrange(session, adopted, me=me)
