"""The `veille` command: its settings, its errors, its exit codes."""

import os
import sys
from typing import Final

import click

from aggregator import __version__
from aggregator.cli import diagnosis, files, lists, polling, serving
from aggregator.cli.demo import demo
from aggregator.cli.wording import sentence, translate_help
from aggregator.errors import VeilleError
from aggregator.translations import N_, known_language, system_language, translator

MENDABLE: Final = 1
"""Exit code for what a person can mend; click itself ends with 2 for wrong use."""


@click.group(help=N_("Veille keeps watch over blogs and the conversations under them."))
@click.version_option(__version__, prog_name="veille")
def veille() -> None:
    """Hold the commands."""


for command in (
    demo,
    *files.commands,
    *serving.commands,
    *polling.commands,
    *lists.commands,
    *diagnosis.commands,
):
    veille.add_command(command)


def main() -> None:
    """Run the command line; say in a sentence what a person can mend."""
    language = known_language(os.environ.get("VEILLE_LANGUAGE")) or system_language()
    translate_help(veille, language)
    try:
        veille(prog_name="veille")
    except VeilleError as error:
        click.echo(sentence(error, translator(language)), err=True)
        sys.exit(MENDABLE)
    except BrokenPipeError:
        # The reader of a pipe left, as `veille entries | head` does: nothing to complain about.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(MENDABLE)
