"""What the command line says, in the person's language."""

from datetime import datetime

import click
from babel.dates import format_datetime, get_timezone

from aggregator.errors import InvalidInputError, VeilleError
from aggregator.settings import Settings
from aggregator.translations import (
    Language,
    Translator,
    known_language,
    system_language,
    translator,
)


def language_of(settings: Settings | None, environment_language: str | None = None) -> Language:
    """Choose the language: the setting, else the system's."""
    if settings is not None and settings.language is not None:
        return settings.language
    return known_language(environment_language) or system_language()


def sentence(error: VeilleError, words: Translator) -> str:
    """Say an error of ours in the translator's language."""
    if isinstance(error, InvalidInputError):
        message = words.gettext(error.message)
        return message % error.params if error.params else message
    return words.gettext(str(error))


def translate_help(command: click.Command, language: Language) -> None:
    """Put the help texts of a command, its options and its subcommands into a language."""
    words = translator(language)
    if command.help:
        command.help = words.gettext(command.help)
    command.short_help = None
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = words.gettext(parameter.help)
    if isinstance(command, click.Group):
        for member in command.commands.values():
            translate_help(member, language)


def local(moment: datetime | None, timezone: str, language: Language) -> str:
    """Write a moment in local time, or a dash."""
    if moment is None:
        return "–"
    return format_datetime(moment, "short", tzinfo=get_timezone(timezone), locale=language)
