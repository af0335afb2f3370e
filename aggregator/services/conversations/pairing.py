"""What a comment answers, chosen by hand: it wins over what is declared and deduced."""

from typing import Any, Literal

from aggregator.domain.boards import Acted
from aggregator.domain.conversations.acts import CommentAct
from aggregator.domain.conversations.comments import CommentId, Kind
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services.context import Context
from aggregator.services.conversations.acts import settle
from aggregator.storage.conversations import acts, reading
from aggregator.storage.engine import Session
from aggregator.translations import N_


def set_parent(
    context: Context, comment_id: CommentId, parent: CommentId | Literal[0] | None
) -> Acted:
    """Say what a comment answers: a comment of its thread, 0 the article, None what rules say.

    Raises:
        NotFoundError: one of the two is not stored.
        InvalidInputError: it cannot answer that comment.
    """
    with context.database.write() as session:
        if not acts.threads_of(session, [comment_id]):
            raise NotFoundError(N_("There is no such comment."))
        if parent:
            _refuse(session, comment_id, parent)
        before = acts.change(session, [comment_id], {"parent_by_hand": parent})
        return settle(session, context, CommentAct.PAIRED, before)


def _refuse(session: Session, comment_id: CommentId, parent: CommentId) -> None:
    """Refuse a parent in another thread, itself, a pingback, or what answers the comment."""
    (thread_id,) = acts.threads_of(session, [comment_id])
    thread: dict[CommentId, Any] = {row[0]: row for row in reading.twigs(session, thread_id)}
    if parent not in thread:
        if not acts.threads_of(session, [parent]):
            raise NotFoundError(N_("There is no such comment."))
        raise InvalidInputError(
            N_("That comment is in another conversation: choose one of the same article.")
        )
    if parent == comment_id:
        raise InvalidInputError(N_("A comment does not answer itself: choose another one."))
    if Kind.PINGBACK in {Kind(thread[comment_id].kind), Kind(thread[parent].kind)}:
        raise InvalidInputError(N_("A pingback answers nobody, and nobody answers it."))
    above = parent
    while (above := thread[above].parent_id) is not None:
        if above == comment_id:
            raise InvalidInputError(
                N_("That comment answers this one, directly or not: first pair it otherwise.")
            )
