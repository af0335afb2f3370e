"""Icons of sites: the small pictures that stand beside the names of sources."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.domain.sources import SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon:
    """A picture, named by what it contains."""

    digest: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IconSought:
    """A source whose icon is to be looked for.

    `site_url` is the page of its site where its feed names one; `feed_url` the address polled.
    """

    source_id: SourceId
    site_url: str | None
    feed_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IconAnswer:
    """What the address of an icon gave at a moment; `digest` is None where that was none.

    `etag` and `last_modified` belong to that picture.
    """

    url: str
    digest: str | None
    looked_at: datetime
    etag: str | None = None
    last_modified: str | None = None
