"""`veille doctor`: what is wrong with this installation."""

import sys
from dataclasses import asdict
from typing import Final

import click

from aggregator.cli.commands import COMMANDS
from aggregator.cli.running import json_option, print_json, running
from aggregator.cli.wording import sentence
from aggregator.errors import InvalidInputError
from aggregator.services.checks.check import Check
from aggregator.services.diagnosis import diagnose
from aggregator.settings import read_settings
from aggregator.translations import N_, Translator, system_language, translator

NAMES: Final = (
    *(N_("database"), N_("disk"), N_("secrets"), N_("time zone"), N_("languages")),
    *(N_("schedule"), N_("poller"), N_("clock"), N_("door")),
)
"""The names of the checks that are words; the others are said alike in every language."""


@click.command(help=COMMANDS["doctor"].says)
@json_option
def doctor(*, as_json: bool) -> None:
    """Look everything over; exit 1 where something is to be mended."""
    settings = read_settings()
    words = translator("en" if as_json else settings.language or system_language())
    try:
        with running(follow=False) as run:
            words = words if as_json else run.words
            checks = diagnose(run.context, words)
    except InvalidInputError as error:
        # Only the database can refuse to be opened here, and nothing can be looked at without.
        checks = (Check(name="database", ok=False, message=sentence(error, words)),)
    ok = all(check.ok for check in checks)
    if as_json:
        print_json({"ok": ok, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            click.echo(f"{'✓' if check.ok else '✗'} {_line(check, words)}")
            if check.mend:
                click.echo(f"  → {check.mend}")
    if not ok:
        sys.exit(1)


def _line(check: Check, words: Translator) -> str:
    places = {"name": words.gettext(check.name), "sentence": check.message}
    return words.gettext(N_("%(name)s: %(sentence)s")) % places
