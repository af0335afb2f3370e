"""Acts on comments: each is remembered, and leaves counters and states right."""

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.domain.boards import Acted
from aggregator.domain.conversations.acts import CommentAct
from aggregator.domain.conversations.comments import CommentId
from aggregator.errors import NotFoundError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations.arranging import rearrange
from aggregator.storage import actions
from aggregator.storage.conversations import acts
from aggregator.storage.engine import Session
from aggregator.translations import N_


def change(
    context: Context,
    what: CommentAct,
    comment_ids: Sequence[CommentId],
    values: Mapping[str, Any],
) -> Acted:
    """Set columns of comments as one act that can be undone; those so already do not count.

    Raises:
        NotFoundError: none of them is stored.
    """
    with context.database.write() as session:
        present(session, comment_ids)
        return settle(session, context, what, acts.change(session, comment_ids, values))


def settle(session: Session, context: Context, what: CommentAct, before: acts.Before) -> Acted:
    """Remember what an act changed, and put the threads that it touched in order again."""
    changed = [comment_id for comment_id, _ in before]
    action_id = actions.remember_comments(session, what, before, now=context.clock())
    if changed:
        me = following.current(context).list.me
        rearrange(session, acts.threads_of(session, changed), me=me)
    return Acted(action_id=action_id, act=what, count=len(changed))


def present(session: Session, comment_ids: Sequence[CommentId]) -> None:
    """Refuse comments of which none is stored."""
    if not acts.threads_of(session, comment_ids):
        raise NotFoundError(N_("There is no such comment."))
