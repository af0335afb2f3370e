"""Taking the list away: OPML."""

from dataclasses import dataclass
from itertools import groupby

from aggregator.domain.exchange import OpmlFolder, OpmlOutline
from aggregator.services.context import Context
from aggregator.services.sources import list_sources
from aggregator.subscriptions import opml as opml_file


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFile:
    """A file to hand out."""

    name: str
    content: bytes


def opml(context: Context) -> OpmlFile:
    """Write the followed sources as OPML 2.0, one folder a page; retired ones stay out."""
    now = context.clock()
    followed = [source for source in list_sources(context) if source.retired_since is None]
    folders = [
        OpmlFolder(
            name=page_name,
            outlines=tuple(
                OpmlOutline(
                    name=source.name,
                    feed_url=source.feed_url or source.url,
                    site_url=source.site_url,
                )
                for source in members
            ),
        )
        for page_name, members in groupby(followed, key=lambda source: source.page_name)
    ]
    return OpmlFile(
        name=f"veille-{now:%Y-%m-%d}.opml",
        content=opml_file.export(folders, title="Veille", created_at=now),
    )
