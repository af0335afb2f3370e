"""Threads put in order: whose each comment is, what it answers, whether it waits."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from aggregator.domain.conversations.comments import CommentId, Pairing, State, ThreadId
from aggregator.domain.conversations.me import Self, Whose, myself, whose
from aggregator.domain.conversations.states import state_of
from aggregator.domain.conversations.threads import Place, Voice, arrange
from aggregator.domain.following import Me
from aggregator.storage import installation
from aggregator.storage.conversations import arranging
from aggregator.storage.conversations.arranging import Known, Verdict
from aggregator.storage.engine import Session

SETTLES_AFTER: Final = timedelta(hours=1)

_SECRET: Final = "email_secret"  # noqa: S105 - the name of a fact


def hasher(session: Session) -> Callable[[str], str]:
    """Give what makes of an e-mail address a hash keyed with this installation's secret."""
    key = installation.fact(session, _SECRET)
    if key is None:
        key = secrets.token_hex(32)
        installation.keep_fact(session, _SECRET, key)
    secret = bytes.fromhex(key)
    return lambda address: hmac.new(
        secret, address.strip().lower().encode(), hashlib.sha256
    ).hexdigest()


def self_of(me: Me, hashed: Callable[[str], str]) -> Self:
    """Make who I am comparable."""
    return myself(names=me.names, sites=me.sites, email_hashes=map(hashed, me.emails))


def rearrange(session: Session, thread_ids: Collection[ThreadId], *, me: Me) -> None:
    """Apply the rules to threads again, and count them."""
    known_self = self_of(me, hasher(session))
    for ground in arranging.grounds(session, thread_ids):
        known = arranging.known(session, ground.thread_id)
        mine = {one.id: _whose(one, own=ground.own, known_self=known_self) for one in known}
        settled = _settled(known)
        voices = [_voice(one, mine=mine[one.id], settled=one.id in settled) for one in known]
        found = arrange(voices, own=ground.own, names=me.names, about=ground.about)
        arranging.keep(session, dict(_changed(known, mine, found)))
    arranging.recount(session, thread_ids)


def _whose(one: Known, *, own: bool, known_self: Self) -> Whose:
    return whose(
        name=one.author,
        url=one.author_url,
        email_hash=one.email_hash,
        by_author=one.by_author,
        own=own,
        me=known_self,
    )


def _settled(known: Sequence[Known]) -> frozenset[CommentId]:
    """Tell what is deduced of which comments is kept, though older comments come later.

    A thread may come in pieces, the latest first: until its beginning is there, and for an
    hour after a comment came, all is deduced anew. Later what comes with an old date is one
    that was held back, and whoever answered had not seen it.
    """
    if not known:
        return frozenset()
    newest = max(one.first_seen_at for one in known)
    begun = known[0].first_seen_at
    return frozenset(
        one.id for one in known if begun <= one.first_seen_at + SETTLES_AFTER < newest
    )


def _voice(one: Known, *, mine: Whose, settled: bool) -> Voice:
    deduced = one.verdict.pairing is Pairing.DEDUCED
    return Voice(
        id=one.id,
        key=one.key,
        url=one.url,
        author=one.author,
        mine=mine.mine is not None,
        kind=one.kind,
        published_at=one.published_at,
        text=one.text,
        html=one.content_html,
        position=one.position,
        declared=one.in_reply_to,
        in_words=one.in_words,
        by_hand=one.parent_by_hand,
        was=one.verdict.parent_id if deduced and settled else None,
        hidden=one.hidden,
        first_seen_at=one.first_seen_at,
        vanished_at=one.vanished_at,
        sent_at=one.sent_at,
        closed_at=one.closed_at,
        filed_at=one.filed_at,
    )


def _changed(
    known: Sequence[Known], mine: Mapping[CommentId, Whose], places: Mapping[CommentId, Place]
) -> Iterator[tuple[CommentId, Verdict]]:
    """Give what the rules say of comments where they did not say it before."""
    published = {one.id: one.published_at for one in known}
    for one in known:
        found = places[one.id]
        answered_at = one.closed_at
        if found.answered_by is not None:
            answered_at = published[found.answered_by]
        verdict = Verdict(
            mine=mine[one.id].mine,
            suspect=mine[one.id].suspect,
            parent_id=found.parent,
            pairing=found.pairing,
            expects=found.expects,
            answered_by=found.answered_by,
            answered_at=answered_at,
            state=_state(one, found),
            last_word=found.last_word,
        )
        if verdict != one.verdict:
            yield one.id, verdict


def _state(one: Known, found: Place) -> State:
    return state_of(
        expects=found.expects,
        answered=found.answered_by is not None,
        vanished=one.vanished_at is not None,
        hidden=one.hidden,
        closed_at=one.closed_at,
        filed_at=one.filed_at,
        snoozed_until=one.snoozed_until,
        sent_at=one.sent_at,
    )
