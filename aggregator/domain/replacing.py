"""Sources whose feed is lost, and where another one may be announced."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from aggregator.domain.sources import SourceId

LOST_AFTER: Final = {"http-410": 1, "http-404": 3, "not-a-feed": 3, "dns-failed": 5}
"""After how many failures in a row a fault means that the feed is lost, and not in trouble."""

MOST_PLACES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A source whose feed is lost: `url` as feeds.yaml writes it, `feed_url` as it is polled."""

    source_id: SourceId
    url: str
    feed_url: str | None
    site_url: str | None
    fault_code: str | None


def places(lost: Lost) -> tuple[str, ...]:
    """Tell the pages that may announce another feed, the best first.

    What feeds.yaml names, where that is a site; the site that the feed named, else the root
    of its host. None of a host whose name is known no more.
    """
    found = dict.fromkeys(_places(lost))
    polled = host_of(lost.feed_url or lost.url)
    dead = {polled} if lost.fault_code == "dns-failed" else set()
    return tuple(url for url in found if host_of(url) not in {"", *dead})[:MOST_PLACES]


def _places(lost: Lost) -> Iterator[str]:
    if lost.feed_url is not None and lost.feed_url != lost.url:
        yield lost.url
    if lost.site_url is not None and "${" not in lost.site_url:
        yield lost.site_url
    root = urlsplit(lost.feed_url or lost.url)
    if "${" not in root.netloc:
        yield f"{root.scheme}://{root.netloc}/"


def host_of(url: str) -> str:
    """Tell the host of an address, empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
