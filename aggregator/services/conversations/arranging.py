"""Threads put in order: whose each comment is, what it answers, whether it waits."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection

from aggregator.domain.conversations.comments import CommentId, Pairing, ThreadId
from aggregator.domain.conversations.me import Self, place, whose
from aggregator.domain.conversations.states import state_of
from aggregator.domain.conversations.threads import Voice, arrange
from aggregator.domain.following import Me
from aggregator.storage import installation
from aggregator.storage.conversations import arranging
from aggregator.storage.engine import Session

_SECRET = "email_secret"  # noqa: S105 - the name of a fact


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
    return Self(
        names=frozenset(name.casefold() for name in me.names),
        sites=frozenset(place(site) for site in me.sites),
        email_hashes=frozenset(hashed(address) for address in me.emails),
    )


def rearrange(session: Session, thread_ids: Collection[ThreadId], *, me: Me) -> None:
    """Apply the rules to threads again, and count them."""
    known_self = self_of(me, hasher(session))
    for thread_id, _, own in arranging.threads_of(session, thread_ids):
        _rearrange_one(session, thread_id, own=own, me=me, known_self=known_self)
    arranging.recount(session, thread_ids)


def _rearrange_one(
    session: Session, thread_id: ThreadId, *, own: bool, me: Me, known_self: Self
) -> None:
    known = arranging.known(session, thread_id)
    by_id = {one.id: one for one in known}
    mine = {
        one.id: whose(
            name=one.author,
            url=one.author_url,
            email_hash=one.email_hash,
            by_author=one.by_author,
            own=own,
            me=known_self,
        )
        for one in known
    }
    voices = [
        Voice(
            id=one.id,
            key=one.key,
            url=one.url,
            author=one.author,
            mine=mine[one.id].mine is not None,
            kind=one.kind,
            published_at=one.published_at,
            text=one.text,
            position=one.position,
            declared=one.in_reply_to,
            by_hand=one.parent_by_hand,
            was=one.verdict.parent_id if one.verdict.pairing is Pairing.DEDUCED else None,
        )
        for one in known
    ]
    verdicts: dict[CommentId, arranging.Verdict] = {}
    for comment_id, found in arrange(voices, own=own, names=me.names).items():
        one = by_id[comment_id]
        answer = by_id.get(found.answered_by) if found.answered_by else None
        verdict = arranging.Verdict(
            mine=mine[comment_id].mine,
            suspect=mine[comment_id].suspect,
            parent_id=found.parent,
            pairing=found.pairing,
            expects=found.expects,
            answered_by=found.answered_by,
            answered_at=answer.published_at if answer else one.closed_at,
            state=state_of(
                expects=found.expects,
                answered=answer is not None,
                vanished=one.vanished_at is not None,
                hidden=one.hidden,
                closed_at=one.closed_at,
                filed_at=one.filed_at,
                snoozed_until=one.snoozed_until,
                sent_at=one.sent_at,
            ),
            last_word=found.last_word,
        )
        if verdict != one.verdict:
            verdicts[comment_id] = verdict
    arranging.keep(session, verdicts)
