"""The state of a comment: what the rules found, and what one did about it."""

from datetime import datetime

from aggregator.domain.conversations.comments import State


def state_of(  # noqa: PLR0911, PLR0913 - one fact a line
    *,
    expects: bool,
    answered: bool,
    vanished: bool = False,
    hidden: bool = False,
    closed_at: datetime | None = None,
    filed_at: datetime | None = None,
    snoozed_until: datetime | None = None,
    sent_at: datetime | None = None,
) -> State:
    """Tell the state of a comment; the first that applies.

    `answered` is a pairing with a comment of mine; `closed_at` is « J'ai répondu », said by
    hand. One that was put off comes back by `storage.conversations` when its moment has come.
    """
    if hidden:
        return State.HIDDEN
    if not expects:
        return State.NONE
    if answered or closed_at is not None:
        return State.ANSWERED
    if filed_at is not None:
        return State.HANDLED
    if vanished:
        return State.NONE
    if snoozed_until is not None:
        return State.SNOOZED
    return State.SENT if sent_at is not None else State.WAITING
