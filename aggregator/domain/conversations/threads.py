"""Who answers whom, and what waits for an answer: the rules of a thread.

PRODUCT.md's words *waits* and *I wait*; RFC 4685 for what is declared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.conversations.comments import CommentId, Kind, Pairing


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A comment, as far as the rules of a thread need it.

    `declared` is what the platform says it answers: keys and addresses, the surest first.
    `by_hand` is the parent that a person chose: 0 for "the article itself", None for no
    choice. `was` is the parent that a rule deduced before, kept while it can be.
    """

    id: CommentId
    key: str
    url: str | None
    author: str
    mine: bool
    kind: Kind
    published_at: datetime
    text: str
    position: int | None = None
    declared: tuple[str, ...] = ()
    by_hand: int | None = None
    was: CommentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a comment stands in its thread.

    `parent` None is the article itself; `pairing` says who tells, None where nobody does.
    `expects`: an answer is mine to give. `answered_by` is my comment that gives it.
    `last_word`: it is mine and the last of its branch, so that I wait.
    """

    parent: CommentId | None
    pairing: Pairing | None
    expects: bool
    answered_by: CommentId | None
    last_word: bool


def arrange(
    voices: Sequence[Voice],
    *,
    own: bool,
    names: Sequence[str],  # noqa: ARG001 - the thin path
) -> Mapping[CommentId, Place]:
    """Put the comments of one thread in their places.

    `own` tells that the source is mine; `names` are those I sign with. No cycle of parents
    comes out, whatever went in, and one answer of mine never clears two comments.
    """
    by_key = {voice.key: voice.id for voice in voices}
    parents: dict[CommentId, tuple[CommentId | None, Pairing | None]] = {}
    for voice in voices:
        found = next((by_key[ref] for ref in voice.declared if ref in by_key), None)
        parents[voice.id] = (found, Pairing.DECLARED if found else None)
    answers = {
        parent: voice.id
        for voice in voices
        if voice.mine and (parent := parents[voice.id][0]) is not None
    }
    return {
        voice.id: Place(
            parent=parents[voice.id][0],
            pairing=parents[voice.id][1],
            expects=not voice.mine
            and voice.kind is Kind.COMMENT
            and own
            and parents[voice.id][0] is None,
            answered_by=answers.get(voice.id),
            last_word=voice.mine and voice.id not in {found for found, _ in parents.values()},
        )
        for voice in voices
    }
