"""Lists of stored conversations, for whoever takes them out."""

from datetime import datetime

from aggregator.domain.conversations.comments import State
from aggregator.domain.conversations.listed import Conversations
from aggregator.errors import NotFoundError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations.figures import metrics_of
from aggregator.storage import sources
from aggregator.storage.conversations import figures, listing
from aggregator.storage.conversations.listing import Wanted
from aggregator.translations import N_


def conversations(
    context: Context,
    *,
    limit: int = 100,
    source: str | None = None,
    since: datetime | None = None,
    state: State | None = None,
) -> Conversations:
    """List threads with the comments asked for; a limit of 0 means all threads.

    The figures are of what was received from the source since that moment, in any state and
    beyond the limit.

    Raises:
        NotFoundError: no source of feeds.yaml has this address.
    """
    preferences = following.current(context).list.preferences
    with context.database.read() as session:
        source_id = None
        if source is not None:
            found = sources.listed(session, floor_s=0, url=source)
            if not found:
                raise NotFoundError(N_("No source in feeds.yaml has this address."))
            source_id = found[0].id
        openings = figures.openings(session, begin=since, source_id=source_id, only_mine=False)
        return Conversations(
            metrics=metrics_of(
                figures.exchanges(session, begin=since, source_id=source_id),
                preferences=preferences,
                first_after_s=[opening.after_s for opening in openings],
            ),
            threads=listing.listed(
                session,
                Wanted(source_id=source_id, since=since, state=state),
                most=limit or None,
            ),
        )
