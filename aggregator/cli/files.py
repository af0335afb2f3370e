"""`veille init` and `veille check`: the file of what is followed."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from aggregator.cli.commands import COMMANDS
from aggregator.cli.logs import log_as
from aggregator.cli.running import json_option, print_json
from aggregator.domain.following import FollowList
from aggregator.services import following
from aggregator.settings import read_settings
from aggregator.translations import N_, Language, system_language, translator
from aggregator.wiring import assembled


@click.command(help=COMMANDS["init"].says)
@click.argument("path", required=False, type=click.Path(path_type=Path))
def init(path: Path | None) -> None:
    """Write the starting file in the working folder, or where one says."""
    settings = read_settings()
    language = settings.language or system_language()
    target = path or settings.feeds or Path("feeds.yaml")
    following.start_file(target, language)
    words = translator(language)
    written = words.gettext("%(path)s is written: put your blog's address into it.")
    click.echo(written % {"path": target})


@click.command(help=COMMANDS["check"].says)
@click.option(
    "--feeds", metavar=N_("FILE"), type=click.Path(path_type=Path), help=N_("The file to check.")
)
@click.option("--online", is_flag=True, help=N_("Also ask every source whether it answers."))
@json_option
def check(*, feeds: Path | None, online: bool, as_json: bool) -> None:
    """Judge feeds.yaml without using it; exit 1 where it cannot be used."""
    settings = read_settings(feeds=feeds)
    log_as(settings, unless_set="warning")
    reading = following.check(settings)
    problems = list(reading.problems)
    if online and reading.follow is not None:
        with assembled(settings) as context:
            problems += following.try_online(context, reading.follow)
    if as_json:
        document = {
            "ok": reading.follow is not None,
            "problems": [asdict(problem) for problem in problems],
            "unused": list(reading.follow.unused) if reading.follow else [],
        }
        print_json(document)
    else:
        for problem in problems:
            click.echo(str(problem))
        if reading.follow is not None:
            _say_good(reading.follow, settings.language)
    if reading.follow is None:
        sys.exit(1)


def _say_good(follow: FollowList, language: Language | None) -> None:
    words = translator(language or follow.preferences.language or system_language())
    count = len(follow.sources)
    message = words.ngettext(
        "%(count)s source; this file can be used.",
        "%(count)s sources; this file can be used.",
        count,
    )
    click.echo(message % {"count": count})
    for path in follow.unused:
        click.echo(words.gettext("%(path)s: kept for a later version.") % {"path": path})
