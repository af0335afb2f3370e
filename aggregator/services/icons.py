"""Icons of sites: looked for now and then, a few at a time, through the one gate."""

import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeVar

from aggregator.domain.icons import Icon, IconAnswer, IconSought
from aggregator.domain.items import WebPage
from aggregator.errors import FetchError, NotFoundError, ParseError, SourceError
from aggregator.ingest import icons as pictures
from aggregator.ingest.fetch import Fetched, FetchRequest
from aggregator.ingest.parsers import ParseJob
from aggregator.ingest.urls import target
from aggregator.services import robots
from aggregator.services.context import Context
from aggregator.services.processes import this_process
from aggregator.storage import claims, icons
from aggregator.translations import N_

log = logging.getLogger(__name__)

LOOK_AGAIN_AFTER: Final = timedelta(days=30)
KNOWN_FOR: Final = timedelta(days=7)
"""How long what one source's site gave counts for another source of that site."""

A_ROUND: Final = 8
"""Sites looked at in one round."""

_CONSIDERED: Final = 200
_PATIENCE_S: Final = 0.25
_NO_PAGE: Final = frozenset({404, 410})

T = TypeVar("T")
Site = tuple[str | None, str]
"""What is looked at: the page of a site, and an address of the site itself."""


def find(context: Context, digest: str) -> Icon:
    """Give a stored icon.

    Raises:
        NotFoundError: there is none of this name.
    """
    with context.database.read() as session:
        found = icons.find(session, digest)
    if found is None:
        raise NotFoundError(N_("There is no such icon."))
    return found


def look(
    context: Context,
    *,
    stopping: Callable[[], bool] = lambda: False,
    got_on: Callable[[], None] = lambda: None,
) -> int:
    """Look for the icons of a few sites; tell how many were looked at.

    Of a host of others one site a round, and none while another process asks that host.
    Whatever comes of it, a site is looked at again after thirty days only. `got_on` is told
    of each step, for a slow site takes long.
    """
    looked = 0
    for site, sought in _chosen(context).items():
        try:
            answer = _Look(context, stopping, got_on, sought[0].feed_url).at(*site)
        except _StoppedError:
            break
        with context.database.write() as session:
            ids = [each.source_id for each in sought]
            icons.looked(session, ids, answer, at=context.clock())
        looked += 1
    return looked


def _chosen(context: Context) -> dict[Site, list[IconSought]]:
    """Choose whom to look at now; sources of the same site are looked at once for all."""
    now = context.clock()
    with context.database.read() as session:
        sought = icons.sought(session, before=now - LOOK_AGAIN_AFTER, now=now, most=_CONSIDERED)
        asked_by_others = claims.hosts_of_others(session, now=now, holder=this_process())
    chosen: dict[Site, list[IconSought]] = {}
    on_host: Counter[str] = Counter()
    for each in sought:
        page = None if "${" in (each.site_url or "") else each.site_url
        site = (page, pictures.usual(each.site_url or each.feed_url))
        host = _host(site[1])
        if site not in chosen:
            most = 0 if host in asked_by_others else context.fetcher.concurrency_on(host)
            if len(chosen) == A_ROUND or on_host[host] >= most:
                continue
            on_host[host] += 1
        chosen.setdefault(site, []).append(each)
    return chosen


def _host(url: str) -> str:
    try:
        return target(url).host
    except FetchError:
        return ""


class _StoppedError(Exception):
    """The program is to end: what was begun is left, as if it had not been."""


class _Look:
    """One look at one site, that the feed at `found_at` names."""

    def __init__(
        self,
        context: Context,
        stopping: Callable[[], bool],
        got_on: Callable[[], None],
        found_at: str,
    ) -> None:
        self._context = context
        self._stopping = stopping
        self._got_on = got_on
        self._found_at = found_at

    def at(self, page_url: str | None, usual: str) -> IconAnswer | None:
        """Find the icon of a site; None where no address was asked for one."""
        try:
            if page_url and (known := self._known(page_url)):
                return known
            address = (self._announced(page_url) if page_url else None) or usual
            found_at = page_url if page_url and address != usual else self._found_at
            return self._picture(address, found_at)
        except SourceError as error:
            log.info("no icon site=%s code=%s", usual, error.code)
            return None

    def _known(self, page_url: str) -> IconAnswer | None:
        """Give what the same page led to a few days ago, for another source."""
        with self._context.database.read() as session:
            known = icons.answer_for(session, site_url=page_url)
        return known if known and self._is_recent(known) else None

    def _is_recent(self, known: IconAnswer) -> bool:
        return known.looked_at > self._context.clock() - KNOWN_FOR

    def _announced(self, page_url: str) -> str | None:
        """Ask a page for the icon it announces; None where it says nothing of one."""
        if not self._may_fetch(page_url, self._found_at):
            return None
        try:
            fetched = self._fetched(FetchRequest(url=page_url, found_at=self._found_at))
            job = ParseJob(
                body=fetched.body or b"",
                url=fetched.url,
                content_type=fetched.content_type,
                now=self._context.clock(),
            )
            page = self._waited(self._context.parsers.submit(job))
        except ParseError:
            return None
        except FetchError as error:
            if error.http_status not in _NO_PAGE:
                raise
            return None
        return page.icon if isinstance(page, WebPage) else None

    def _picture(self, url: str, found_at: str) -> IconAnswer | None:
        """Ask for a picture, unless the same address was asked for a few days ago."""
        with self._context.database.read() as session:
            known = icons.answer_of(session, icon_url=url)
        if known and self._is_recent(known):
            return known
        if not self._may_fetch(url, found_at):
            return None
        nothing = IconAnswer(url=url, digest=None, looked_at=self._context.clock())
        try:
            fetched = self._fetched(
                FetchRequest(
                    url=url,
                    etag=known.etag if known else None,
                    last_modified=known.last_modified if known else None,
                    max_bytes=pictures.MOST_BYTES,
                    found_at=found_at,
                )
            )
        except SourceError as error:
            log.info("no icon url=%s code=%s", url, error.code)
            return nothing
        if known and fetched.body is None:
            return replace(known, etag=fetched.etag, last_modified=fetched.last_modified)
        icon = pictures.recognised(fetched.body or b"")
        if icon is None:
            return nothing
        with self._context.database.write() as session:
            icons.keep(session, icon)
        return replace(
            nothing, digest=icon.digest, etag=fetched.etag, last_modified=fetched.last_modified
        )

    def _may_fetch(self, url: str, found_at: str) -> bool:
        known = robots.permission(self._context, url)
        if known is None:
            asked = self._waited(robots.ask(self._context, url, found_at=found_at))
            return robots.keep(self._context, asked, url)
        return known

    def _fetched(self, request: FetchRequest) -> Fetched:
        return self._waited(self._context.fetcher.submit(request))

    def _waited(self, future: Future[T]) -> T:
        try:
            while not self._stopping():
                with suppress(TimeoutError):
                    return future.result(timeout=_PATIENCE_S)
        finally:
            self._got_on()
        future.cancel()
        raise _StoppedError
