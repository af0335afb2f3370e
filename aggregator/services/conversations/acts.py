"""Acts on comments: each is remembered, and leaves counters and states right."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from aggregator.domain.boards import Acted
from aggregator.domain.conversations.acts import CommentAct
from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.hours import OfficeHours, office_hours
from aggregator.domain.conversations.putting_off import Until, back_at, on_day
from aggregator.domain.conversations.sending import looks_from
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations.arranging import rearrange
from aggregator.storage import actions
from aggregator.storage.conversations import acts, feeds, labels
from aggregator.storage.engine import Session
from aggregator.translations import N_

LONGEST_DRAFT: Final = 20_000
LONGEST_NOTE: Final = 5_000
LONGEST_LINE: Final = 200
"""Letters of a reason, of a name."""

LONGEST_LABEL: Final = 40
NO_DAY: Final = N_("Choose a day to come, within a year.")

_AGAIN: Final[Mapping[str, None]] = dict.fromkeys(
    ("sent_at", "closed_at", "filed_at", "filed_why", "snoozed_until")
)
"""What stands between a comment and waiting: its other states, but for hidden."""

_OF_EXPECTING: Final = frozenset({CommentAct.FILED, CommentAct.SNOOZED})
"""Acts that mean nothing for a comment of mine, a pingback, or one that asks nothing of me."""


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
        if what in _OF_EXPECTING:
            comment_ids = acts.expecting(session, comment_ids)
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


def keep_draft(context: Context, comment_id: CommentId, text: str) -> None:
    """Keep the answer one is writing. It is no act: nothing undoes it.

    Raises:
        NotFoundError: there is no such comment.
        InvalidInputError: it is too long to be kept.
    """
    if len(text) > LONGEST_DRAFT:
        raise InvalidInputError(
            N_("An answer of more than %(most)s letters is not kept here: shorten it."),
            most=LONGEST_DRAFT,
        )
    with context.database.write() as session:
        present(session, [comment_id])
        acts.change(session, [comment_id], {"draft": text if text.strip() else None})


def sent(context: Context, comment_id: CommentId) -> Acted:
    """Note that an answer was sent at the source, and have its thread asked for it."""
    now = context.clock()
    with context.database.write() as session:
        present(session, [comment_id])
        before = acts.change(session, [comment_id], {**_AGAIN, "sent_at": now})
        for thread_id in acts.threads_of(session, [comment_id]):
            feeds.ask(session, thread_id, looks_from(now, context.settings.manual_floor))
        return settle(session, context, CommentAct.SENT, before)


def look_again(context: Context, comment_id: CommentId) -> bool:
    """Have the thread of a comment asked at the next round; tell whether it will be.

    Raises:
        NotFoundError: there is no such comment.
    """
    with context.database.write() as session:
        present(session, [comment_id])
        found = acts.threads_of(session, [comment_id])
        asked = [feeds.ask(session, thread_id, [context.clock()]) for thread_id in found]
        return all(asked)


def close(context: Context, comment_id: CommentId) -> Acted:
    """Close a comment: « J'ai répondu »."""
    values = {**_AGAIN, "closed_at": context.clock()}
    return change(context, CommentAct.CLOSED, [comment_id], values)


def wait_again(context: Context, comment_ids: Sequence[CommentId]) -> Acted:
    """Have comments wait for an answer again."""
    return change(context, CommentAct.WAITING, comment_ids, _AGAIN)


def file_away(context: Context, comment_ids: Sequence[CommentId], why: str) -> Acted:
    """File comments away, with a reason or without."""
    reason = _line(why)
    values = {**_AGAIN, "filed_at": context.clock(), "filed_why": reason}
    return change(context, CommentAct.FILED, comment_ids, values)


def put_off(context: Context, comment_ids: Sequence[CommentId], until: Until | date) -> Acted:
    """Put comments off until a moment of office hours, or until a day that is named.

    Raises:
        InvalidInputError: the day is over, or too far off to be meant.
        NotFoundError: none of them is stored.
    """
    moment = _back_at(context, until)
    values = {**_AGAIN, "snoozed_until": moment}
    return change(context, CommentAct.SNOOZED, comment_ids, values)


def _back_at(context: Context, until: Until | date) -> datetime:
    now, hours = context.clock(), hours_of(context)
    if isinstance(until, Until):
        return back_at(until, now=now, hours=hours)
    moment = on_day(until, now=now, hours=hours)
    if moment is None:
        raise InvalidInputError(NO_DAY)
    return moment


def hours_of(context: Context) -> OfficeHours:
    """Give the office hours of feeds.yaml, in its time zone."""
    said = following.current(context).list.preferences
    return office_hours(said.office_hours, ZoneInfo(said.timezone))


def assign(context: Context, comment_id: CommentId, name: str) -> Acted:
    """Assign a comment to a name; to nobody where it is empty."""
    values = {"assigned_to": _line(name)}
    return change(context, CommentAct.ASSIGNED, [comment_id], values)


def note(context: Context, comment_id: CommentId, text: str) -> Acted:
    """Keep a note beside a comment; an empty one takes it away."""
    words = text.strip()[:LONGEST_NOTE] or None
    return change(context, CommentAct.NOTED, [comment_id], {"note": words})


def hide(context: Context, comment_ids: Sequence[CommentId], *, hidden: bool) -> Acted:
    """Hide comments, or show them again."""
    what = CommentAct.HIDDEN if hidden else CommentAct.UNHIDDEN
    return change(context, what, comment_ids, {"hidden": hidden})


def star(context: Context, comment_id: CommentId, *, starred: bool) -> Acted:
    """Keep a comment for later, or no longer."""
    what = CommentAct.STARRED if starred else CommentAct.UNSTARRED
    return change(context, what, [comment_id], {"starred": starred})


def label(
    context: Context, comment_ids: Sequence[CommentId], name: str, *, carried: bool
) -> Acted:
    """Put a label on comments, or take it off.

    Raises:
        InvalidInputError: the label has no name.
        NotFoundError: none of them is stored.
    """
    words = " ".join(name.split())[:LONGEST_LABEL]
    if not words:
        raise InvalidInputError(N_("Write the name of the label."))
    what = CommentAct.LABELLED if carried else CommentAct.UNLABELLED
    with context.database.write() as session:
        present(session, comment_ids)
        known = acts.stored(session, comment_ids)
        return settle(session, context, what, labels.put(session, known, words, carried=carried))


def drop_unused_labels(context: Context) -> int:
    """Forget the labels that no comment carries; tell how many there were."""
    with context.database.write() as session:
        return labels.drop_unused(session)


def keep_phrase(context: Context, text: str) -> bool:
    """Save a phrase; tell whether it was not saved already.

    Raises:
        InvalidInputError: there are no words in it, or too many.
    """
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise InvalidInputError(N_("Write the words that are to be kept as a phrase."))
    with context.database.write() as session:
        return labels.save(session, words, now=context.clock())


def drop_phrase(context: Context, phrase_id: int) -> None:
    """Forget a saved phrase.

    Raises:
        NotFoundError: there is no such phrase (any more).
    """
    with context.database.write() as session:
        if labels.drop(session, phrase_id) is None:
            raise NotFoundError(N_("There is no such phrase (any more)."))


def _line(words: str) -> str | None:
    return " ".join(words.split())[:LONGEST_LINE] or None
