"""Threads as they are shown: under their article, in the inbox, by themselves."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Final

from aggregator.domain.conversations.comments import (
    Comment,
    CommentId,
    Kind,
    State,
    Thread,
    ThreadId,
)
from aggregator.domain.conversations.feeds import Trouble
from aggregator.domain.conversations.trees import MOST, Tree, chosen, grown, piece, spots
from aggregator.domain.items import EntryId, EntryRow
from aggregator.errors import NotFoundError
from aggregator.services.context import Context
from aggregator.storage.conversations import reading, widgets
from aggregator.storage.engine import Session
from aggregator.translations import N_

MOST_PINGBACKS: Final = 8
MOST_CANDIDATES: Final = 12
"""Comments that one may say a comment answers: the nearest before it, and those still open."""

Twig = tuple[CommentId, CommentId | None, str, str, str | None]
"""Of a comment: its id, parent, kind, state, and by what it is mine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment at its place, with what stands under it.

    `to` names whom it answers; `is_told` where its place does not show it.
    """

    comment: Comment
    depth: int
    is_new: bool
    to: str | None
    is_told: bool
    replies: "tuple[Said, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """A thread, or a piece of it, ready to be shown.

    `said` are the comments that stand on the first level, with those under them; `pingbacks`
    stand apart. `upto` is the greatest comment id there was, so that what comes later is news.
    `new` counts what came since one last looked, `left_out` the comments that are not shown;
    `goes_on` is the comment after which the next piece begins, None where there is none.
    `shows_images` tells whether the thread's source may always show its pictures;
    `troubles` are its comment feeds that fail. `places` are the pages one sees as (slug,
    name, whether they show this conversation).
    `is_piece`: these are the comments after one of them, and not the beginning.
    """

    thread: Thread
    said: tuple[Said, ...]
    pingbacks: tuple[Comment, ...]
    upto: CommentId
    new: int
    left_out: int
    goes_on: CommentId | None
    shows_images: bool
    troubles: tuple[Trouble, ...]
    places: tuple[tuple[str, str, bool], ...] = ()
    is_piece: bool = False

    @property
    def first_new(self) -> CommentId | None:
        """Find the first comment one has not seen, of those that are shown."""
        ahead = list(reversed(self.said))
        while ahead:
            one = ahead.pop()
            if one.is_new:
                return one.comment.id
            ahead.extend(reversed(one.replies))
        return None


def of_entry(
    context: Context, entry_id: EntryId, *, at: CommentId | None = None
) -> ThreadView | None:
    """Show the thread of an article; None where none of its comments is stored."""
    with context.database.read() as session:
        found = reading.thread(session, entry_id=entry_id)
        return None if found is None else _view(session, found, at=at)


def troubles(context: Context, row: EntryRow) -> tuple[Trouble, ...]:
    """List the comment feeds that fail, of an article none of whose comments is stored."""
    with context.database.read() as session:
        return reading.troubles(session, row.source_id, row.id)


def show(
    context: Context, thread_id: ThreadId, *, at: CommentId | None = None, most: int = MOST
) -> ThreadView:
    """Show a thread: of a long one what waits, what is new and the newest; `at` one of it.

    `most` comments are shown at once.

    Raises:
        NotFoundError: there is no such thread, or its source left feeds.yaml.
    """
    with context.database.read() as session:
        return _view(session, _known(session, thread_id), at=at, most=most)


def go_on(context: Context, thread_id: ThreadId, after: CommentId | None) -> ThreadView:
    """Show a thread piece by piece in the order of its tree, from the top if `after` is None.

    Raises:
        NotFoundError: there is no such thread, or its source left feeds.yaml.
    """
    with context.database.read() as session:
        thread = _known(session, thread_id)
        twigs = reading.twigs(session, thread_id)
        tree, new = _tree(twigs), _new(thread, twigs)
        shown, goes_on = piece(tree, after)
        return ThreadView(
            thread=thread,
            said=_said(session, tree, shown, new),
            pingbacks=_pingbacks(session, twigs) if goes_on is None else (),
            upto=max((row[0] for row in twigs), default=CommentId(0)),
            new=len(new),
            left_out=0,
            goes_on=goes_on,
            shows_images=reading.shows_images(session, thread_id),
            troubles=(),
            is_piece=after is not None,
        )


def _known(session: Session, thread_id: ThreadId) -> Thread:
    found = reading.thread(session, thread_id=thread_id)
    if found is None:
        raise NotFoundError(N_("There is no such conversation (any more)."))
    return found


def _view(
    session: Session, thread: Thread, *, at: CommentId | None, most: int = MOST
) -> ThreadView:
    twigs = reading.twigs(session, thread.id)
    tree = _tree(twigs)
    waiting = [row[0] for row in twigs if row[3] == State.WAITING]
    new = _new(thread, twigs)
    first = [at] if at is not None else []
    shown = chosen(tree, [*first, *waiting, *sorted(new, reverse=True)], most=most)
    return ThreadView(
        thread=thread,
        said=_said(session, tree, shown, new),
        pingbacks=_pingbacks(session, twigs),
        upto=max((row[0] for row in twigs), default=CommentId(0)),
        new=len(new),
        left_out=len(tree.order) - len(shown),
        goes_on=None,
        shows_images=reading.shows_images(session, thread.id),
        troubles=reading.troubles(session, thread.source_id, thread.entry_id),
        places=widgets.places_of(session, thread.id),
    )


def _tree(twigs: Sequence[Twig]) -> Tree:
    return grown((row[0], row[1]) for row in twigs if row[2] == Kind.COMMENT)


def _said(
    session: Session, tree: Tree, shown: Sequence[CommentId], new: Container[CommentId]
) -> tuple[Said, ...]:
    found = reading.some(session, shown)
    places = spots(tree, shown)
    unknown = [spot.answers for spot in places if spot.answers and spot.answers not in found]
    names = {one.id: one.author for one in found.values()}
    if unknown:
        names |= reading.authors(session, unknown)
    flat = [
        Said(
            comment=found[spot.id],
            depth=spot.depth,
            is_new=spot.id in new,
            to=names.get(spot.answers) if spot.answers is not None else None,
            is_told=spot.is_told,
        )
        for spot in places
        if spot.id in found
    ]
    return _nested(flat)


def _nested(flat: Sequence[Said]) -> tuple[Said, ...]:
    """Put each comment under the last one before it that is a level higher."""
    open_levels: dict[int, list[Said]] = {}
    for one in reversed(flat):
        replies = tuple(reversed(open_levels.pop(one.depth + 1, [])))
        open_levels.setdefault(one.depth, []).append(replace(one, replies=replies))
    return tuple(reversed(open_levels.get(0, [])))


def _pingbacks(session: Session, twigs: Sequence[Twig]) -> tuple[Comment, ...]:
    ids = [row[0] for row in twigs if row[2] == Kind.PINGBACK][-MOST_PINGBACKS:]
    found = reading.some(session, ids) if ids else {}
    return tuple(found[one] for one in ids)


def _new(thread: Thread, twigs: Sequence[Twig]) -> frozenset[CommentId]:
    """Find what came since one last looked, but for what one wrote oneself.

    In a thread that one never looked at nothing stands out, for all of it is new.
    """
    if not thread.seen_upto:
        return frozenset()
    return frozenset(
        row[0]
        for row in twigs
        if row[0] > thread.seen_upto and row[4] is None and row[3] != State.HIDDEN
    )


def comments(context: Context, ids: Sequence[CommentId]) -> tuple[Comment, ...]:
    """Read these comments as they are now, those that are stored."""
    with context.database.read() as session:
        return tuple(reading.some(session, ids).values())


def count_new(context: Context, thread_id: ThreadId, since: CommentId) -> int:
    """Count the comments that came into a thread after one of them.

    Raises:
        NotFoundError: there is no such thread, or its source left feeds.yaml.
    """
    with context.database.read() as session:
        _known(session, thread_id)
        return reading.count_since(session, thread_id, since)


def look(context: Context, thread_id: ThreadId, upto: CommentId) -> None:
    """Write down that one has seen a thread up to a comment, and no further than there are.

    Raises:
        NotFoundError: there is no such thread, or its source left feeds.yaml.
    """
    with context.database.write() as session:
        _known(session, thread_id)
        seen = min(upto, reading.greatest(session, thread_id))
        reading.look(session, thread_id, CommentId(seen), now=context.clock())


def candidates(context: Context, comment_id: CommentId) -> tuple[Comment, tuple[Comment, ...]]:
    """Give a comment with those that it may answer, the likeliest first.

    Raises:
        NotFoundError: there is no such comment, or its source left feeds.yaml.
    """
    with context.database.read() as session:
        comment = reading.some(session, [comment_id]).get(comment_id)
        if comment is None:
            raise NotFoundError(N_("There is no such comment (any more)."))
        _known(session, comment.thread_id)
        return comment, reading.before(session, comment, most=MOST_CANDIDATES)
