"""Which comment an answer of mine is for, where nobody tells: by its page, by what is open.

Platforms without parents (Dotclear, flat blogs) show my answers among all comments. "The
nearest earlier comment" pairs two answers that were written in a row wrongly; the place on
the page, or the oldest comment that is still open, does not.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from heapq import heappop, heappush
from itertools import islice, pairwise
from operator import itemgetter
from typing import Final

from aggregator.domain.conversations.comments import CommentId, Kind, Pairing
from aggregator.domain.conversations.names import squeeze
from aggregator.domain.conversations.parentage.parents import Parents
from aggregator.domain.conversations.parentage.voices import Voice

SENT_WITHIN: Final = timedelta(hours=2)
"""An answer is published at most this long before or after one says that one answered."""


def answer_called(parents: Parents, called: Mapping[CommentId, str]) -> None:
    """Give those who call somebody by name that person's latest comment before theirs.

    To mine the latest that is still open, if one is. `called` tells the names, squeezed.
    """
    earlier: defaultdict[str, list[Voice]] = defaultdict(list)
    unanswered: defaultdict[str, list[Voice]] = defaultdict(list)
    for voice in parents.ordered:
        if voice.kind is not Kind.COMMENT:
            continue
        name = called.get(voice.id)
        if name is not None and parents.pairing(voice) is None:
            target = _latest_open(parents, unanswered[name], voice) if voice.mine else None
            if target is None and earlier[name]:
                target = earlier[name][-1]
            parents.give(voice, target, Pairing.DEDUCED)
        author = squeeze(voice.author)
        earlier[author].append(voice)
        if not voice.mine:
            unanswered[author].append(voice)


def _latest_open(parents: Parents, waiting: list[Voice], answer: Voice) -> Voice | None:
    while waiting:
        if _is_open(parents, waiting[-1], answer):
            return waiting[-1]
        waiting.pop()
    return None


def answer_placed(parents: Parents) -> None:
    """Give answers of mine the comment of others above them, where pages put them there.

    A page in the order of the dates, or in the opposite one, says nothing.
    """
    placed = [
        (voice.position, rank, voice)
        for rank, voice in enumerate(parents.ordered)
        if voice.position is not None and voice.kind is Kind.COMMENT
    ]
    steps = [later[0] - earlier[0] for earlier, later in pairwise(placed)]
    if not min(steps, default=0) < 0 < max(steps, default=0):
        return
    above: Voice | None = None
    for _, _, voice in sorted(placed, key=itemgetter(0, 1)):
        if not voice.mine:
            above = voice
        elif parents.pairing(voice) is None:
            parents.give(voice, above, Pairing.DEDUCED)


def answer_sent(parents: Parents, expecting: Collection[CommentId]) -> None:
    """Give answers of mine the comment that one said to have answered at about that time."""
    said = sorted(
        (
            (moment, rank, voice)
            for rank, voice in enumerate(parents.ordered)
            if voice.id in expecting and (moment := voice.sent_at or voice.closed_at)
        ),
        key=itemgetter(0, 1),
    )
    for answer in _unpaired(parents) if said else ():
        first = bisect_left(said, answer.published_at - SENT_WITHIN, key=itemgetter(0))
        for moment, rank, voice in islice(said, first, None):
            if moment > answer.published_at + SENT_WITHIN:
                break
            if rank < parents.rank(answer) and _is_open(parents, voice, answer):
                parents.give(answer, voice, Pairing.DEDUCED)
                break


def answer_oldest(parents: Parents, expecting: Collection[CommentId]) -> None:
    """Give answers of mine the oldest comment that was still open when they were written."""
    answers = {voice.id for voice in _unpaired(parents)}
    waiting: list[tuple[int, Voice]] = []
    for rank, voice in enumerate(parents.ordered):
        if voice.id in expecting:
            heappush(waiting, (rank, voice))
        elif voice.id in answers:
            _answer_first(parents, waiting, voice)


def _answer_first(parents: Parents, waiting: list[tuple[int, Voice]], answer: Voice) -> None:
    """Pair an answer with the first of those that wait, and forget those that wait no more."""
    kept = []
    while waiting:
        rank, voice = heappop(waiting)
        if _is_open(parents, voice, answer):
            parents.give(answer, voice, Pairing.DEDUCED)
            if answer.vanished_at is not None:
                kept.append((rank, voice))
            break
        if parents.taken(voice) and not parents.taken_for_good(voice):
            kept.append((rank, voice))
    for again in kept:
        heappush(waiting, again)


def _unpaired(parents: Parents) -> tuple[Voice, ...]:
    return tuple(
        voice
        for voice in parents.ordered
        if voice.mine and voice.kind is Kind.COMMENT and parents.pairing(voice) is None
    )


def _is_open(parents: Parents, voice: Voice, answer: Voice) -> bool:
    """Tell whether a comment was still to be answered when an answer of mine was written.

    What was filed away before needed none; what was closed by hand had its answer by then.
    """
    moment = answer.published_at
    return (
        not voice.mine
        and voice.kind is Kind.COMMENT
        and not voice.hidden
        and (voice.vanished_at is None or voice.vanished_at > moment)
        and (voice.filed_at is None or voice.filed_at > moment)
        and (voice.closed_at is None or voice.closed_at + SENT_WITHIN > moment)
        and not parents.taken(voice, by=answer)
    )
