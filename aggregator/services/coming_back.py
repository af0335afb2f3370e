"""When a source is polled next, from what its poll came to and what that brought."""

import random
from dataclasses import replace
from datetime import datetime

from aggregator.domain.backoff import ENDING, Failure
from aggregator.domain.polls import Polled
from aggregator.domain.schedule import Because, Outcome, Rhythm, next_poll
from aggregator.services.context import Context
from aggregator.storage import duplicates, polls
from aggregator.storage.engine import Session


def plan(
    session: Session, context: Context, polled: Polled, outcome: Outcome, *, brought_new: bool
) -> Polled:
    """Fill in what a poll came to, and what that says of the next one."""
    if polled.fault is not None and polled.fault.code == duplicates.SAME_FEED:
        return replace(polled, outcome=outcome, next_poll_at=None, next_because=Because.DUPLICATE)
    document = polled.document
    hints = document.hints if document else polled.source.hints
    last_new_at = _last_new_at(polled, brought_new=brought_new)
    rhythm = Rhythm(
        wish=polled.source.every,
        floor=context.settings.floor,
        hints=hints,
        fresh_s=polled.fresh_s,
        last_new_at=last_new_at,
    )
    following = next_poll(
        rhythm,
        now=polled.polled_at,
        failure=_failure(session, polled),
        not_before=polled.not_before_at,
        jitter=random.random(),  # noqa: S311 - no secret
    )
    return replace(
        polled,
        outcome=outcome,
        next_poll_at=following.at,
        next_because=following.because,
        hints=hints,
        last_new_at=last_new_at,
    )


def _failure(session: Session, polled: Polled) -> Failure | None:
    if polled.fault is None:
        return None
    code, in_a_row = polled.fault.code, polled.failures
    if code not in ENDING:
        return Failure(code=code, in_a_row=in_a_row)
    before = polls.run_of(session, polled.source.id, code)
    return Failure(
        code=code,
        in_a_row=in_a_row,
        same=len(before) + 1,
        same_since=min(before, default=polled.polled_at),
    )


def _last_new_at(polled: Polled, *, brought_new: bool) -> datetime | None:
    """Tell when a source last had something new: at its first poll, its newest entry's date."""
    known = polled.source.last_new_at
    if known is not None or polled.document is None:
        return polled.polled_at if brought_new else known
    moments = [item.published_at for item in polled.document.items if item.published_at]
    return min(max(moments, default=polled.polled_at), polled.polled_at)
