"""Lists of other programs: what of them can be followed, and what is followed already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from aggregator.domain.exchange import LeftOut, Subscription
from aggregator.domain.sources import SourceHealth
from aggregator.ingest.discover import is_of_comments
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.sources import list_sources
from aggregator.subscriptions.addresses import compared_address, like_address
from aggregator.subscriptions.lists import reading
from aggregator.translations import N_

MOST_BYTES: Final = reading.MOST_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedAlready:
    """An address of a list, and the source that it leads to."""

    address: str
    source: SourceHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A list that was read: `new` is not followed yet, `followed` is."""

    kind: str
    new: tuple[Subscription, ...]
    followed: tuple[FollowedAlready, ...]
    left_out: tuple[LeftOut, ...]


def read_list(context: Context, content: bytes) -> Import:
    """Read OPML, bookmarks or addresses, following nothing yet.

    Raises:
        InvalidInputError: it cannot be read; the sentence says why.
    """
    read = reading.read(content)
    listed = list_sources(context)
    known = _by_address(listed, of_sites=True) | _by_address(listed)
    left_out = list(read.left_out)
    new: list[Subscription] = []
    there: list[FollowedAlready] = []
    for one in read.subscriptions:
        if read.kind == "opml" and is_of_comments(one.url, one.name):
            left_out.append(LeftOut(address=one.url, why=N_("a feed of comments")))
        elif source := known.get(like_address(one.url)):
            there.append(FollowedAlready(address=one.url, source=source))
        else:
            new.append(one)
    return Import(kind=read.kind, new=tuple(new), followed=tuple(there), left_out=tuple(left_out))


def already(context: Context, urls: Iterable[str]) -> SourceHealth | None:
    """Find the source that has one of these addresses, as written or as polled."""
    wanted = list(urls)
    listed = list_sources(context)
    exact = {compared_address(url) for url in wanted}
    for source in listed:
        if exact & {compared_address(url) for url in (source.url, source.feed_url) if url}:
            return source
    known = _by_address(listed)
    return next((known[key] for key in map(like_address, wanted) if key in known), None)


def of_site(context: Context, url: str) -> SourceHealth | None:
    """Find the source whose site has this address."""
    return _by_address(list_sources(context), of_sites=True).get(like_address(url))


def pages(context: Context) -> Sequence[str]:
    """Name the pages that a source can be put on."""
    return [page.name for page in following.current(context).list.pages]


def _by_address(
    listed: Sequence[SourceHealth], *, of_sites: bool = False
) -> dict[str, SourceHealth]:
    """Name sources by their addresses, or those of their sites; the first that has it counts."""
    return {
        like_address(url): source
        for source in reversed(listed)
        for url in ((source.site_url,) if of_sites else (source.url, source.feed_url))
        if url
    }
