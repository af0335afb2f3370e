"""What a comment answers, chosen by hand and taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from aggregator.domain.conversations.comments import CommentId
from aggregator.errors import InvalidInputError, NotFoundError
from aggregator.services import undoing
from aggregator.services.context import Context
from aggregator.services.conversations.pairing import set_parent
from tests.conversations import comment, fresh, golden, put, state
from tests.web.world import NOW, entry_id, steady_world


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Context]:
    with steady_world(tmp_path) as context:
        put(context, entry_id(context, "Quantité ou qualité ?"), golden())
        put(context, entry_id(context, "Billet 9"), fresh(NOW))
        yield context


def number(context: Context, key: str) -> CommentId:
    return CommentId(state(context, key).id)


def pair(context: Context, key: str, parent: str | Literal[0] | None) -> None:
    chosen = number(context, parent) if isinstance(parent, str) else parent
    set_parent(context, number(context, key), chosen)


def test_an_answer_given_to_another_comment_frees_the_one_it_had(here: Context) -> None:
    pair(here, "c2", "c3")
    row = state(here, "c2")
    assert (row.parent_id, row.pairing) == (number(here, "c3"), "manual")
    assert (state(here, "c1").state, state(here, "c3").state) == ("waiting", "answered")


def test_an_answer_to_nothing_leaves_its_comment_waiting(here: Context) -> None:
    pair(here, "f3", 0)
    assert (state(here, "f3").parent_id, state(here, "f2").state) == (None, "waiting")


def test_without_a_choice_the_rules_tell_again(here: Context) -> None:
    pair(here, "c2", 0)
    pair(here, "c2", None)
    row = state(here, "c2")
    assert (row.pairing, state(here, "c1").state) == ("declared", "answered")


def test_a_choice_is_kept_whatever_a_poll_brings(here: Context) -> None:
    pair(here, "c2", "c3")
    put(here, entry_id(here, "Quantité ou qualité ?"), [*golden(), comment("late", at=NOW)])
    assert state(here, "c2").parent_id == number(here, "c3")


def test_a_choice_is_taken_back_as_it_was(here: Context) -> None:
    pair(here, "c2", "c3")
    undoing.undo(here)
    row = state(here, "c2")
    assert (row.parent_by_hand, row.pairing) == (None, "declared")
    assert state(here, "c1").state == "answered"


def test_the_same_choice_again_is_no_act(here: Context) -> None:
    first = set_parent(here, number(here, "c2"), number(here, "c3"))
    again = set_parent(here, number(here, "c2"), number(here, "c3"))
    assert (first.count, again.count, again.action_id) == (1, 0, None)


@pytest.mark.parametrize(
    ("key", "parent", "sentence"),
    [
        ("c2", "c2", "A comment does not answer itself: choose another one."),
        ("c2", "f1", "That comment is in another conversation: choose one of the same article."),
        ("c1", "c2", "That comment answers this one, directly or not: first pair it otherwise."),
        ("f1", "f5", "A pingback answers nobody, and nobody answers it."),
        ("f5", "f1", "A pingback answers nobody, and nobody answers it."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    here: Context, key: str, parent: str, sentence: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        pair(here, key, parent)
    assert refused.value.message == sentence
    assert state(here, key).parent_by_hand is None


def test_a_ring_of_three_is_refused_too(here: Context) -> None:
    pair(here, "c3", "c2")
    with pytest.raises(InvalidInputError):
        pair(here, "c1", "c3")


@pytest.mark.parametrize(("key", "parent"), [(999, 1), (1, 999), (999, 0)])
def test_a_comment_that_is_not_there_is_told(here: Context, key: int, parent: int) -> None:
    with pytest.raises(NotFoundError):
        set_parent(here, CommentId(key), CommentId(parent))
