"""Which comment feeds are asked, and when: of a whole site, or of single articles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, NewType

from aggregator.domain.backoff import LONGEST_BACKOFF, Failure
from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.faults import Fault
from aggregator.domain.items import EntryId
from aggregator.domain.polls import HostPause, Validators
from aggregator.domain.schedule import LONGEST_WAIT, Outcome, Rhythm, next_poll
from aggregator.domain.sources import SourceId

CommentFeedId = NewType("CommentFeedId", int)

GIVEN: Final = "given"
"""The origin of an address that feeds.yaml names."""

SURE: Final = frozenset({GIVEN, "announced"})
"""Origins that somebody stands for; what only a platform's ways suggest may well not be there."""

MOST_NEW: Final = 20
"""Articles of a source that are asked about for the first time in one interval."""

MOST_ARTICLES: Final = 500
"""Of one source, the newest, that are looked at when it is planned as a whole."""

MOST_PAGES: Final = 20
"""Pages of one comment feed that are read in a visit."""

MOST_TOLD: Final = 50_000
"""Comments after which no further page is read."""

BROKEN_AFTER: Final = 3
"""Failures in a row after which a comment feed that once worked counts as broken."""

HOPELESS_AFTER: Final = 6
"""Failures in a row, over two days or more, of an article's comment feed that never worked."""

HOPELESS_REST: Final = timedelta(days=4)
"""How long such a feed rests: all articles of a blog may have one."""

_RESTS: Final = (
    (timedelta(days=2), timedelta(0)),
    (timedelta(days=14), timedelta(hours=6)),
    (timedelta(days=90), timedelta(days=1)),
    (timedelta(days=365), timedelta(days=7)),
)
"""How long the comments of an article rest, by its age, that of its last comment counting."""


class Site(Enum):
    """Whether one feed tells the comments of a whole site."""

    NONE = "none"
    UNTRIED = "untried"
    WORKS = "works"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article, as far as asking for its comments needs it.

    `announced` is how many comments its feed says it has, None where it does not say;
    `stored` how many are stored.
    """

    id: EntryId
    published_at: datetime
    last_comment_at: datetime | None = None
    announced: int | None = None
    stored: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The comment feed of one article as it is planned; `count_seen` is what was announced then.

    `fresh_s` is how long its last answer stays fresh. `asked_for` are moments at which it is
    asked whatever the rules say.
    """

    last_polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    not_before_at: datetime | None = None
    asked_for: tuple[datetime, ...] = ()
    count_seen: int | None = None
    failures: int = 0
    fresh_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When an article's comments are asked for next, None: not by themselves."""

    at: datetime | None
    count_seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueComments:
    """A comment feed claimed for a poll: a whole site's, or one article's (`entry_id`).

    `others` are the addresses to ask where this one gives no comments, with their origins.
    `read_before` tells that it gave comments once. `article` is None for a whole site.
    """

    id: CommentFeedId
    source_id: SourceId
    source_url: str
    entry_id: EntryId | None
    url: str
    origin: str
    others: tuple[tuple[str, str], ...]
    host: str
    every: timedelta | None
    validators: Validators
    failures: int
    failing_since: datetime | None
    http_status: int | None
    fault_code: str | None
    fresh_s: int | None
    asked_for: tuple[datetime, ...]
    read_before: bool
    site: Site
    article: Article | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledComments:
    """What one poll of a comment feed came to: all that is stored of it, together.

    `url`, `host`, `origin` and `others` are as they are from now on. `validators` None means:
    those stored stay. `document` is None where nothing was read. `pause` and `skipped` are
    as for sources.
    """

    feed: DueComments
    polled_at: datetime
    outcome: Outcome
    url: str
    host: str
    origin: str
    others: tuple[tuple[str, str], ...]
    http_status: int | None = None
    fault: Fault | None = None
    failures: int = 0
    next_poll_at: datetime | None = None
    not_before_at: datetime | None = None
    validators: Validators | None = None
    document: CommentsDocument | None = None
    fresh_s: int | None = None
    pause: HostPause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsReport:
    """What a poll of comments brought; `url` is the source's."""

    url: str
    comments_new: int = 0
    fault: Fault | None = None


def rest_of(article: Article, *, now: datetime) -> timedelta | None:
    """Tell how long an article's comments may rest; None: until its announced count grows."""
    at = max(article.published_at, article.last_comment_at or article.published_at)
    return next((rest for age, rest in _RESTS if now - at < age), None)


