"""Lists of other programs: what of them can be followed, and what is followed already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from aggregator.domain.exchange import LeftOut, Subscription
from aggregator.domain.following import FollowedSource
from aggregator.domain.sources import SourceHealth
from aggregator.ingest.discover import is_of_comments
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.sources import list_sources
from aggregator.subscriptions.addresses import compared_address
from aggregator.subscriptions.lists import reading
from aggregator.translations import N_

MOST_BYTES: Final = reading.MOST_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A list that was read: `new` is not followed yet, `followed` is."""

    kind: str
    new: tuple[Subscription, ...]
    followed: tuple[Subscription, ...]
    left_out: tuple[LeftOut, ...]


def read_list(context: Context, content: bytes) -> Import:
    """Read OPML, bookmarks or addresses, following nothing yet.

    Raises:
        InvalidInputError: it cannot be read; the sentence says why.
    """
    read = reading.read(content)
    known = _followed(context)
    left_out = list(read.left_out)
    new: list[Subscription] = []
    there: list[Subscription] = []
    for one in read.subscriptions:
        if read.kind == "opml" and is_of_comments(one.url, one.name):
            left_out.append(LeftOut(address=one.url, why=N_("a feed of comments")))
        elif compared_address(one.url) in known:
            there.append(one)
        else:
            new.append(one)
    return Import(kind=read.kind, new=tuple(new), followed=tuple(there), left_out=tuple(left_out))


def already(context: Context, urls: Iterable[str]) -> SourceHealth | None:
    """Find the source that has one of these addresses, as written or as polled."""
    wanted = {compared_address(url) for url in urls}
    return next(
        (
            source
            for source in list_sources(context)
            if wanted & {compared_address(url) for url in (source.url, source.feed_url) if url}
        ),
        None,
    )


def pages(context: Context) -> Sequence[str]:
    """Name the pages that a source can be put on."""
    return [page.name for page in following.current(context).list.pages]


def _followed(context: Context) -> set[str]:
    listed: Sequence[FollowedSource] = following.current(context).list.sources
    polled = [source.feed_url for source in list_sources(context) if source.feed_url]
    return {compared_address(url) for url in [*(one.url for one in listed), *polled]}
