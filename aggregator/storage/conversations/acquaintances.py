"""What is known of who wrote a comment, by name and site."""

from typing import Any, Final

from sqlalchemy import func, select

from aggregator.domain.conversations.comments import Comment, CommentId, State, ThreadId
from aggregator.domain.conversations.inbox import Acquaintance, Exchange
from aggregator.storage.engine import Session
from aggregator.storage.tables import comments, threads

EXCHANGES: Final = 4
NAMES: Final = 5
EXCERPT: Final = 200
_ANSWERS: Final = comments.alias("answers")


def acquaintance(session: Session, comment: Comment) -> Acquaintance:
    """Tell what is known of the author of a comment."""
    same = comments.c.author == comment.author
    same &= (
        comments.c.author_url.is_(None)
        if comment.author_url is None
        else comments.c.author_url == comment.author_url
    )
    counted: Any = session.execute(
        select(
            func.count().label("number"),
            func.min(comments.c.published_at).label("first_at"),
            func.max(comments.c.published_at).label("last_at"),
        ).where(same)
    ).one()
    return Acquaintance(
        name=comment.author,
        site=comment.author_url,
        others=_other_names(session, comment),
        count=counted.number,
        first_at=counted.first_at or comment.published_at,
        last_at=counted.last_at or comment.published_at,
        exchanges=_exchanges(session, comment, same),
    )


def _other_names(session: Session, comment: Comment) -> tuple[str, ...]:
    if comment.author_url is None:
        return ()
    query = (
        select(comments.c.author)
        .where(comments.c.author_url == comment.author_url, comments.c.author != comment.author)
        .distinct()
        .limit(NAMES)
    )
    return tuple(session.execute(query).scalars())


def _exchanges(session: Session, comment: Comment, same: Any) -> tuple[Exchange, ...]:
    query = (
        select(
            comments.c.id,
            comments.c.thread_id,
            threads.c.title,
            func.substr(comments.c.text, 1, EXCERPT).label("said"),
            comments.c.published_at,
            comments.c.state,
            func.substr(_ANSWERS.c.text, 1, EXCERPT).label("answer"),
        )
        .join(threads, threads.c.id == comments.c.thread_id)
        .outerjoin(_ANSWERS, _ANSWERS.c.id == comments.c.answered_by)
        .where(same, comments.c.id != comment.id)
        .order_by(comments.c.published_at.desc(), comments.c.id.desc())
        .limit(EXCHANGES)
    )
    return tuple(
        Exchange(
            comment_id=CommentId(row.id),
            thread_id=ThreadId(row.thread_id),
            title=row.title,
            text=row.said,
            published_at=row.published_at,
            state=State(row.state),
            answer=row.answer,
        )
        for row in session.execute(query)
    )
