"""The `veille` command: its settings, its errors, its exit codes."""

import os
import sys
from io import TextIOWrapper
from typing import Final

import click

from aggregator import __version__
from aggregator.cli.click_words import speak
from aggregator.cli.commands import Commands
from aggregator.cli.wording import sentence
from aggregator.errors import VeilleError
from aggregator.translations import N_, Language, known_language, system_language, translator

MENDABLE: Final = 1
"""Exit code for what a person can mend; click itself ends with 2 for wrong use."""


def command_line(language: Language) -> click.Group:
    """Make the group of all commands, speaking a language."""
    says = N_("Veille keeps watch over blogs and the conversations under them.")

    @click.group(cls=Commands, language=language, help=translator(language).gettext(says))
    @click.version_option(__version__, prog_name="veille")
    def veille() -> None:
        pass

    return veille


def main() -> None:
    """Run the command line; say in a sentence what a person can mend."""
    language = known_language(os.environ.get("VEILLE_LANGUAGE")) or system_language()
    speak(language)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that is not UTF-8 lacks a letter here and there; that ends no command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        command_line(language)(prog_name="veille")
    except VeilleError as error:
        click.echo(sentence(error, translator(language)), err=True)
        sys.exit(MENDABLE)
