"""The inbox: queues of comments, the one that is open, and what its acts need."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.domain.conversations.comments import Comment, CommentId, State
from aggregator.domain.conversations.inbox import (
    Acquaintance,
    Age,
    Choices,
    Count,
    Filters,
    Line,
    Phrase,
    Queue,
    Span,
)
from aggregator.domain.conversations.sending import Search, answer_place, search_of
from aggregator.domain.items import EntryId
from aggregator.domain.lists import Place
from aggregator.errors import NotFoundError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations import showing
from aggregator.services.conversations.showing import ThreadView
from aggregator.storage.conversations import acquaintances, answering, inbox, labels, reading
from aggregator.storage.engine import Session
from aggregator.translations import N_

PIECE: Final = 20
"""Lines of a queue that are read at once."""

AROUND: Final = 10
"""Comments of its conversation that are shown with one that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A comment, its thread, and what is known of who wrote it.

    Of a comment of mine that is whom it answers; None where that is nobody.
    """

    comment: Comment
    view: ThreadView
    person: Acquaintance | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """A piece of a queue; `next` is where it goes on, None at its end."""

    queue: Queue
    filters: Filters
    lines: tuple[Line, ...]
    next: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What one answers and files a comment with.

    `place` is where it is answered at the source. `search` tells of an answer that was sent;
    None for any other comment. `is_followed`: its thread can be asked for one.
    """

    place: str | None
    phrases: tuple[Phrase, ...]
    labels: tuple[str, ...]
    names: tuple[str, ...]
    search: Search | None
    is_followed: bool


def pile(context: Context, queue: Queue, filters: Filters, *, after: Place | None = None) -> Pile:
    """Read a piece of a queue, from its top or after a place."""
    span = _span(context, filters.age)
    with context.database.read() as session:
        found = inbox.lines(session, queue, filters, span, after=after, most=PIECE + 1)
    shown = found[:PIECE]
    more = len(found) > PIECE
    return Pile(
        queue=queue, filters=filters, lines=shown, next=place_of(shown[-1]) if more else None
    )


def place_of(line: Line) -> Place:
    """Tell the place of a comment in its queue."""
    return Place(published_at=line.published_at, id=EntryId(line.id))


def counts(context: Context) -> dict[Queue, Count]:
    """Count the queues; of those that wait, tell since when the first of them does."""
    with context.database.read() as session:
        return inbox.counts(session)


def count_waiting(context: Context) -> int:
    """Count the comments that wait for an answer."""
    with context.database.read() as session:
        return inbox.count_waiting(session)


def is_empty(context: Context) -> bool:
    """Tell that no comment is stored at all."""
    with context.database.read() as session:
        return not inbox.any_stored(session)


def choices(context: Context) -> Choices:
    """List what the filters offer."""
    with context.database.read() as session:
        return Choices(
            sources=inbox.sources_with_comments(session),
            labels=labels.names(session),
            names=labels.assignees(session),
        )


def opened(context: Context, comment_id: CommentId) -> Opened:
    """Open a comment in its thread.

    Raises:
        NotFoundError: there is no such comment, or its source left feeds.yaml.
    """
    with context.database.read() as session:
        comment = _known(session, comment_id)
        whom: Comment | None = comment
        if comment.mine is not None:
            above = [comment.parent_id] if comment.parent_id else []
            whom = next(iter(reading.some(session, above).values()), None)
        person = None if whom is None else acquaintances.acquaintance(session, whom)
    view = showing.show(context, comment.thread_id, at=comment_id, most=AROUND)
    return Opened(comment=comment, view=view, person=person)


def comment(context: Context, comment_id: CommentId) -> Comment:
    """Read a comment with its labels.

    Raises:
        NotFoundError: there is no such comment.
    """
    with context.database.read() as session:
        return _known(session, comment_id)


def means(context: Context, one: Comment) -> Means:
    """Give what one answers and files a comment with."""
    with context.database.read() as session:
        thread = reading.thread(session, thread_id=one.thread_id)
        asked = answering.asked(session, one.thread_id)
        search = None
        if one.state is State.SENT and one.sent_at is not None:
            search = search_of(
                one.sent_at,
                asked_for=asked.moments if asked else (),
                looked_at=asked.looked_at if asked else None,
            )
        return Means(
            place=answer_place(
                generator=answering.generator(session, one.source_id),
                comment_url=one.url,
                thread_url=thread.url if thread else None,
            ),
            phrases=labels.saved(session),
            labels=labels.names(session),
            names=labels.assignees(session),
            search=search,
            is_followed=asked is not None,
        )


def with_phrase(context: Context, text: str, phrase_id: int) -> str:
    """Add a saved phrase to the end of an answer.

    Raises:
        NotFoundError: there is no such phrase (any more).
    """
    with context.database.read() as session:
        found = {phrase.id: phrase.text for phrase in labels.saved(session)}
    if phrase_id not in found:
        raise NotFoundError(N_("There is no such phrase (any more)."))
    return "\n".join(filter(None, (text.rstrip(), found[phrase_id])))


def _known(session: Session, comment_id: CommentId) -> Comment:
    found = reading.some(session, [comment_id])
    if comment_id not in found:
        raise NotFoundError(N_("There is no such comment."))
    return found[comment_id]


def _span(context: Context, age: Age | None) -> Span:
    """Tell between which moments comments of an age were written."""
    if age is None:
        return Span()
    now = context.clock()
    said = following.current(context).list.preferences
    if age is Age.LATE:
        return Span(end=now - said.answer_within)
    if age is Age.TODAY:
        zone = ZoneInfo(said.timezone)
        return Span(begin=datetime.combine(now.astimezone(zone).date(), time(0), zone))
    return Span(begin=now - timedelta(days=7 if age is Age.WEEK else 30))
