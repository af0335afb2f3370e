"""`veille search`: entries and comments that have all the words."""

from datetime import datetime
from typing import Any, Final

import click

from aggregator.cli.commands import COMMANDS
from aggregator.cli.lists import entry_json, limit_type
from aggregator.cli.running import Run, json_option, print_json, print_table, rfc3339, running
from aggregator.domain.conversations.comments import State
from aggregator.domain.conversations.search import FoundComment
from aggregator.domain.items import Found
from aggregator.services import searching
from aggregator.services.searching import Sort
from aggregator.translations import N_

_LONGEST_LINE: Final = 80


@click.command(help=COMMANDS["search"].says)
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit",
    type=limit_type,
    metavar="N",
    default=50,
    show_default=True,
    help=N_("At most this many; 0 means all."),
)
@click.option(
    "--kind",
    type=click.Choice([sort.value for sort in Sort]),
    help=N_("Only entries, or only comments."),
)
@json_option
def search(*, words: tuple[str, ...], limit: int, kind: str | None, as_json: bool) -> None:
    """Search entries and comments, the newest first."""
    typed = " ".join(words)
    with running() as run:
        found: list[tuple[datetime, Found | FoundComment]] = []
        if kind != Sort.COMMENT:
            entries = searching.search(run.context, typed, limit=limit)
            found += [(hit.row.published_at, hit) for hit in entries]
        if kind != Sort.ENTRY:
            comments = searching.search_comments(run.context, typed, limit=limit)
            found += [(hit.published_at, hit) for hit in comments]
        found.sort(key=lambda each: each[0], reverse=True)
        hits = found[: limit or None]
        if as_json:
            print_json([found_json(hit) for _, hit in hits])
        else:
            print_table([(_dot(hit), run.moment(at), *_line(run, hit)) for at, hit in hits])


def found_json(hit: Found | FoundComment) -> dict[str, Any]:
    """Write what was found as `veille search --json` does: `kind` tells entry from comment."""
    snippet = "".join(piece for piece, _ in hit.snippet)
    if isinstance(hit, Found):
        return {"kind": Sort.ENTRY.value, **entry_json(hit.row), "snippet": snippet}
    return {
        "kind": Sort.COMMENT.value,
        "id": hit.id,
        "key": hit.key,
        "source": hit.source_url,
        "entry_title": hit.title,
        "entry_url": hit.thread_url,
        "url": hit.url,
        "author": hit.author,
        "author_url": hit.author_url,
        "published_at": rfc3339(hit.published_at),
        "mine": hit.mine is not None,
        "state": hit.state.value,
        "starred": hit.starred,
        "snippet": snippet,
    }


def _dot(hit: Found | FoundComment) -> str:
    """Mark what is to be done: an entry to read, a comment to answer."""
    if isinstance(hit, Found):
        return " " if hit.row.read else "•"
    return "?" if hit.state is State.WAITING else " "


def _line(run: Run, hit: Found | FoundComment) -> tuple[str, str]:
    if isinstance(hit, Found):
        return hit.row.source_name[:24], hit.row.title
    words = " ".join("".join(piece for piece, _ in hit.snippet).split())
    return hit.source_name[:24], run.said_of(hit.author[:24], words)[:_LONGEST_LINE]
