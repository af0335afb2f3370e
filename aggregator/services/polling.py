"""Polling: a round of what is due, one source now, or asking the poller for one."""

import logging
import random
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypedDict

from aggregator.domain.conversations.feeds import GIVEN
from aggregator.domain.faults import SENTENCES
from aggregator.domain.following import FollowList
from aggregator.domain.polls import DueSource, RoundSummary, SourceReport
from aggregator.domain.schedule import MOST_AFTER_SKIPPING, Because, Outcome
from aggregator.domain.sources import SourceHealth, SourceId, SourceState, state_of
from aggregator.errors import FetchError, InvalidInputError, NotFoundError
from aggregator.ingest.urls import host_of
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations.planning import plan_unplanned
from aggregator.services.conversations.visits import CommentVisit
from aggregator.services.permits import Permits
from aggregator.services.processes import is_gone, this_process
from aggregator.services.rounds import AnyVisit, Due, Find, Round
from aggregator.services.storing import Report
from aggregator.services.visits import Visit
from aggregator.storage import claims, clocks, hints, pauses, sources
from aggregator.storage.conversations import claims as comment_claims
from aggregator.storage.conversations import feeds, writing
from aggregator.storage.engine import Session
from aggregator.translations import N_

log = logging.getLogger(__name__)

Progress = Callable[[Report], None]
Stopping = Callable[[], bool]

_NEVER: Final[Stopping] = lambda: False  # noqa: E731


class _Asked(TypedDict):
    """What both kinds of claims are asked with."""

    now: datetime
    holder: str
    busy_hosts: Collection[str]
    forced_since: datetime | None


def poll_due(
    context: Context,
    *,
    force: bool = False,
    progress: Progress | None = None,
    stopping: Stopping = _NEVER,
    patient: bool = False,
) -> RoundSummary:
    """Poll what is due until nothing is; `patient` waits for a database that takes nothing.

    `force` polls every source once, whatever its next poll and the floors; never one that
    is paused, retired or gone, or that asked us to wait.
    """
    holder = this_process()
    forced_since = context.clock() if force else None
    find = partial(_find_due, holder=holder, forced_since=forced_since)
    return _run(context, find, holder, progress, stopping, patient=patient)


def poll_source(
    context: Context, url: str, *, force: bool = False, progress: Progress | None = None
) -> RoundSummary:
    """Poll one source now, whether it is due or not, if the manual floor allows.

    Raises:
        NotFoundError: no source of feeds.yaml has this address.
    """
    source = _source(context, url)
    earliest = _earliest(context, source, force=force)
    if earliest is None or earliest > context.clock():
        skipped = SourceReport(url=source.url, outcome=Outcome.SKIPPED, next_poll_at=earliest)
        return RoundSummary(took_s=0.0, sources=(skipped,))
    holder = this_process()
    floor = timedelta(0) if force else context.settings.manual_floor
    find = partial(_find_one, url=source.url, since=context.clock(), floor=floor, holder=holder)
    summary = _run(context, find, holder, progress, _NEVER)
    if summary.sources:
        return summary
    report = SourceReport(url=source.url, outcome=Outcome.SKIPPED)
    return RoundSummary(took_s=summary.took_s, sources=(report,))


def ask_for_poll(context: Context, source_id: SourceId) -> datetime:
    """Have the poller poll a source as soon as the manual floor allows; say when that is.

    Raises:
        NotFoundError: it is not followed (any more).
        InvalidInputError: it is paused, retired, or the same feed as another.
    """
    with context.database.write() as session:
        found = sources.listed(session, floor_s=0, source_id=source_id)
        if not found:
            raise NotFoundError(N_("This source is not followed (any more)."))
        state = state_of(found[0], now=context.clock())
        if state in {SourceState.PAUSED, SourceState.RETIRED}:
            raise InvalidInputError(
                N_("This source is paused or no longer followed: feeds.yaml says so.")
            )
        if found[0].next_because == Because.DUPLICATE and found[0].fault:
            raise InvalidInputError(SENTENCES[found[0].fault.code], **found[0].fault.params)
        at = allowed_at(context, found[0])
        sources.ask(session, source_id, at=at)
        feeds.ask_source(session, source_id, at=at, floor=context.settings.manual_floor)
    return at


