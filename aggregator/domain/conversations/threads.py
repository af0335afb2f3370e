"""Who answers whom, and what waits for an answer: the rules of a thread.

PRODUCT.md's words *waits* and *I wait*; RFC 4685 for what is declared. The rules look at the
comments and their dates alone, so that a thread ends the same in whatever order it came.
"""

from collections.abc import Collection, Mapping, Sequence

from aggregator.domain.conversations.comments import CommentId, Kind, Pairing
from aggregator.domain.conversations.names import naming, squeeze
from aggregator.domain.conversations.parentage.addresses import Addresses
from aggregator.domain.conversations.parentage.deducing import Callings, linked, quoted
from aggregator.domain.conversations.parentage.pairing import (
    answer_called,
    answer_oldest,
    answer_placed,
    answer_sent,
)
from aggregator.domain.conversations.parentage.parents import Parents
from aggregator.domain.conversations.parentage.voices import Place, Voice, in_order

__all__ = ["Place", "Voice", "arrange"]


def arrange(
    voices: Sequence[Voice],
    *,
    own: bool,
    names: Sequence[str],
    about: Collection[str] = (),
) -> Mapping[CommentId, Place]:
    """Put the comments of one thread in their places.

    `own` tells that the source is mine; `names` are those I sign with; `about` are the keys
    and addresses of the article. No cycle of parents comes out, whatever went in, and one
    answer of mine never clears two comments.

    What a person chose by hand comes first, then what the platform declares, then what the
    comment's words say, then what was deduced and settled before. An answer of mine of which
    nobody tells anything is for the comment that I said to have answered; on my own sources
    also for the one above it on its page, else for the oldest that is still open. For
    comments of others nothing is invented.
    """
    parents = Parents(in_order(voices))
    called = _told(parents, Addresses(parents.ordered, about))
    answer_called(parents, called)
    parents.break_rings()
    expecting = _expecting(parents, own=own, names=names)
    if own:
        answer_placed(parents)
    answer_sent(parents, expecting)
    if own:
        answer_oldest(parents, expecting)
    parents.break_rings()
    return _places(parents, expecting)


def _told(parents: Parents, addresses: Addresses) -> Mapping[CommentId, str]:
    """Give parents to those of whom a person, the platform, or their own words tell it.

    Give back who calls whom by name: whose comment that is for, depends on what is open.
    """
    callings = Callings(voice.author for voice in parents.ordered)
    called = {
        voice.id: name
        for voice in parents.ordered
        if (name := callings.called(voice.text)) is not None
    }
    quotes = quoted(parents.ordered)
    for voice in parents.ordered:
        if _chosen(parents, voice) or _declared(parents, voice, addresses):
            continue
        if parents.give(voice, parents.voice(linked(voice, addresses)), Pairing.DEDUCED):
            continue
        quote = parents.voice(quotes.get(voice.id))
        if quote is not None and called.get(voice.id) in {None, squeeze(quote.author)}:
            parents.give(voice, quote, Pairing.DEDUCED)
    for voice in parents.ordered:
        _kept(parents, voice, called.get(voice.id))
    return called


def _chosen(parents: Parents, voice: Voice) -> bool:
    if voice.by_hand == 0:
        parents.orphan(voice)
        return True
    chosen = parents.voice(None if voice.by_hand is None else CommentId(voice.by_hand))
    return parents.give(voice, chosen, Pairing.MANUAL)


def _declared(parents: Parents, voice: Voice, addresses: Addresses) -> bool:
    named = (parents.voice(addresses.named(reference)) for reference in voice.declared)
    pairing = Pairing.DEDUCED if voice.in_words else Pairing.DECLARED
    return any(parents.give(voice, target, pairing) for target in named)


def _kept(parents: Parents, voice: Voice, called: str | None) -> None:
    """Keep what was deduced before, where nothing surer has come to speak against it."""
    before = parents.voice(voice.was)
    if before is None or voice.kind is not Kind.COMMENT or parents.pairing(voice) is not None:
        return
    fits = called == squeeze(before.author) if called is not None else voice.mine
    if fits and not (voice.mine and parents.taken(before)):
        parents.give(voice, before, Pairing.DEDUCED)


def _expecting(parents: Parents, *, own: bool, names: Sequence[str]) -> frozenset[CommentId]:
    """Tell to which comments an answer is mine to give."""
    names_me = naming(names)
    return frozenset(
        voice.id
        for voice in parents.ordered
        if voice.kind is Kind.COMMENT
        and not voice.mine
        and (_replies_to_me(parents.of(voice), own=own) or names_me(voice.text))
    )


def _replies_to_me(parent: Voice | None, *, own: bool) -> bool:
    """Tell whether what has this parent is said to me; a pingback starts no conversation."""
    if parent is None or parent.kind is Kind.PINGBACK:
        return own
    return parent.mine


def _places(parents: Parents, expecting: Collection[CommentId]) -> Mapping[CommentId, Place]:
    answers = parents.answers()
    found = [(voice, parents.of(voice)) for voice in parents.ordered]
    spoken_after = {parent.id for voice, parent in found if parent is not None and voice.talks}
    return {
        voice.id: Place(
            parent=parent.id if parent is not None else None,
            pairing=parents.pairing(voice),
            expects=voice.id in expecting,
            answered_by=answers.get(voice.id),
            last_word=voice.mine and voice.talks and voice.id not in spoken_after,
        )
        for voice, parent in found
    }
