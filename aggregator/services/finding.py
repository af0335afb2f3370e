"""The feeds of any address, looked for online through the one gate; nothing is stored."""

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
from aggregator.services.context import Context
from aggregator.services.secrets import Secrets
from aggregator.subscriptions.addresses import likely_address

MOST_FEEDS: Final = 5
"""Feeds of a page that are looked into: more would make one wait too long."""

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
    """A feed that an address leads to; `fault` is why it gives nothing, else None."""

    url: str
    title: str | None
    entries: int = 0
    latest: tuple[LatestEntry, ...] = ()
    of_comments: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an address leads to, the feed to follow first; `fault` says why there is nothing."""

    address: str
    feeds: tuple[FoundFeed, ...] = ()
    fault: Fault | None = None

    @property
    def usable(self) -> tuple[FoundFeed, ...]:
        """The feeds that can be followed: those that answer, comment feeds last."""
        good = [feed for feed in self.feeds if feed.fault is None]
        return tuple(sorted(good, key=lambda feed: feed.of_comments))


def find(context: Context, typed: str) -> Found:
    """Find the feeds of an address as somebody typed it: of a feed, of a page, of a site."""
    address = likely_address(typed)
    if address is None:
        return Found(address=typed, fault=Fault(code="bad-address", params={"url": typed[:200]}))
    # `${NAME}` is for those who write in feeds.yaml; here it would tell what it stands for
    secrets = Secrets(address=address, environment={})
    if typed.strip().lower().startswith("http") or not address.startswith("https://"):
        return _found(context, address, secrets)
    found = _found(context, address, secrets)
    if found.fault is not None and found.fault.code in {"tls-failed", "refused"}:
        plain = address.replace("https://", "http://", 1)
        return _found(context, plain, Secrets(address=plain, environment={}))
    return found


def _found(context: Context, address: str, secrets: Secrets) -> Found:
    try:
        told = _read(context, secrets.written())
        if isinstance(told, WebPage):
            feeds = tuple(_of_page(context, address, told, secrets))
            fault = None if any(feed.fault is None for feed in feeds) else _why(feeds)
        else:
            feeds, fault = (_feed(address, told),), None
    except SourceError as error:
        return Found(address=address, fault=secrets.hidden_fault(error))
    return Found(address=address, feeds=feeds, fault=fault)


def _why(feeds: tuple[FoundFeed, ...]) -> Fault:
    return next((feed.fault for feed in feeds if feed.fault), Fault(code="not-a-feed"))


def _of_page(
    context: Context, address: str, page: WebPage, secrets: Secrets
) -> Iterator[FoundFeed]:
    for link in page.feeds[:MOST_FEEDS]:
        try:
            told = _read(context, secrets.found(link.url), found_at=secrets.written())
        except SourceError as error:
            fault = secrets.hidden_fault(error)
            yield FoundFeed(url=link.url, title=link.title, fault=fault)
            continue
        if isinstance(told, FeedDocument):
            yield _feed(secrets.hidden(link.url), told, link)
    if not page.feeds:
        yield from _usual(context, address, secrets)


def _usual(context: Context, address: str, secrets: Secrets) -> Iterator[FoundFeed]:
    """Try where most programs put a feed; the first that is one, or that nobody answers for."""
    parts = urlsplit(address)
    for path in _USUAL:
        url = urljoin(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/", path)
        try:
            told = _read(context, secrets.found(url))
        except FetchError as error:
            if error.http_status is None:
                return
            continue
        except SourceError:
            continue
        if isinstance(told, FeedDocument):
            yield _feed(url, told)
            return


def _read(context: Context, url: str, found_at: str | None = None) -> FeedDocument | WebPage:
    fetched = context.fetcher.fetch(FetchRequest(url=url, found_at=found_at))
    job = ParseJob(
        body=fetched.body or b"",
        url=fetched.url,
        content_type=fetched.content_type,
        now=context.clock(),
    )
    found = context.parsers.submit(job).result()
    if isinstance(found, CommentsDocument):  # only where it was asked for
        raise ParseError("not-a-feed")
    return found


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
