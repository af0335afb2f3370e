"""What the plan of comment feeds is made of, and the plan written down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, delete, or_, select, update

from aggregator.domain.conversations.feeds import (
    BROKEN_AFTER,
    Asked,
    CommentFeedId,
    Site,
)
from aggregator.domain.items import EntryId
from aggregator.domain.sources import SourceId
from aggregator.storage.conversations.chunks import chunks
from aggregator.storage.dialect import insert_new
from aggregator.storage.engine import Session
from aggregator.storage.tables import comment_feeds, sources

Place = tuple[str, str]
"""An address that should give comments, and its origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A source, as far as it tells where its comments are; `comments` is what feeds.yaml wants."""

    id: SourceId
    url: str
    feed_url: str
    site_url: str | None
    generator: str | None
    announced: str | None
    comments: str
    planned: str | None
    every: timedelta | None
    next_poll_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A comment feed as it is stored."""

    id: CommentFeedId
    source_id: SourceId
    entry_id: EntryId | None
    places: tuple[Place, ...]
    wanted: bool
    asked: Asked
    read_before: bool

    @property
    def works(self) -> bool:
        """Whether it gives comments: one or two failures do not end that."""
        return self.wanted and self.read_before and self.asked.failures < BROKEN_AFTER

    @property
    def state(self) -> Site:
        """Whether it tells the comments of its site."""
        if self.works:
            return Site.WORKS
        untried = self.wanted and self.asked.last_polled_at is None
        return Site.UNTRIED if untried else Site.NONE


def unplanned(session: Session, *, most: int) -> tuple[SourceId, ...]:
    """List followed sources whose comment feeds are not planned for what feeds.yaml wants now.

    One that has never been read is listed only where an address is given, or none is wanted.
    """
    query = (
        select(sources.c.id)
        .where(
            sources.c.listed,
            sources.c.retired_since.is_(None),
            sources.c.comments_planned.is_distinct_from(sources.c.comments),
            or_(sources.c.last_success_at.is_not(None), sources.c.comments != "auto"),
        )
        .limit(most)
    )
    return tuple(session.execute(query).scalars())


def told(session: Session, source_ids: Collection[SourceId]) -> tuple[Told, ...]:
    """Read what sources tell."""
    query = select(
        *(sources.c.id, sources.c.url, sources.c.feed_url, sources.c.site_url),
        *(sources.c.generator, sources.c.comments_url, sources.c.comments),
        *(sources.c.comments_planned, sources.c.every_s, sources.c.next_poll_at),
    ).where(sources.c.id.in_(source_ids))
    return tuple(
        Told(
            id=row.id,
            url=row.url,
            feed_url=row.feed_url or row.url,
            site_url=row.site_url,
            generator=row.generator,
            announced=row.comments_url,
            comments=row.comments,
            planned=row.comments_planned,
            every=timedelta(seconds=row.every_s) if row.every_s else None,
            next_poll_at=row.next_poll_at,
        )
        for row in session.execute(query)
    )


def known(
    session: Session, source_ids: Collection[SourceId], entry_ids: Collection[EntryId] | None
) -> tuple[Known, ...]:
    """Read the comment feeds of sources: their sites', and all of articles' or those named."""
    query = select(comment_feeds).where(comment_feeds.c.source_id.in_(source_ids))
    if entry_ids is None:
        return tuple(_known(row) for row in session.execute(query))
    found = [*session.execute(query.where(comment_feeds.c.entry_id.is_(None)))]
    query = select(comment_feeds)
    for some in chunks(entry_ids):
        found += session.execute(query.where(comment_feeds.c.entry_id.in_(some)))
    return tuple(_known(row) for row in found)


def _known(row: Any) -> Known:
    return Known(
        id=CommentFeedId(row.id),
        source_id=SourceId(row.source_id),
        entry_id=EntryId(row.entry_id) if row.entry_id is not None else None,
        places=((row.url, row.origin), *((url, origin) for url, origin in row.others)),
        wanted=row.wanted,
        asked=Asked(
            last_polled_at=row.last_polled_at,
            next_poll_at=row.next_poll_at,
            not_before_at=row.not_before_at,
            asked_for=tuple(map(datetime.fromisoformat, row.asked_for)),
            count_seen=row.count_seen,
            failures=row.failures,
            fresh_s=row.fresh_s,
        ),
        read_before=row.last_success_at is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A comment feed to begin with: whose it is, where, and when it is first asked."""

    source_id: SourceId
    entry_id: EntryId | None
    places: tuple[Place, ...]
    host: str
    at: datetime | None
    count_seen: int | None = None


def begin(session: Session, begun: Sequence[Begun]) -> None:
    """Begin to follow comment feeds; one that another article of the source has is left out."""
    rows = [
        _placed(one.places, one.host)
        | {
            "source_id": one.source_id,
            "entry_id": one.entry_id,
            "asked_for": [],
            "next_poll_at": one.at,
            "count_seen": one.count_seen,
        }
        for one in begun
    ]
    insert_new(session, comment_feeds, rows)


def forget(session: Session, source_id: SourceId, url: str, *, but: CommentFeedId | None) -> None:
    """Make an address free that other comment feeds of a source are asked at."""
    session.execute(
        delete(comment_feeds).where(
            comment_feeds.c.source_id == source_id,
            comment_feeds.c.url == url,
            comment_feeds.c.id.is_distinct_from(but),
        )
    )


def replace(
    session: Session, feed_id: CommentFeedId, places: Sequence[Place], *, at: datetime, host: str
) -> None:
    """Follow a comment feed at other addresses: nothing is known of them yet."""
    session.execute(
        update(comment_feeds)
        .where(comment_feeds.c.id == feed_id)
        .values(
            **_placed(places, host),
            wanted=True,
            **dict.fromkeys(("etag", "last_modified", "body_hash", "validated_url")),
            **dict.fromkeys(("last_success_at", "http_status", "fault_code", "fault_params")),
            failures=0,
            failing_since=None,
            next_poll_at=at,
        )
    )


def _placed(places: Sequence[Place], host: str) -> dict[str, Any]:
    (url, origin), *others = places
    return {"url": url, "origin": origin, "others": [list(one) for one in others], "host": host}


def plan_again(session: Session, plans: dict[CommentFeedId, datetime | None]) -> None:
    """Write down when comment feeds are asked next."""
    if plans:
        rows = [{"feed": feed_id, "at": at} for feed_id, at in plans.items()]
        session.execute(_PLAN, rows)


_PLAN: Final = (
    update(comment_feeds)
    .where(comment_feeds.c.id == bindparam("feed"))
    .values(next_poll_at=bindparam("at", type_=comment_feeds.c.next_poll_at.type), wanted=True)
)


def drop(session: Session, feed_ids: Collection[CommentFeedId]) -> None:
    """Ask these comment feeds no more; what they brought stays."""
    for some in chunks(feed_ids):
        session.execute(
            update(comment_feeds)
            .where(comment_feeds.c.id.in_(some))
            .values(wanted=False, next_poll_at=None, asked_for=[])
        )


def note(session: Session, sources_told: Collection[Told]) -> None:
    """Keep for which comments these sources are planned."""
    changed = [one for one in sources_told if one.planned != one.comments]
    if changed:
        session.execute(_NOTE, [{"source": one.id, "planned": one.comments} for one in changed])


_NOTE: Final = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(comments_planned=bindparam("planned"))
)
