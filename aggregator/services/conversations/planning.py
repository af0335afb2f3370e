"""Comment feeds planned: where the comments of sources are, and when they are asked for."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from aggregator.domain.conversations import feeds
from aggregator.domain.conversations.feeds import GIVEN, MOST_ARTICLES, Site
from aggregator.domain.items import EntryId
from aggregator.domain.schedule import Rhythm
from aggregator.domain.sources import SourceId
from aggregator.errors import FetchError
from aggregator.ingest.comments import places
from aggregator.ingest.urls import host_of
from aggregator.services.context import Context
from aggregator.storage.conversations import candidates, planning
from aggregator.storage.conversations.candidates import Candidate
from aggregator.storage.conversations.planning import Begun, Known, Place, Told
from aggregator.storage.engine import Session

MOST_AT_ONCE = 200
"""Sources planned in one transaction."""


def plan_unplanned(context: Context) -> None:
    """Plan the comment feeds of sources for which feeds.yaml wants others than before."""
    while True:
        with context.database.read() as session:
            waiting = planning.unplanned(session, most=MOST_AT_ONCE)
        if not waiting:
            return
        with context.database.write() as session:
            plan_sources(
                session, waiting, now=context.clock(), floor=context.settings.floor, whole=True
            )


def plan_after_bodies(
    session: Session,
    told_of: Mapping[SourceId, Collection[EntryId]],
    *,
    now: datetime,
    floor: timedelta,
) -> None:
    """Plan anew what the documents of sources told: the articles that they hold, by source.

    One for which feeds.yaml wants other comments since is left to `plan_unplanned`.
    """
    told = planning.told(session, told_of)
    again = [one for one in told if one.planned in {None, one.comments} and one.comments != "off"]
    entry_ids = [entry_id for one in again for entry_id in told_of[one.id]]
    known = _by_source(planning.known(session, [one.id for one in again], entry_ids))
    articles = _by_source(candidates.named(session, entry_ids))
    for one in again:
        work = _Work(
            told=one, known=known.get(one.id, ()), articles=articles.get(one.id, ()), after=True
        )
        _plan(session, work, now=now, floor=floor)
    planning.note(session, [one for one in told if one.planned is None])


def plan_sources(
    session: Session,
    source_ids: Collection[SourceId],
    *,
    now: datetime,
    floor: timedelta,
    whole: bool,
) -> None:
    """Plan sources by what is stored of them: as a whole, or where comments are missing."""
    told = planning.told(session, source_ids)
    articles = {
        one.id: candidates.newest(session, one.id, most=MOST_ARTICLES, only_gaps=not whole)
        for one in told
        if one.comments != "off"
    }
    entry_ids = [one.article.id for found in articles.values() for one in found]
    wanted = [one for one in told if whole or articles.get(one.id)]
    known = _by_source(
        planning.known(session, [one.id for one in wanted], None if whole else entry_ids)
    )
    for one in wanted:
        work = _Work(told=one, known=known.get(one.id, ()), articles=articles.get(one.id, ()))
        _plan(session, work, now=now, floor=floor)
    if whole:
        planning.note(session, told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One source to plan; `after` tells that a body of its feed has just told the counts."""

    told: Told
    known: Sequence[Known]
    articles: Sequence[Candidate]
    after: bool = False


def _plan(session: Session, work: _Work, *, now: datetime, floor: timedelta) -> None:
    comments = work.told.comments
    if comments == "off":
        planning.drop(session, [one.id for one in work.known if one.wanted])
        return
    rhythm = Rhythm(wish=work.told.every, floor=floor)
    site = _plan_site(session, work, rhythm, now)
    articles = [one for one in work.known if one.entry_id is not None]
    if comments == "auto":
        _plan_articles(session, work, site, rhythm, now)
    else:
        planning.drop(session, [one.id for one in articles if one.wanted])


