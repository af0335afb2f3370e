"""Which comment feeds are polled now: each by one process at a time, as sources are."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, String, and_, bindparam, case, exists, func, or_, select

from aggregator.domain.conversations.feeds import (
    BROKEN_AFTER,
    Article,
    CommentFeedId,
    DueComments,
    Site,
)
from aggregator.domain.items import EntryId
from aggregator.domain.polls import Validators
from aggregator.domain.schedule import GONE
from aggregator.domain.sources import SourceId
from aggregator.storage.claims import BUSY, HELD_BY_OTHERS, MOST, NOW, asked, is_free
from aggregator.storage.engine import Session
from aggregator.storage.pauses import PAUSED
from aggregator.storage.tables import Moment, comment_feeds, entries, sources, threads

FORCED_AHEAD: Final = timedelta(days=1)
"""A forced round asks what would be asked within this time anyway, not every old article."""

_sites: Final = comment_feeds.alias("sites")
_site: Final = and_(
    _sites.c.source_id == comment_feeds.c.source_id, _sites.c.entry_id.is_(None), _sites.c.wanted
)
WORKS: Final = "works"
_site_works: Final = exists().where(
    _site, _sites.c.last_success_at.is_not(None), _sites.c.failures < BROKEN_AFTER
)
_CLAIMABLE: Final = (
    select(
        comment_feeds,
        sources.c.url.label("source_url"),
        sources.c.every_s,
        entries.c.published_at,
        entries.c.comment_count.label("announced"),
        (
            func.coalesce(threads.c.comment_count, 0) + func.coalesce(threads.c.pingback_count, 0)
        ).label("stored"),
        threads.c.last_comment_at,
        case((_site_works, WORKS), else_=None).label("site"),
    )
    .join(sources, sources.c.id == comment_feeds.c.source_id)
    .outerjoin(entries, entries.c.id == comment_feeds.c.entry_id)
    .outerjoin(threads, threads.c.entry_id == comment_feeds.c.entry_id)
    .where(
        comment_feeds.c.wanted,
        sources.c.listed,
        ~sources.c.paused,
        sources.c.retired_since.is_(None),
        is_free(comment_feeds.c.claimed_until),
        comment_feeds.c.host.not_in(HELD_BY_OTHERS),
        comment_feeds.c.host.not_in(PAUSED),
    )
    .order_by(comment_feeds.c.entry_id.is_not(None), comment_feeds.c.next_poll_at)
    .limit(MOST)
)
_SINCE: Final = bindparam("since", type_=Moment())
_AHEAD: Final = bindparam("ahead", type_=Moment())
_LAST_ASKED: Final = bindparam("last_asked", type_=Moment())
_URL: Final = bindparam("asked_url", type_=String())
_asked_at: Final = comment_feeds.c.last_polled_at
_is_due: Final = comment_feeds.c.next_poll_at <= NOW
_may_be_asked: Final = or_(
    comment_feeds.c.not_before_at.is_(None), comment_feeds.c.not_before_at <= NOW
)
_source_is_idle: Final = is_free(sources.c.claimed_until)
_DUE: Final = _CLAIMABLE.where(
    _is_due,
    _source_is_idle,
    or_(sources.c.next_poll_at.is_(None), sources.c.next_poll_at > NOW),
    comment_feeds.c.host.not_in(BUSY),
)
_FORCED: Final = _CLAIMABLE.where(
    or_(
        and_(_is_due, _asked_at.is_(None)),
        and_(_asked_at < _SINCE, comment_feeds.c.next_poll_at <= _AHEAD, _may_be_asked),
    ),
    _source_is_idle,
    or_(
        sources.c.last_polled_at >= _SINCE,
        sources.c.not_before_at > NOW,
        sources.c.http_status == GONE,
    ),
    comment_feeds.c.host.not_in(BUSY),
)
_OF_SOURCE: Final = _CLAIMABLE.where(
    or_(sources.c.url == _URL, sources.c.feed_url == _URL),
    or_(
        _is_due,
        and_(
            comment_feeds.c.next_poll_at <= _AHEAD,
            _asked_at <= _LAST_ASKED,
            _asked_at < _SINCE,
        ),
    ),
    _may_be_asked,
    _source_is_idle,
)


def claim_due(
    session: Session,
    *,
    now: datetime,
    holder: str,
    most: int,
    busy_hosts: Collection[str],
    forced_since: datetime | None = None,
) -> tuple[DueComments, ...]:
    """Find up to `most` comment feeds to claim: those of whole sites first.

    Those of a source that is due or under way itself wait for it: what it tells may spare
    them. `busy_hosts` and `forced_since` are as for sources (see `storage.claims`).
    """
    query = _DUE if forced_since is None else _FORCED
    given = asked(now, holder) | {"since": forced_since, "busy": list(busy_hosts), "most": most}
    return _found(session, query, given | {"ahead": now + FORCED_AHEAD})


def claim_of(  # noqa: PLR0913 - whose, when, and for whom
    session: Session,
    source_url: str,
    *,
    since: datetime,
    floor: timedelta,
    now: datetime,
    holder: str,
    most: int,
) -> tuple[DueComments, ...]:
    """Find the comment feeds of one source to poll now, whether they are due or not.

    None that was asked less than `floor` before `since`, or later. The source itself was
    asked before.
    """
    given = {
        "asked_url": source_url,
        "since": since,
        "last_asked": since - floor,
        "ahead": now + FORCED_AHEAD,
        "most": most,
    }
    return _found(session, _OF_SOURCE, asked(now, holder) | given)


def _found(session: Session, query: Select[Any], given: dict[str, Any]) -> tuple[DueComments, ...]:
    return tuple(map(_due_comments, session.execute(query, given)))


def _due_comments(row: Any) -> DueComments:
    every = timedelta(seconds=row.every_s) if row.every_s else None
    return DueComments(
        id=CommentFeedId(row.id),
        source_id=SourceId(row.source_id),
        source_url=row.source_url,
        entry_id=EntryId(row.entry_id) if row.entry_id is not None else None,
        url=row.url,
        origin=row.origin,
        others=tuple((url, origin) for url, origin in row.others),
        host=row.host,
        every=every,
        validators=Validators(
            etag=row.etag,
            last_modified=row.last_modified,
            body_hash=row.body_hash,
            url=row.validated_url,
        ),
        failures=row.failures,
        failing_since=row.failing_since,
        http_status=row.http_status,
        fault_code=row.fault_code,
        fresh_s=row.fresh_s,
        asked_for=tuple(map(datetime.fromisoformat, row.asked_for)),
        read_before=row.last_success_at is not None,
        site=Site.WORKS if row.site == WORKS else Site.NONE,
        article=_article(row),
    )


def _article(row: Any) -> Article | None:
    if row.entry_id is None:
        return None
    return Article(
        id=EntryId(row.entry_id),
        published_at=row.published_at,
        last_comment_at=row.last_comment_at,
        announced=row.announced,
        stored=row.stored,
    )
