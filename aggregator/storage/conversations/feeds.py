"""Comment feeds: what became of them when they were polled, and asked again by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select, update

from aggregator.domain.conversations.comments import ThreadId
from aggregator.domain.conversations.feeds import PolledComments
from aggregator.domain.polls import Validators
from aggregator.domain.schedule import Outcome
from aggregator.domain.sources import SourceId
from aggregator.storage.conversations.claims import FORCED_AHEAD
from aggregator.storage.engine import Session
from aggregator.storage.tables import Moment, comment_feeds, sources, threads


def record(session: Session, done: Sequence[PolledComments]) -> None:
    """Store polls of comment feeds, a few statements for all."""
    if not done:
        return
    session.execute(_AFTER_POLL, [_state(polled) for polled in done])
    read = [polled for polled in done if polled.fault is None]
    if counted := [polled for polled in read if polled.feed.article]:
        session.execute(_AFTER_READING, [_counted(polled) for polled in counted])
    if validated := [polled for polled in read if polled.validators]:
        session.execute(_AFTER_BODY, [_validators(polled) for polled in validated])
    for polled in done:
        if polled.url != polled.feed.url:
            _move(session, polled)


def put_back(session: Session, held_back: Sequence[PolledComments]) -> None:
    """Give back comment feeds that were not asked; where that is known, say when they will be."""
    for polled in held_back:
        values: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
        if (at := polled.next_poll_at) is not None:
            values |= {"next_poll_at": at, "not_before_at": at}
        feed = comment_feeds.c.id == polled.feed.id
        session.execute(update(comment_feeds).where(feed).values(values))


def _set(*names: str) -> Any:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(comment_feeds).where(comment_feeds.c.id == bindparam("feed")).values(values)


_AFTER_POLL: Final = _set(
    *("last_polled_at", "http_status", "fault_code", "fault_params", "failures"),
    *("failing_since", "next_poll_at", "not_before_at", "asked_for", "fresh_s"),
    *("claimed_by", "claimed_until"),
).values(
    last_success_at=func.coalesce(
        bindparam("succeeded_at", type_=Moment()), comment_feeds.c.last_success_at
    )
)
_AFTER_READING: Final = _set("count_seen")
_AFTER_BODY: Final = _set("etag", "last_modified", "body_hash", "validated_url")


def _state(polled: PolledComments) -> dict[str, Any]:
    feed, failing = polled.feed, polled.outcome is Outcome.FAILED
    later = [moment for moment in feed.asked_for if moment > polled.polled_at]
    return {
        "feed": feed.id,
        "new_last_polled_at": polled.polled_at,
        "new_http_status": polled.http_status,
        "succeeded_at": None if failing else polled.polled_at,
        "new_fault_code": polled.fault.code if polled.fault else None,
        "new_fault_params": dict(polled.fault.params) if polled.fault else None,
        "new_failures": polled.failures,
        "new_failing_since": (feed.failing_since or polled.polled_at) if failing else None,
        "new_next_poll_at": polled.next_poll_at,
        "new_not_before_at": polled.not_before_at,
        "new_fresh_s": polled.fresh_s,
        "new_asked_for": [moment.isoformat() for moment in later],
        "new_claimed_by": None,
        "new_claimed_until": None,
    }


def _counted(polled: PolledComments) -> dict[str, Any]:
    article = polled.feed.article
    return {"feed": polled.feed.id, "new_count_seen": article.announced if article else None}


def _validators(polled: PolledComments) -> dict[str, Any]:
    kept = polled.validators or Validators()
    return {
        "feed": polled.feed.id,
        "new_etag": kept.etag,
        "new_last_modified": kept.last_modified,
        "new_body_hash": kept.body_hash,
        "new_validated_url": kept.url,
    }


def _move(session: Session, polled: PolledComments) -> None:
    """Ask at another address from now on, unless another feed of the source is asked there."""
    taken = select(comment_feeds.c.id).where(
        comment_feeds.c.source_id == polled.feed.source_id, comment_feeds.c.url == polled.url
    )
    if session.execute(taken).scalar() is None:
        session.execute(
            update(comment_feeds)
            .where(comment_feeds.c.id == polled.feed.id, comment_feeds.c.url == polled.feed.url)
            .values(
                url=polled.url,
                host=polled.host,
                origin=polled.origin,
                others=[list(other) for other in polled.others],
            )
        )


def ask_source(session: Session, source_id: SourceId, *, at: datetime, floor: timedelta) -> None:
    """Have the comments of a source asked for at a moment, all that would be within a day.

    Not those that were asked less than `floor` before, nor those that asked us to wait.
    """
    feed = comment_feeds.c
    session.execute(
        update(comment_feeds)
        .where(
            feed.source_id == source_id,
            feed.wanted,
            feed.next_poll_at > at,
            feed.next_poll_at <= at + FORCED_AHEAD,
            feed.last_polled_at <= at - floor,
            or_(feed.not_before_at.is_(None), feed.not_before_at <= at),
        )
        .values(next_poll_at=at)
    )


def ask(session: Session, thread_id: ThreadId, moments: Sequence[datetime]) -> bool:
    """Have the comments of a thread asked for at these moments too; tell whether they will be.

    The feed of the whole site is asked where it works, else the article's own; none before
    its server's Retry-After. False where neither is known, or the source is paused or no
    longer followed.
    """
    query = (
        select(
            *(comment_feeds.c.id, comment_feeds.c.next_poll_at, comment_feeds.c.asked_for),
            comment_feeds.c.not_before_at,
        )
        .join(threads, threads.c.source_id == comment_feeds.c.source_id)
        .join(sources, sources.c.id == comment_feeds.c.source_id)
        .where(
            threads.c.id == thread_id,
            or_(
                comment_feeds.c.entry_id.is_(None), comment_feeds.c.entry_id == threads.c.entry_id
            ),
            comment_feeds.c.wanted,
            sources.c.listed,
            ~sources.c.paused,
            sources.c.retired_since.is_(None),
        )
        .order_by(
            comment_feeds.c.fault_code.is_not(None),
            comment_feeds.c.entry_id.is_not(None),
        )
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None or not moments:
        return False
    feed_id, planned_at, asked_for, not_before_at = found
    asked = sorted({*map(datetime.fromisoformat, asked_for), *moments})
    soonest = max(asked[0], not_before_at) if not_before_at else asked[0]
    session.execute(
        update(comment_feeds)
        .where(comment_feeds.c.id == feed_id)
        .values(
            asked_for=[moment.astimezone(UTC).isoformat() for moment in asked],
            next_poll_at=min(soonest, planned_at) if planned_at else soonest,
        )
    )
    return True