def _run(
    context: Context,
    find: Find,
    holder: str,
    progress: Progress | None,
    stopping: Stopping,
    *,
    patient: bool = False,
) -> RoundSummary:
    follow = following.current(context).list
    with context.database.read() as session:
        dead = [other for other in claims.holders(session) if other == holder or is_gone(other)]
    if dead:
        with context.database.write() as session:
            for other in dead:
                claims.lapse(session, other, now=context.clock(), floor=context.settings.floor)
    _heed_clock(context)
    _heed_hours(context)
    plan_unplanned(context)
    permits = Permits(context)
    visits = _Visits(context, follow, permits)

    def find_permitted(
        session: Session, now: datetime, most: int, busy_hosts: Collection[str]
    ) -> Sequence[Due]:
        permits.look(session, now)
        return find(session, now, most, busy_hosts)

    return Round(
        context,
        find=find_permitted,
        holder=holder,
        visit=visits.to,
        me=follow.me,
        progress=progress,
    ).run(stopping, patient=patient)


def _heed_clock(context: Context) -> None:
    """Plan anew what was planned by a clock that has been put right since."""
    now = context.clock()
    with context.database.read() as session:
        wrong = clocks.was_wrong(session, now=now)
    if wrong:
        with context.database.write() as session:
            log.warning("clock put back planned_anew=%d", clocks.mend(session, now=now))


def _heed_hours(context: Context) -> None:
    """Put off what became due late, in hours or on days that its feed asks to skip."""
    with context.database.read() as session:
        later = hints.ill_timed(session, now=context.clock())
    if later:
        with context.database.write() as session:
            spread = MOST_AFTER_SKIPPING * random.random()  # noqa: S311 - no secret
            hints.put_off(session, later, spread=spread)


class _Visits:
    """Makes visits with what feeds.yaml writes: addresses with `${NAME}` and user info."""

    def __init__(self, context: Context, follow: FollowList, permits: Permits) -> None:
        self._context = context
        self._permits = permits
        self._addresses = {source.url: source.address for source in follow.sources}
        self._comments = {source.url: source.comments for source in follow.sources}

    def to(self, due: Due) -> AnyVisit:
        if isinstance(due, DueSource):
            permit = self._permits.of(due.id)
            return Visit(self._context, due, self._addresses.get(due.url, due.url), permit)
        permit = self._permits.of(due.source_id)
        url = due.source_url
        written = self._comments if due.origin == GIVEN else self._addresses
        address = written.get(url, due.url)
        return CommentVisit(self._context, due, address, self._brings_new, permit)

    def _brings_new(self, source_id: SourceId, keys: Sequence[str]) -> bool:
        with self._context.database.read() as session:
            return writing.brings_new(session, source_id, keys)


def _find_due(
    session: Session,
    now: datetime,
    most: int,
    busy_hosts: Collection[str],
    *,
    holder: str,
    forced_since: datetime | None,
) -> Sequence[Due]:
    asked: _Asked = {
        "now": now,
        "holder": holder,
        "busy_hosts": busy_hosts,
        "forced_since": forced_since,
    }
    found = claims.claim_due(session, most=most, **asked)
    left = most - len(found)
    return (*found, *comment_claims.claim_due(session, most=left, **asked)) if left else found


def _find_one(  # noqa: PLR0913 - whose, when, and for whom
    session: Session,
    now: datetime,
    most: int,
    _busy_hosts: Collection[str],
    *,
    url: str,
    since: datetime,
    floor: timedelta,
    holder: str,
) -> Sequence[Due]:
    found = claims.claim_one(session, url, since=since, now=now, holder=holder)
    return found or comment_claims.claim_of(
        session, url, since=since, floor=floor, now=now, holder=holder, most=most
    )


def _source(context: Context, url: str) -> SourceHealth:
    with context.database.read() as session:
        found = sources.listed(session, floor_s=0, url=url)
    if not found:
        raise NotFoundError(N_("No source in feeds.yaml has this address."))
    return found[0]


def _earliest(context: Context, source: SourceHealth, *, force: bool) -> datetime | None:
    """Tell when a person who names a source may have it polled; None is never."""
    state = state_of(source, now=context.clock())
    if state in {SourceState.PAUSED, SourceState.RETIRED}:
        return None
    if force and state is SourceState.GONE:
        return None
    if force:
        return source.not_before_at or context.clock()
    return allowed_at(context, source)


def allowed_at(context: Context, source: SourceHealth) -> datetime:
    """Tell when a person may have a source polled: the manual floor, and what was asked for.

    A source may ask to be left alone, and a host for all its sources.
    """
    now = context.clock()
    moments = [now]
    if source.last_polled_at is not None and source.last_polled_at <= now:  # else a wrong clock's
        moments.append(source.last_polled_at + context.settings.manual_floor)
    if source.not_before_at is not None:
        moments.append(source.not_before_at)
    with context.database.read() as session:
        paused = pauses.current(session, now=now)
    if (until := paused.get(_host(source))) is not None:
        moments.append(until)
    return max(moments)


def _host(source: SourceHealth) -> str:
    try:
        return host_of(source.feed_url or source.url)
    except FetchError:  # a `${NAME}` altogether
        return source.url
