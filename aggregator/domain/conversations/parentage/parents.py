"""The parents of a thread's comments while they are being found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aggregator.domain.conversations.comments import CommentId, Kind, Pairing
from aggregator.domain.conversations.parentage.voices import Voice

_SURENESS: Final = {Pairing.DEDUCED: 0, Pairing.DECLARED: 1, Pairing.MANUAL: 2}


class Parents:
    """Who answers whom, as far as is known by now, and what answers of mine have taken."""

    def __init__(self, ordered: Sequence[Voice]) -> None:
        self.ordered: Final = ordered
        self._voices: Final = {voice.id: voice for voice in ordered}
        self._ranks: Final = {voice.id: rank for rank, voice in enumerate(ordered)}
        self._parents: Final[dict[CommentId, CommentId]] = {}
        self._pairings: Final[dict[CommentId, Pairing]] = {}
        # when what took a comment vanished, None while it is there
        self._taken: Final[dict[CommentId, datetime | None]] = {}

    def of(self, voice: Voice) -> Voice | None:
        """Give the parent of a comment, None for the article."""
        parent = self._parents.get(voice.id)
        return None if parent is None else self._voices[parent]

    def pairing(self, voice: Voice) -> Pairing | None:
        """Tell who says what a comment answers, None while nobody does."""
        return self._pairings.get(voice.id)

    def voice(self, comment_id: CommentId | None) -> Voice | None:
        """Find a comment of this thread."""
        return None if comment_id is None else self._voices.get(comment_id)

    def rank(self, voice: Voice) -> int:
        """Tell the place of a comment in the order of writing."""
        return self._ranks[voice.id]

    def orphan(self, voice: Voice) -> None:
        """Make a comment answer nothing, by hand."""
        self._pairings[voice.id] = Pairing.MANUAL

    def give(self, voice: Voice, parent: Voice | None, pairing: Pairing) -> bool:
        """Give a comment a parent, unless that is itself; a rule gives only earlier comments."""
        if parent is None or parent is voice:
            return False
        if pairing is Pairing.DEDUCED and (
            parent.kind is not Kind.COMMENT or self.rank(parent) > self.rank(voice)
        ):
            return False
        self._parents[voice.id] = parent.id
        self._pairings[voice.id] = pairing
        if voice.mine and voice.kind is Kind.COMMENT:
            self._take(parent, voice)
        return True

    def _take(self, parent: Voice, answer: Voice) -> None:
        freed = answer.vanished_at
        before = self._taken.get(parent.id, freed)
        self._taken[parent.id] = max(freed, before) if freed and before else None

    def taken(self, voice: Voice, *, by: Voice | None = None) -> bool:
        """Tell whether an answer of mine has a comment, or had it when `by` was first seen."""
        if voice.id not in self._taken:
            return False
        freed = self._taken[voice.id]
        return freed is None or by is None or freed > (by.first_seen_at or by.published_at)

    def taken_for_good(self, voice: Voice) -> bool:
        """Tell whether an answer of mine has a comment, one that did not vanish."""
        return self._taken.get(voice.id, voice.published_at) is None

    def answers(self) -> dict[CommentId, CommentId]:
        """Tell by which comment of mine each comment of others is answered, first."""
        answers: dict[CommentId, CommentId] = {}
        for voice in self.ordered:
            parent = self.of(voice)
            if voice.mine and parent is not None and not parent.mine and _answers(voice):
                answers.setdefault(parent.id, voice.id)
        return answers

    def break_rings(self) -> None:
        """Take a parent from one comment of each ring: the least sure, mine, the earliest."""
        done: set[CommentId] = set()
        for start in self._voices:
            walked: dict[CommentId, None] = {}
            here: CommentId | None = start
            while here is not None and here not in done and here not in walked:
                walked[here] = None
                here = self._parents.get(here)
            if here is not None and here in walked:
                path = list(walked)
                weakest = min(path[path.index(here) :], key=self._strength)
                del self._parents[weakest]
                del self._pairings[weakest]
            done.update(walked)

    def _strength(self, comment_id: CommentId) -> tuple[int, bool, int]:
        sureness = _SURENESS[self._pairings[comment_id]]
        return sureness, not self._voices[comment_id].mine, self._ranks[comment_id]


def _answers(voice: Voice) -> bool:
    return voice.kind is Kind.COMMENT and voice.vanished_at is None
