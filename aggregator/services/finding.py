"""The feeds of any address, looked for online through the one gate with few requests.

What came is kept for an hour, so that following a feed that was found does not ask again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.faults import Fault
from aggregator.domain.items import FeedDocument, FeedLink, WebPage
from aggregator.errors import FetchError, ParseError, SourceError
from aggregator.ingest.discover import is_of_comments
from aggregator.ingest.fetch import FetchRequest
from aggregator.ingest.parsers import ParseJob
from aggregator.services import kept_answers, robots
from aggregator.services.context import Context
from aggregator.services.secrets import Secrets
from aggregator.subscriptions.addresses import likely_address

MOST_ASKED: Final = 3
"""Requests until a first feed is shown; further ones are made when a person asks for them."""

MOST_FEEDS: Final = 5
"""Feeds of a page that are looked into when asked: more would make one wait too long."""

MOST_SHOWN: Final = 3
_USUAL: Final = ("feed", "rss", "atom.xml", "rss.xml", "feed.xml", "index.xml")
"""Where feeds are found that no page announces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestEntry:
    """An entry that a feed gives now."""

    title: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that an address leads to; `fault` is why it gives nothing, else None.

    One that was not looked into is known by what its page says of it alone.
    """

    url: str
    title: str | None
    entries: int = 0
    latest: tuple[LatestEntry, ...] = ()
    of_comments: bool = False
    fault: Fault | None = None
    looked_into: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an address leads to, the feed to follow first; `fault` says why there is nothing.

    `more` tells that there are places left to look, where a person asks for it.
    """

    address: str
    feeds: tuple[FoundFeed, ...] = ()
    fault: Fault | None = None
    more: bool = False

    @property
    def usable(self) -> tuple[FoundFeed, ...]:
        """The feeds that can be followed: those that answer, comment feeds last."""
        good = [feed for feed in self.feeds if feed.fault is None and feed.looked_into]
        return tuple(sorted(good, key=lambda feed: feed.of_comments))

    @property
    def others(self) -> tuple[FoundFeed, ...]:
        """The feeds that were not looked into."""
        return tuple(feed for feed in self.feeds if not feed.looked_into)


def find(context: Context, typed: str, *, everywhere: bool = False, keep: bool = True) -> Found:
    """Find the feeds of an address as somebody typed it: of a feed, of a page, of a site.

    `everywhere` looks on where a first look has ended; without `keep` nothing is stored.
    """
    address = likely_address(typed)
    if address is None:
        return Found(address=typed, fault=Fault(code="bad-address", params={"url": typed[:200]}))
    if typed.strip().lower().startswith("http") or not address.startswith("https://"):
        return _Search(context, address, everywhere=everywhere, keep=keep).found()
    found = _Search(context, address, everywhere=everywhere, keep=keep).found()
    if found.fault is not None and found.fault.code in {"tls-failed", "refused"}:
        plain = address.replace("https://", "http://", 1)
        return _Search(context, plain, everywhere=everywhere, keep=keep).found()
    return found


class _Search:
    """One look for the feeds of one address."""

    def __init__(self, context: Context, address: str, *, everywhere: bool, keep: bool) -> None:
        self._context = context
        self._address = address
        # `${NAME}` is for those who write in feeds.yaml; here it would tell what it stands for
        self._secrets = Secrets(address=address, environment={})
        self._everywhere = everywhere
        self._keep = keep
        self._asked = 0
        self._more = False

    def found(self) -> Found:
        try:
            told = self._read(self._secrets.written())
        except SourceError as error:
            return Found(address=self._address, fault=self._secrets.hidden_fault(error))
        if isinstance(told, FeedDocument):
            return Found(address=self._address, feeds=(_feed(self._address, told),))
        feeds = tuple(self._announced(told) if told.feeds else self._usual())
        good = any(feed.fault is None and feed.looked_into for feed in feeds)
        return Found(
            address=self._address,
            feeds=feeds,
            fault=None if good else _why(feeds),
            more=self._more,
        )

    def _announced(self, page: WebPage) -> Iterator[FoundFeed]:
        """Look into the feeds of a page: into the first good one alone, or into all."""
        enough = False
        for link in page.feeds[:MOST_FEEDS]:
            if not self._everywhere and (enough or self._asked == MOST_ASKED):
                self._more = True
                yield _not_looked_into(self._secrets.hidden(link.url), link)
                continue
            try:
                told = self._read(self._secrets.found(link.url), found_at=self._secrets.written())
            except SourceError as error:
                fault = self._secrets.hidden_fault(error)
                yield FoundFeed(url=link.url, title=link.title, fault=fault)
                continue
            if isinstance(told, FeedDocument):
                feed = _feed(self._secrets.hidden(link.url), told, link)
                enough = enough or not feed.of_comments
                yield feed

    def _usual(self) -> Iterator[FoundFeed]:
        """Try where most programs put a feed; the first that is one, or that nobody answers for.

        Nobody announced these addresses: they are tried where robots.txt lets us.
        """
        parts = urlsplit(self._address)
        for path in _USUAL:
            url = urljoin(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/", path)
            asked_for = self._secrets.found(url)
            if not self._may_try(asked_for):
                if self._more:
                    return
                continue
            try:
                told = self._read(asked_for, found_at=self._secrets.written())
            except FetchError as error:
                if error.http_status is None:
                    return
                continue
            except SourceError:
                continue
            if isinstance(told, FeedDocument):
                yield _feed(url, told)
                return

    def _may_try(self, url: str) -> bool:
        """Tell whether a guess may be tried; notes where it must be asked for first."""
        known = robots.permission(self._context, url)
        needed = 1 if known is not None else 2
        if not self._everywhere and self._asked + needed > MOST_ASKED:
            self._more = True
            return False
        if known is not None:
            return known
        self._asked += 1
        return robots.may_fetch(self._context, url, found_at=self._secrets.written())

    def _read(self, url: str, found_at: str | None = None) -> FeedDocument | WebPage:
        within = self._context.settings.manual_floor
        fetched = kept_answers.find(self._context, url, within=within, pages=self._everywhere)
        is_new = fetched is None
        if fetched is None:
            self._asked += 1
            fetched = self._context.fetcher.fetch(FetchRequest(url=url, found_at=found_at))
        job = ParseJob(
            body=fetched.body or b"",
            url=fetched.url,
            content_type=fetched.content_type,
            now=self._context.clock(),
        )
        found = self._context.parsers.submit(job).result()
        if isinstance(found, CommentsDocument):  # only where it was asked for
            raise ParseError("not-a-feed")
        if self._keep and is_new:
            is_feed = isinstance(found, FeedDocument)
            kept_answers.keep(self._context, url, fetched, is_feed=is_feed)
        return found


def _why(feeds: tuple[FoundFeed, ...]) -> Fault:
    return next((feed.fault for feed in feeds if feed.fault), Fault(code="not-a-feed"))


def _not_looked_into(url: str, link: FeedLink) -> FoundFeed:
    return FoundFeed(
        url=url,
        title=link.title,
        of_comments=is_of_comments(url, link.title),
        looked_into=False,
    )


def _feed(url: str, told: FeedDocument, link: FeedLink | None = None) -> FoundFeed:
    latest = sorted(
        told.items, key=lambda item: item.published_at.timestamp() if item.published_at else 0
    )[::-1][:MOST_SHOWN]
    announced = link.title if link else None
    return FoundFeed(
        url=url,
        title=told.title or announced,
        entries=len(told.items),
        latest=tuple(
            LatestEntry(title=item.title, published_at=item.published_at) for item in latest
        ),
        of_comments=is_of_comments(url, told.title or announced),
    )
