"""`veille sources`, `entries` and `opml`: what is followed and stored."""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from aggregator.cli import following
from aggregator.cli.commands import COMMANDS
from aggregator.cli.running import (
    Run,
    json_option,
    print_json,
    print_table,
    rfc3339,
    running,
)
from aggregator.cli.sheets import proposed_words, show, source_json
from aggregator.domain.health import Proposal
from aggregator.domain.items import EntryRow
from aggregator.domain.sources import STATE_WORDS, SourceHealth, state_of
from aggregator.services import exporting, listing, proposals
from aggregator.services import sources as following_sources
from aggregator.translations import N_

limit_type: Final = click.IntRange(min=0)
moment_type: Final = click.DateTime(
    ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
)


@click.group(help=COMMANDS["sources"].says, invoke_without_command=True)
@json_option
@click.pass_context
def sources(group: click.Context, *, as_json: bool) -> None:
    """List the sources, unless a subcommand was named."""
    if group.invoked_subcommand is None:
        _list_sources(as_json=as_json)


for _command in (following.add, following.try_, following.retire, show):
    sources.add_command(_command)


@sources.command("list", help=N_("List the followed sources and how they are doing."))
@json_option
def list_(*, as_json: bool) -> None:
    """List the sources."""
    _list_sources(as_json=as_json)


def _list_sources(*, as_json: bool) -> None:
    with running() as run:
        found, now = following_sources.list_sources(run.context), run.context.clock()
        proposed = proposals.latest(run.context)
        if as_json:
            print_json(
                [
                    source_json(source, now=now, proposal=proposed.get(source.id))
                    for source in found
                ]
            )
            return
        print_table(
            [
                (
                    run.words.gettext(STATE_WORDS[state_of(source, now=now)]),
                    source.name[:40],
                    str(source.unread),
                    run.moment(source.last_success_at),
                    source.url,
                )
                for source in found
            ],
            below=[list(_of_note(run, source, proposed.get(source.id))) for source in found],
        )


def _of_note(run: Run, source: SourceHealth, proposal: Proposal | None) -> Iterator[str]:
    """Say what is wrong with a source, and which other address is proposed."""
    if source.fault:
        yield source.fault.sentence(run.words)
    if proposal:
        yield proposed_words(run, proposal)


@click.command(help=COMMANDS["entries"].says)
@click.option(
    "--limit",
    type=limit_type,
    metavar="N",
    default=100,
    show_default=True,
    help=N_("At most this many; 0 means all."),
)
@click.option("--source", metavar="URL", help=N_("Only of this source."))
@click.option(
    "--since", type=moment_type, metavar=N_("DAY"), help=N_("Only since this day or moment.")
)
@click.option("--full", is_flag=True, help=N_("With the content, as safe HTML (in JSON)."))
@json_option
def entries(
    *, limit: int, source: str | None, since: datetime | None, full: bool, as_json: bool
) -> None:
    """List entries."""
    with running() as run:
        if since is not None and since.tzinfo is None:
            since = since.replace(tzinfo=ZoneInfo(run.timezone))
        rows = listing.entries(run.context, limit=limit, source=source, since=since)
        if not as_json:
            _say_rows(run, rows)
            return
        contents = listing.contents(run.context, [row.id for row in rows]) if full else {}
        print_json(
            [
                entry_json(row) | ({"content_html": contents[row.id]} if full else {})
                for row in rows
            ]
        )


def entry_json(row: EntryRow) -> dict[str, Any]:
    """Write an entry as `veille entries --json` does."""
    return {
        "id": row.id,
        "key": row.key,
        "source": row.source_url,
        "title": row.title,
        "url": row.url,
        "author": row.author,
        "published_at": rfc3339(row.published_at),
        "updated_at": rfc3339(row.updated_at),
        "comment_count": row.comment_count,
        "read": row.read,
        "starred": row.starred,
        "language": row.language,
    }


def _say_rows(run: Run, rows: Iterable[EntryRow]) -> None:
    print_table(
        [
            (
                " " if row.read else "•",
                run.moment(row.published_at),
                row.source_name[:24],
                row.title,
            )
            for row in rows
        ]
    )


@click.group(help=COMMANDS["opml"].says)
def opml() -> None:
    """Hold the commands on OPML."""


opml.add_command(following.import_)


@opml.command(help=N_("Write the list as OPML 2.0, to a file or to stdout."))
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, dir_okay=False, allow_dash=True)
)
def export(file: Path | None) -> None:
    """Write the list."""
    with running() as run:
        made = exporting.opml(run.context)
        if file is None or file == Path("-"):
            sys.stdout.buffer.write(made.content)
        else:
            exporting.save(made, file)