def is_gap(article: Article, asked: Asked | None = None) -> bool:
    """Tell whether more comments are announced than are stored, and were when last asked."""
    seen = asked.count_seen if asked and asked.count_seen is not None else 0
    return (article.announced or 0) > max(article.stored, seen)


def plan(
    articles: Iterable[Article],
    asked: Mapping[EntryId, Asked],
    *,
    site: Site,
    rhythm: Rhythm,
    now: datetime,
    body_until: datetime | None = None,
) -> dict[EntryId, Plan]:
    """Say when the comments of articles are asked for; those that stay as planned are left out.

    `asked` holds those that have a comment feed planned already. `body_until` is when the
    source is asked again, where it has just told the announced counts.
    """
    plans: dict[EntryId, Plan] = {}
    new = 0
    newest_first = sorted(articles, key=lambda one: (one.published_at, one.id), reverse=True)
    for article in newest_first:
        known = asked.get(article.id)
        if known is not None:
            at = _again(article, known, site, rhythm, now, body_until)
            if at is not None and known.next_poll_at is None:
                at, new = at + (new // MOST_NEW) * rhythm.interval, new + 1
            if at != known.next_poll_at:
                plans[article.id] = Plan(at=at, count_seen=known.count_seen)
        elif site is Site.NONE or (site is Site.WORKS and is_gap(article)):
            rest = rest_of(article, now=now)
            if article.announced == 0 and rest is not None:
                plans[article.id] = Plan(at=now + max(rest, rhythm.interval), count_seen=0)
            elif rest is not None or is_gap(article) or article.announced is None:
                # an old one whose feed tells no count is asked once: nothing else tells of it
                plans[article.id] = Plan(at=now + (new // MOST_NEW) * rhythm.interval)
                new += 1
    return plans


def _again(
    article: Article,
    asked: Asked,
    site: Site,
    rhythm: Rhythm,
    now: datetime,
    body_until: datetime | None,
) -> datetime | None:
    if asked.failures or asked.asked_for:
        return asked.next_poll_at
    if is_gap(article, asked) and site is not Site.UNTRIED:
        return at_once(asked, rhythm, now)
    rest = rest_of(article, now=now)
    if site is not Site.NONE or rest is None:
        return None
    planned = asked.next_poll_at or now
    told = article.announced is not None and article.announced == asked.count_seen
    if body_until and asked.last_polled_at and told:
        return max(planned, body_until, now + max(rest, rhythm.interval))
    return planned


def at_once(asked: Asked, rhythm: Rhythm, now: datetime) -> datetime:
    """Say how soon a comment feed may be asked: now, unless the floor or its server forbid."""
    moments = [now]
    if asked.last_polled_at is not None and asked.last_polled_at <= now:
        fresh = min(timedelta(seconds=asked.fresh_s or 0), LONGEST_WAIT)
        moments.append(asked.last_polled_at + max(rhythm.floor, fresh))
    if asked.not_before_at is not None:
        moments.append(asked.not_before_at)
    soonest = max(moments)
    return min(soonest, asked.next_poll_at) if asked.next_poll_at else soonest


def next_ask(  # noqa: PLR0913 - all that decides
    rhythm: Rhythm,
    *,
    article: Article | None,
    site: Site,
    now: datetime,
    failure: Failure | None = None,
    not_before: datetime | None = None,
    asked_for: tuple[datetime, ...] = (),
    unread: bool = False,
    hopeless: bool = False,
    jitter: float,
) -> datetime | None:
    """Say when a comment feed that was just asked is asked again, None meaning not by itself.

    `unread` is one that never gave comments; `hopeless` if only its platform's ways suggest it.
    """
    rest = timedelta(0) if article is None else rest_of(article, now=now)
    fills_a_gap = article is not None and site is Site.WORKS
    at = None
    if failure or not (fills_a_gap or rest is None):
        least = LONGEST_BACKOFF if rest is None or (failure and hopeless) else rest
        if article is not None and unread and failure and failure.in_a_row >= HOPELESS_AFTER:
            least = max(least, HOPELESS_REST)
        at = next_poll(
            replace(rhythm, wish=max(rhythm.interval, least)),
            now=now,
            failure=failure,
            not_before=not_before,
            jitter=jitter,
        ).at
    later = [moment for moment in asked_for if moment > now]
    if not later:
        return at
    soonest = max(later[0], not_before) if not_before else later[0]
    return min(soonest, at) if at else soonest


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A comment feed that does not answer as it should, as it is told under its articles."""

    url: str
    fault: Fault
    failing_since: datetime | None
    next_poll_at: datetime | None
