"""Acts taken back: one list of the last ten, whatever they were done to."""

from aggregator.domain.boards import Acted, ActionId
from aggregator.errors import NotFoundError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations.arranging import rearrange
from aggregator.storage import actions
from aggregator.translations import N_


def undo(context: Context, action_id: ActionId | None = None) -> Acted:
    """Take an act back, the last one if none is named, for just what it changed.

    Raises:
        NotFoundError: it is not among the last ten, or was undone before.
    """
    me = following.current(context).list.me
    with context.database.write() as session:
        if action_id is None and (action_id := actions.last(session)) is None:
            raise NotFoundError(N_("There is nothing left to undo."))
        done = actions.take_back(session, action_id, now=context.clock())
        if done is None:
            raise NotFoundError(N_("This cannot be undone any more."))
        if done.threads:
            rearrange(session, done.threads, me=me)
    return Acted(action_id=None, act=done.act, count=done.count)
