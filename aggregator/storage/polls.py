"""What polls came to: the state of each source after them, and the record of the last ones."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import (
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)

from aggregator.domain.polls import Polled
from aggregator.domain.schedule import Because, Outcome
from aggregator.domain.sources import SourceId
from aggregator.storage import duplicates, hints
from aggregator.storage.engine import Session
from aggregator.storage.tables import Moment, polls, sources

KEPT_POLLS: Final = 30
"""How many polls of a source housekeeping keeps."""


_INSERT: Final = insert(polls)


def record(session: Session, done: Sequence[tuple[Polled, int, int]]) -> None:
    """Store polls with their numbers of new and changed entries, a few statements for all."""
    if not done:
        return
    session.execute(
        _INSERT,
        [
            {
                "source_id": polled.source.id,
                "polled_at": polled.polled_at,
                "outcome": polled.outcome.value,
                "http_status": polled.http_status,
                "fault_code": polled.fault.code if polled.fault else None,
                "fault_params": dict(polled.fault.params) if polled.fault else None,
                "bytes_received": polled.bytes_received,
                "took_ms": polled.took_ms,
                "entries_new": entries_new,
                "entries_changed": entries_changed,
            }
            for polled, entries_new, entries_changed in done
        ],
    )
    if calm := [_calm_state(polled) for polled, _, _ in done if _is_calm(polled)]:
        session.execute(_AFTER_CALM_POLL, calm)
    if others := [_state(polled) for polled, _, _ in done if not _is_calm(polled)]:
        session.execute(_AFTER_POLL, others)
    succeeded = [polled for polled, _, _ in done if polled.fault is None]
    validated = [
        _validators(polled)
        for polled in succeeded
        if polled.validators is not None and polled.validators != polled.source.validators
    ]
    if validated:
        session.execute(_AFTER_BODY, validated)
    if described := [_description(polled) for polled in succeeded if polled.document]:
        session.execute(_AFTER_DOCUMENT, described)
    asked = {polled.feed_url or polled.source.url: polled.polled_at for polled in succeeded}
    if asked:
        duplicates.stand_back(session, asked, at=max(asked.values()))


def _set(*names: str) -> Any:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    # One that was given another address meanwhile was not asked there.
    asked = (
        sources.c.id == bindparam("source"),
        sources.c.url == bindparam("asked_url"),
        func.coalesce(sources.c.feed_url, "") == bindparam("asked_feed_url"),
    )
    return update(sources).where(*asked).values(values)


def _asked(polled: Polled) -> dict[str, Any]:
    source = polled.source
    return {
        "source": source.id,
        "asked_url": source.url,
        "asked_feed_url": source.feed_url or "",
    }


_AFTER_POLL: Final = _set(
    "last_polled_at",
    "last_took_ms",
    "http_status",
    "fault_code",
    "fault_params",
    "failures",
    "failing_since",
    "next_poll_at",
    "next_because",
    "not_before_at",
    "hints",
    "fresh_s",
    "last_new_at",
    "moved_to",
    "moved_polls",
    "moved_since",
    "claimed_by",
    "claimed_until",
).values(
    last_success_at=func.coalesce(
        bindparam("succeeded_at", type_=Moment()), sources.c.last_success_at
    )
)
_AFTER_CALM_POLL: Final = _set(
    "last_polled_at",
    "last_success_at",
    "last_took_ms",
    "http_status",
    "next_poll_at",
    "next_because",
).values(
    fault_code=null(),
    fault_params=null(),
    failures=literal_column("0"),
    failing_since=null(),
    not_before_at=null(),
    claimed_by=null(),
    claimed_until=null(),
)
"""Of a poll after which most is as it was: half as much to write down."""

_AFTER_BODY: Final = _set("etag", "last_modified", "body_hash", "validated_url")
_AFTER_DOCUMENT: Final = _set(
    "feed_url", "title", "site_url", "language", "hub_url", "generator", "remarks"
).values(
    host=func.coalesce(bindparam("new_host"), sources.c.host),
    # what only the page of a site announces is told once, when its feed is found
    comments_url=func.coalesce(bindparam("new_comments_url"), sources.c.comments_url),
)


def _is_calm(polled: Polled) -> bool:
    """Tell whether a poll says nothing new of its source but that it goes well."""
    source = polled.source
    return (
        polled.fault is None
        and polled.failures == 0
        and polled.not_before_at is None
        and polled.move is None
        and source.move is None
        and polled.fresh_s == source.fresh_s
        and polled.last_new_at == source.last_new_at
        and polled.hints == source.hints
    )


def _calm_state(polled: Polled) -> dict[str, Any]:
    return {
        **_asked(polled),
        "new_last_polled_at": polled.polled_at,
        "new_last_success_at": polled.polled_at,
        "new_last_took_ms": polled.took_ms,
        "new_http_status": polled.http_status,
        "new_next_poll_at": polled.next_poll_at,
        "new_next_because": polled.next_because.value if polled.next_because else None,
    }


def _state(polled: Polled) -> dict[str, Any]:
    failing = polled.outcome is Outcome.FAILED
    return {
        **_asked(polled),
        "new_last_polled_at": polled.polled_at,
        "new_last_took_ms": polled.took_ms,
        "new_http_status": polled.http_status,
        "succeeded_at": None if failing else polled.polled_at,
        "new_fault_code": polled.fault.code if polled.fault else None,
        "new_fault_params": dict(polled.fault.params) if polled.fault else None,
        "new_failures": polled.failures,
        "new_failing_since": (polled.source.failing_since or polled.polled_at)
        if failing
        else None,
        "new_next_poll_at": polled.next_poll_at,
        "new_next_because": polled.next_because.value if polled.next_because else None,
        "new_not_before_at": polled.not_before_at,
        "new_hints": hints.dumped(polled.hints),
        "new_fresh_s": polled.fresh_s,
        "new_last_new_at": polled.last_new_at,
        "new_moved_to": polled.move.to if polled.move else None,
        "new_moved_polls": polled.move.polls if polled.move else 0,
        "new_moved_since": polled.move.since if polled.move else None,
        "new_claimed_by": None,
        "new_claimed_until": None,
    }


def _validators(polled: Polled) -> dict[str, Any]:
    kept = polled.validators
    return {
        **_asked(polled),
        "new_etag": kept.etag if kept else None,
        "new_last_modified": kept.last_modified if kept else None,
        "new_body_hash": kept.body_hash if kept else None,
        "new_validated_url": kept.url if kept else None,
    }


def _description(polled: Polled) -> dict[str, Any]:
    document = polled.document
    return {
        **_asked(polled),
        "new_feed_url": polled.feed_url,
        "new_host": polled.host,
        "new_title": document.title if document else None,
        "new_site_url": document.site_url if document else None,
        "new_language": document.language if document else None,
        "new_comments_url": document.comments_feed_url if document else None,
        "new_hub_url": document.hub_url if document else None,
        "new_generator": document.generator if document else None,
        "new_remarks": list(document.remarks) if document else None,
    }


def put_back(session: Session, held_back: Sequence[Polled]) -> None:
    """Give back sources that were not polled; where that is known, say when they will be."""
    for polled in held_back:
        values: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
        if (at := polled.next_poll_at) is not None:
            because = polled.next_because.value if polled.next_because else None
            values |= {"next_poll_at": at, "not_before_at": at, "next_because": because}
        # another address that it was given meanwhile was not held back
        is_it = (sources.c.id == polled.source.id, sources.c.url == polled.source.url)
        session.execute(update(sources).where(*is_it).values(values))


def run_of(session: Session, source_id: SourceId, fault_code: str) -> list[datetime]:
    """List when the last polls of a source were that failed in this way, in a row."""
    last = (
        select(polls.c.polled_at, polls.c.fault_code)
        .where(polls.c.source_id == source_id)
        .order_by(polls.c.polled_at.desc())
        .limit(KEPT_POLLS)
    )
    rows = takewhile(lambda row: row.fault_code == fault_code, session.execute(last))
    return [row.polled_at for row in rows]


def plan_first(session: Session, *, at: datetime) -> None:
    """Plan the first poll of sources that have never been polled nor planned."""
    session.execute(
        update(sources)
        .where(
            sources.c.listed,
            sources.c.next_poll_at.is_(None),
            sources.c.last_polled_at.is_(None),
            sources.c.next_because.is_distinct_from(Because.DUPLICATE.value),
        )
        .values(next_poll_at=at)
    )


def forget_old(session: Session) -> int:
    """Drop all but the last polls of each source; give how many went."""
    rank = (
        func.row_number()
        .over(partition_by=polls.c.source_id, order_by=polls.c.polled_at.desc())
        .label("rank")
    )
    ranked = select(polls.c.id, rank).subquery()
    old = select(ranked.c.id).where(ranked.c.rank > KEPT_POLLS)
    return session.execute(delete(polls).where(polls.c.id.in_(old))).rowcount


def next_due_at(session: Session) -> datetime | None:
    """Tell when the next source is due."""
    moment: datetime | None = session.execute(
        select(func.min(sources.c.next_poll_at)).where(
            sources.c.listed,
            ~sources.c.paused,
            sources.c.retired_since.is_(None),
        )
    ).scalar()
    return moment
