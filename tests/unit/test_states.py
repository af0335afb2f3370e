"""The state of a comment: what the rules found, and what one did about it."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from aggregator.domain.conversations.comments import State
from aggregator.domain.conversations.states import state_of

AT: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def state(**said: Any) -> State:
    return state_of(**({"expects": True, "answered": False} | said))


def test_what_expects_an_answer_waits() -> None:
    assert state() is State.WAITING


def test_what_expects_none_has_no_state_whatever_was_done() -> None:
    done = {"closed_at": AT, "filed_at": AT, "snoozed_until": AT, "sent_at": AT}
    assert state(expects=False, **done) is State.NONE


def test_what_is_paired_with_an_answer_is_answered_whatever_was_done() -> None:
    done = {"filed_at": AT, "snoozed_until": AT, "sent_at": AT, "vanished": True}
    assert state(answered=True, **done) is State.ANSWERED


def test_what_is_hidden_is_hidden_even_answered() -> None:
    assert state(hidden=True, answered=True) is State.HIDDEN


def test_what_was_said_to_be_answered_is() -> None:
    assert state(closed_at=AT, filed_at=AT) is State.ANSWERED


def test_what_was_filed_away_is_handled_even_gone() -> None:
    assert state(filed_at=AT, vanished=True, snoozed_until=AT) is State.HANDLED


def test_what_vanished_waits_no_more() -> None:
    assert state(vanished=True, sent_at=AT) is State.NONE


def test_what_was_put_off_waits_later_sent_or_not() -> None:
    assert state(snoozed_until=AT, sent_at=AT) is State.SNOOZED


@pytest.mark.parametrize(("sent_at", "expected"), [(AT, State.SENT), (None, State.WAITING)])
def test_what_was_sent_is_to_be_confirmed(sent_at: datetime | None, expected: State) -> None:
    assert state(sent_at=sent_at) is expected
