"""What every command needs: settings, a context, its log, its language, one JSON document."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
from babel.dates import format_datetime, get_timezone

from aggregator.cli.logs import log_as
from aggregator.errors import InvalidInputError
from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.conversations import upkeep
from aggregator.services.following import Following
from aggregator.settings import read_settings
from aggregator.translations import N_, Language, Translator, system_language, translator
from aggregator.wiring import assembled

json_option = click.option(
    "--json", "as_json", is_flag=True, help=N_("One JSON document on stdout.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a command: what it works with and the language it speaks."""

    context: Context
    language: Language
    words: Translator
    timezone: str

    def say(self, message: str, **params: str | int) -> None:
        """Print a sentence, translated, with its places filled."""
        text = self.words.gettext(message)
        click.echo(text % params if params else text)

    def say_of(self, name: str, sentence: str, *, err: bool = False) -> None:
        """Print a sentence that is said already, after the name of what it is about."""
        click.echo(self.said_of(name, sentence), err=err)

    def said_of(self, name: str, sentence: str) -> str:
        """Put a name before what is said of it, or what they said, with the language's colon."""
        said = self.words.gettext(N_("%(name)s: %(sentence)s"))
        return said % {"name": name, "sentence": sentence}

    def moment(self, moment: datetime | None) -> str:
        """Write a moment in the time zone of feeds.yaml, or a dash."""
        if moment is None:
            return "–"
        zone = get_timezone(self.timezone)
        return format_datetime(moment, "short", tzinfo=zone, locale=self.language)


@contextmanager
def running(
    *,
    follow: bool = True,
    adopt: bool = False,
    new: bool = True,
    patience_s: float | None = None,
    **given: Any,
) -> Iterator[Run]:
    """Open the installation for a command; `follow` takes feeds.yaml in first.

    A feeds.yaml that is broken is said on stderr while its last good version is in use.
    `new` and `patience_s` are the database's: may it be made, how long does one wait for it.

    Raises:
        InvalidInputError: a setting, the database or feeds.yaml cannot be used.
    """
    settings = read_settings(**given)
    log_as(settings, unless_set="warning" if follow else "info")
    with assembled(settings, new=new, patience_s=patience_s) as context:
        if follow:
            _say_broken(following.refresh(context, adopt=adopt))
            upkeep.catch_up(context)
            upkeep.wake(context)
        preferences = following.current(context).list.preferences
        language = settings.language or preferences.language or system_language()
        yield Run(
            context=context,
            language=language,
            words=translator(language),
            timezone=preferences.timezone,
        )


def _say_broken(followed: Following) -> None:
    for problem in followed.problems:
        if problem.level == "error":
            click.echo(str(problem), err=True)
    if followed.broken and not followed.list.sources:
        raise InvalidInputError(
            N_("Nothing is followed until %(path)s is mended."), path=str(followed.path)
        )


def rfc3339(moment: datetime | None) -> str | None:
    """Write a moment as JSON carries it: RFC 3339 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def print_json(document: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_table(
    rows: list[tuple[str, ...]], *, below: Sequence[Iterable[str]] | None = None
) -> None:
    """Print rows in columns that are as wide as their widest cell, and what belongs below each."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
        for line in below[number] if below else ():
            click.echo(f"    {line}")
