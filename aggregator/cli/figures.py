"""`veille stats`: how much is followed, stored and unread."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

import click
from babel.numbers import format_decimal

from aggregator.cli.commands import COMMANDS
from aggregator.cli.running import Run, json_option, print_json, print_table, rfc3339, running
from aggregator.domain.sources import STATE_WORDS, SourceState
from aggregator.services.figures import Figures, figures_now
from aggregator.translations import N_

LABELS: Final = {
    "sources": N_("followed sources"),
    "pages": N_("pages"),
    "entries": N_("stored entries"),
    "unread": N_("unread entries"),
    "starred": N_("entries kept for later"),
    "comments": N_("stored comments"),
    "waiting": N_("comments that wait for an answer"),
    "polls_24h": N_("polls in 24 hours"),
    "failed_24h": N_("failed polls in 24 hours"),
    "entries_24h": N_("new entries in 24 hours"),
    "entries_7d": N_("new entries in 7 days"),
    "thrown_away": N_("entries thrown away, as VEILLE_KEEP says"),
    "database_bytes": N_("bytes of the database"),
    "empty_bytes": N_("bytes of it that are empty"),
    "oldest_at": N_("oldest entry"),
    "newest_at": N_("newest entry"),
}


@click.command(help=COMMANDS["stats"].says)
@json_option
def stats(*, as_json: bool) -> None:
    """Print figures."""
    with running() as run:
        found = figures_now(run.context)
        if as_json:
            moments = {name: rfc3339(getattr(found, name)) for name in ("oldest_at", "newest_at")}
            print_json(asdict(found) | moments)
        else:
            print_table(list(_rows(run, found)))


def _rows(run: Run, found: Figures) -> list[tuple[str, str]]:
    """Name each figure in words; the states stand below the sources they count."""
    rows = [
        (run.words.gettext(LABELS[name]), _written(run, getattr(found, name))) for name in LABELS
    ]
    states = [
        ("  " + run.words.gettext(STATE_WORDS[SourceState(state)]), _written(run, count))
        for state, count in found.states.items()
    ]
    return rows[:1] + states + rows[1:]


def _written(run: Run, value: float | datetime | None) -> str:
    if value is None or isinstance(value, datetime):
        return run.moment(value)
    return format_decimal(value, locale=run.language)