def _plan_site(session: Session, work: _Work, rhythm: Rhythm, now: datetime) -> Site:
    """Plan the comment feed of the whole site; tell whether it works."""
    told = work.told
    wished = _site_places(told)
    rows = [one for one in work.known if one.entry_id is None]
    same = next((one for one in rows if set(one.places) == set(wished)), None)
    if same is None or not same.wanted:
        planning.drop(session, [one.id for one in rows if one.wanted])
        if not wished:
            return Site.NONE
        row = same or next(iter(rows), None)
        planning.forget(session, told.id, wished[0][0], but=row.id if row else None)
        host = _host(wished[0][0])
        if row is None:
            begun = Begun(source_id=told.id, entry_id=None, places=wished, host=host, at=now)
            planning.begin(session, [begun])
        else:
            planning.replace(session, row.id, wished, at=now, host=host)
        return Site.UNTRIED
    missing = any(feeds.is_gap(one.article, _asked(work, one)) for one in work.articles)
    if work.after and missing and same.works and same.asked.last_polled_at:
        at = feeds.at_once(same.asked, rhythm, now)
        planning.plan_again(session, {same.id: at})
        # whatever is missing yet once it has told is asked for by itself
        return Site.UNTRIED
    return same.state


def _site_places(told: Told) -> tuple[Place, ...]:
    if told.comments != "auto":
        return ((told.comments, GIVEN),)
    found = places.of_site(
        feed_url=told.feed_url,
        site_url=told.site_url,
        generator=told.generator,
        announced=told.announced,
    )
    return tuple((place.url, place.origin) for place in found)


def _plan_articles(
    session: Session, work: _Work, site: Site, rhythm: Rhythm, now: datetime
) -> None:
    known = {one.entry_id: one for one in work.known if one.entry_id is not None}
    own = _own_places(work)
    begun: list[Begun] = []
    moved: set[EntryId] = set()
    for entry_id, row in known.items():
        wished = own.get(entry_id)
        if wished and row.wanted and set(wished) != set(row.places) and site is Site.NONE:
            planning.forget(session, work.told.id, wished[0][0], but=row.id)
            planning.replace(session, row.id, wished, at=now, host=_host(wished[0][0]))
            moved.add(entry_id)
    asked = {entry_id: row.asked for entry_id, row in known.items() if entry_id not in moved}
    plans = feeds.plan(
        [
            one.article
            for one in work.articles
            if one.article.id in asked or (one.article.id in own and one.article.id not in moved)
        ],
        asked,
        site=site,
        rhythm=rhythm,
        now=now,
        body_until=work.told.next_poll_at if work.after else None,
    )
    for entry_id, plan in plans.items():
        if entry_id not in known:
            begun.append(
                Begun(
                    source_id=work.told.id,
                    entry_id=entry_id,
                    places=own[entry_id],
                    host=_host(own[entry_id][0][0]),
                    at=plan.at,
                    count_seen=plan.count_seen,
                )
            )
    again = {known[entry_id].id: plan.at for entry_id, plan in plans.items() if entry_id in known}
    planning.plan_again(session, again)
    planning.begin(session, begun)


def _own_places(work: _Work) -> dict[EntryId, tuple[Place, ...]]:
    """Find the addresses of each article's own comments: those that no other has as well."""
    told = work.told
    found: dict[EntryId, tuple[Place, ...]] = {}
    for one in work.articles:
        of_entry = places.of_entry(
            feed_url=told.feed_url,
            site_url=told.site_url,
            generator=told.generator,
            key=one.key,
            url=one.url,
            announced=one.announced,
            comments_url=one.comments_url,
        )
        found[one.article.id] = tuple((place.url, place.origin) for place in of_entry)
    counts = Counter(url for own in found.values() for url, _ in own)
    counts.update(url for url, _ in _site_places(told) for _ in range(2))
    counts[told.feed_url] += 2
    single = {
        entry_id: tuple(place for place in own if counts[place[0]] == 1)
        for entry_id, own in found.items()
    }
    return {entry_id: own for entry_id, own in single.items() if own}


def _asked(work: _Work, candidate: Candidate) -> feeds.Asked | None:
    wanted = candidate.article.id
    return next((one.asked for one in work.known if one.entry_id == wanted), None)


def _host(url: str) -> str:
    try:
        return host_of(url)
    except FetchError:  # a `${NAME}` altogether: what it stands for is not to be stored
        return url


_Owned = TypeVar("_Owned", Known, Candidate)


def _by_source(found: Sequence[_Owned]) -> dict[SourceId, list[_Owned]]:
    grouped: dict[SourceId, list[_Owned]] = {}
    for one in found:
        grouped.setdefault(one.source_id, []).append(one)
    return grouped
