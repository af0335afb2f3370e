"""Taking the list away: OPML."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from aggregator.domain.exchange import OpmlFolder, OpmlOutline
from aggregator.errors import InvalidInputError
from aggregator.services.context import Context
from aggregator.services.sources import list_sources
from aggregator.subscriptions import opml as opml_file
from aggregator.subscriptions.files import write_atomically
from aggregator.translations import N_


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
        content=opml_file.export("Veille", folders, created_at=now),
    )


def save(made: OpmlFile, path: Path) -> None:
    """Write a file that was made where a person says.

    Raises:
        InvalidInputError: it cannot be written there.
    """
    try:
        write_atomically(path, made.content, keep_previous=False)
    except OSError as error:
        raise InvalidInputError(
            N_("%(path)s cannot be written: %(why)s."), path=str(path), why=error.strerror or "?"
        ) from error
