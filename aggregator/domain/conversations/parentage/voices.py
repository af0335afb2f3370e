"""What the rules of a thread are given, and what they make of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aggregator.domain.conversations.comments import CommentId, Kind, Pairing

_DIGITS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A comment, as far as the rules of a thread need it.

    `declared` is what the platform says it answers: keys and addresses, the surest first;
    `in_words` where it says so in the text alone ("In reply to"), which is a deduction.
    `by_hand` is the parent that a person chose: 0 for "the article itself", None for no
    choice. `was` is the parent that a rule deduced before, where that is settled: it is kept
    while nothing surer speaks against it. `html` is sanitised, and may be left out. The
    moments are those of `Comment`; `first_seen_at` None is that of publication.

    What vanished no longer answers, and is open to no later answer; what is hidden never
    waits, and ends no wait of mine.
    """

    id: CommentId
    key: str
    url: str | None
    author: str
    mine: bool
    kind: Kind
    published_at: datetime
    text: str
    html: str = ""
    position: int | None = None
    declared: tuple[str, ...] = ()
    in_words: bool = False
    by_hand: int | None = None
    was: CommentId | None = None
    hidden: bool = False
    first_seen_at: datetime | None = None
    vanished_at: datetime | None = None
    sent_at: datetime | None = None
    closed_at: datetime | None = None
    filed_at: datetime | None = None

    @property
    def talks(self) -> bool:
        """Whether it is a comment that is there to be seen: no pingback, not gone, not hidden."""
        return self.kind is Kind.COMMENT and not self.hidden and self.vanished_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a comment stands in its thread.

    `parent` None is the article itself; `pairing` says who tells, None where nobody does.
    `expects`: an answer is mine to give. `answered_by` is my comment that gives it, the first
    where several do. `last_word`: it is mine and the last of its branch, so that I wait.
    """

    parent: CommentId | None
    pairing: Pairing | None
    expects: bool
    answered_by: CommentId | None
    last_word: bool


def in_order(voices: Iterable[Voice]) -> tuple[Voice, ...]:
    """Put comments in the order in which they were written.

    Of those of one moment (many platforms tell minutes), the one above on its page, or with
    the smaller number in its key, is first: never the one that came first, since the same
    thread may come in any order.
    """
    return tuple(
        sorted(
            voices,
            key=lambda voice: (
                voice.published_at,
                -1 if voice.position is None else voice.position,
                _natural(voice.key),
                voice.id,
            ),
        )
    )


def _natural(key: str) -> list[Any]:
    """Make `c9` come before `c10`; digits are compared by their number, then one by one."""
    parts: list[Any] = _DIGITS.split(key)
    for place in range(1, len(parts), 2):
        digits = parts[place].lstrip("0")
        parts[place] = (len(digits), digits)
    return parts
