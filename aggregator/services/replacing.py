"""Another address for a feed that is lost, looked for on its site: now and then, a few at a time.

What is found is proposed; feeds.yaml is changed when a person says so. Where feeds.yaml names
the site itself, what its page announces now is asked from now on, as when it was first followed.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from aggregator.domain.faults import Fault
from aggregator.domain.health import Proposal, ProposalKind
from aggregator.domain.items import FeedDocument, FeedLink, WebPage
from aggregator.domain.replacing import Lost, host_of, places
from aggregator.domain.sources import SourceId
from aggregator.errors import NotFoundError, SourceError
from aggregator.ingest.discover import is_of_comments
from aggregator.ingest.fetch import FetchRequest
from aggregator.ingest.parsers import ParseJob
from aggregator.services import following, robots
from aggregator.services.context import Context
from aggregator.services.processes import this_process
from aggregator.services.secrets import Secrets
from aggregator.services.sources import list_sources
from aggregator.storage import claims, duplicates, proposals, readdressing, replacing
from aggregator.subscriptions.addresses import compared_address
from aggregator.translations import N_

log = logging.getLogger(__name__)

LOOK_AGAIN_AFTER: Final = timedelta(days=7)
A_ROUND: Final = 4
"""Sources looked at in one round."""

MOST_TRIED: Final = 3
"""Feeds of a page that are read until one is good."""

_CONSIDERED: Final = 100
_PATIENCE_S: Final = 0.25

T = TypeVar("T")
Stopping = Callable[[], bool]
GotOn = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What looking came to.

    `proposals` are all that wait for a decision; `used` is the address asked from now on,
    where that needs none. `fault` is why its site could not be looked at. With `too_soon`
    nothing was asked: somebody looked a moment ago.
    """

    proposals: tuple[Proposal, ...] = ()
    used: str | None = None
    fault: Fault | None = None
    too_soon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    url: str
    title: str | None
    place: str


def look(
    context: Context, *, stopping: Stopping = lambda: False, got_on: GotOn = lambda: None
) -> int:
    """Look for the new addresses of a few lost feeds; tell of how many sources.

    Of one host one a round, none while another process asks that host, a source once a week,
    and only where robots.txt allows. `got_on` is told of each step, for a slow site takes long.
    """
    done = 0
    for lost in _chosen(context):
        try:
            found, fault = _Look(context, lost, stopping, got_on).found()
        except _StoppedError:
            break
        if fault is not None:
            log.info("no replacement looked for source=%s code=%s", lost.url, fault.code)
        _keep(context, lost, found)
        done += 1
    return done


def look_now(context: Context, source_id: SourceId) -> Sought:
    """Look for the new address of one source because a person asks, whatever robots.txt says.

    Raises:
        NotFoundError: it is not in feeds.yaml (any more).
    """
    with context.database.read() as session:
        known = replacing.one(session, source_id)
    if known is None:
        raise NotFoundError(N_("This source is not followed (any more)."))
    lost, sought_at = known
    fault, used = None, None
    floor = context.settings.manual_floor
    too_soon = sought_at is not None and context.clock() < sought_at + floor
    if not too_soon:
        found, fault = _Look(context, lost, asked=True).found()
        used = _keep(context, lost, found)
    with context.database.read() as session:
        waiting = proposals.of_source(session, source_id)
    return Sought(proposals=waiting, used=used, fault=fault, too_soon=too_soon)


def _keep(context: Context, lost: Lost, found: _Found | None) -> str | None:
    """Propose what was found, or use it where feeds.yaml names its site; give it if used."""
    now = context.clock()
    with context.database.write() as session:
        known = replacing.one(session, lost.source_id)
        if known is None or (known[0].url, known[0].feed_url) != (lost.url, lost.feed_url):
            return None  # it was given another address while its site was asked
        replacing.sought(session, [lost.source_id], at=now)
        if found is None:
            return None
        if found.place == lost.url and host_of(found.url) == host_of(lost.url):
            readdressing.use_feed(session, lost.source_id, found.url, at=now)
            duplicates.come_forward(session, at=now)
            log.info("the site announces another feed source=%s feed=%s", lost.url, found.url)
            return found.url
        proposals.propose(
            session,
            lost.source_id,
            kind=ProposalKind.FOUND,
            url=found.url,
            title=found.title,
            at=now,
        )
    log.info("another address is proposed source=%s url=%s", lost.url, found.url)
    return None


def _chosen(context: Context) -> list[Lost]:
    now = context.clock()
    with context.database.read() as session:
        waiting = replacing.lost(session, before=now - LOOK_AGAIN_AFTER, now=now, most=_CONSIDERED)
        busy = claims.hosts_of_others(session, now=now, holder=this_process())
    chosen: list[Lost] = []
    for lost in waiting:
        hosts = {host_of(url) for url in places(lost)}
        if len(chosen) == A_ROUND:
            break
        if not hosts & busy:
            chosen.append(lost)
            busy |= hosts
    return chosen


class _StoppedError(Exception):
    """The program is to end: what was begun is left, as if it had not been."""


class _Look:
    """One look for the feed of one source; `asked` by a person."""

    def __init__(
        self,
        context: Context,
        lost: Lost,
        stopping: Stopping = lambda: False,
        got_on: GotOn = lambda: None,
        *,
        asked: bool = False,
    ) -> None:
        listed = following.current(context).list.sources
        written = next((one.address for one in listed if one.url == lost.url), lost.url)
        self._context = context
        self._lost = lost
        self._stopping = stopping
        self._got_on = got_on
        self._asked = asked
        self._secrets = Secrets(address=written, environment=context.environment)

    def found(self) -> tuple[_Found | None, Fault | None]:
        """Find a feed that can be read; or tell why no place could be looked at."""
        fault: Fault | None = None
        reached = False
        for place in places(self._lost):
            try:
                if found := self._at(place):
                    return found, None
                reached = True
            except SourceError as error:
                fault = fault or self._secrets.hidden_fault(error)
        return None, None if reached else fault

    def _at(self, place: str) -> _Found | None:
        """Find a feed on a page; None where it announces none that is new and good."""
        told = self._read(self._address(place), found_at=self._named_at(place))
        if isinstance(told, FeedDocument):
            links: tuple[FeedLink, ...] = (FeedLink(url=place),)
        else:
            links = told.feeds if isinstance(told, WebPage) else ()
        for link in list(self._new(links))[:MOST_TRIED]:
            if document := self._document(link, place, told):
                title = document.title or link.title
                return _Found(url=link.url, title=self._hidden(title), place=place)
        return None

    def _new(self, links: tuple[FeedLink, ...]) -> Iterator[FeedLink]:
        """Leave out what is asked already, was decided, or is followed; and comments."""
        with self._context.database.read() as session:
            known = proposals.known(session, self._lost.source_id)
        known |= {url for url in (self._lost.url, self._lost.feed_url) if url}
        known |= {
            url
            for one in list_sources(self._context)
            if one.id != self._lost.source_id
            for url in (one.url, one.feed_url)
            if url
        }
        refused = {compared_address(url) for url in known}
        for link in links:
            url = self._secrets.hidden(link.url)
            # a name of the environment in a stranger's words would be read from feeds.yaml
            if "${" in url or compared_address(url) in refused:
                continue
            if not is_of_comments(url, link.title):
                yield FeedLink(url=url, media_type=link.media_type, title=link.title)

    def _document(self, link: FeedLink, place: str, told: object) -> FeedDocument | None:
        """Read a feed that a page announces; None where it gives nothing to read."""
        if isinstance(told, FeedDocument):
            return told if told.items else None
        try:
            document = self._read(link.url, found_at=self._address(place))
        except SourceError as error:
            log.info("a replacement cannot be read url=%s code=%s", link.url, error.code)
            return None
        return document if isinstance(document, FeedDocument) and document.items else None

    def _address(self, place: str) -> str:
        return self._secrets.written() if place == self._lost.url else place

    def _named_at(self, place: str) -> str | None:
        """Tell what named a page, None of what a person wrote: see `FetchRequest`."""
        return None if place == self._lost.url else self._lost.feed_url or self._lost.url

    def _hidden(self, text: str | None) -> str | None:
        return self._secrets.hidden(text) if text else None

    def _read(self, url: str, *, found_at: str | None) -> object:
        if not (self._asked or self._may_fetch(url, found_at)):
            return None
        request = FetchRequest(url=url, found_at=found_at)
        fetched = self._waited(self._context.fetcher.submit(request))
        job = ParseJob(
            body=fetched.body or b"",
            url=fetched.url,
            content_type=fetched.content_type,
            now=self._context.clock(),
        )
        return self._waited(self._context.parsers.submit(job))

    def _may_fetch(self, url: str, found_at: str | None) -> bool:
        known = robots.permission(self._context, url)
        if known is None:
            asked = self._waited(robots.ask(self._context, url, found_at=found_at))
            return robots.keep(self._context, asked, url)
        return known

    def _waited(self, future: "Future[T]") -> T:
        try:
            while not self._stopping():
                with suppress(TimeoutError):
                    return future.result(timeout=_PATIENCE_S)
        finally:
            self._got_on()
        future.cancel()
        raise _StoppedError
