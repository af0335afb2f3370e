"""Every command: in which module it is, and what it does in a sentence.

Known without loading any of them, so that `veille --help` and the quick commands are quick.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import click

from aggregator.translations import N_, Language, Translator, translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A command that is loaded when it is called; one that says nothing is not listed."""

    module: str
    says: str = ""


COMMANDS: Final[Mapping[str, Listed]] = {
    "demo": Listed(
        module="demo",
        says=N_("Show a living dashboard on a sample web, offline; nothing is left behind."),
    ),
    "init": Listed(module="files", says=N_("Write a commented feeds.yaml to start from.")),
    "check": Listed(
        module="files", says=N_("Check feeds.yaml and say what is wrong, line by line.")
    ),
    "serve": Listed(module="serving", says=N_("Start the dashboard and the poller.")),
    "poll": Listed(
        module="polling", says=N_("Poll what is due, or one source now, then say what came in.")
    ),
    "sources": Listed(
        module="lists", says=N_("List the followed sources; show, add, test or retire one.")
    ),
    "entries": Listed(module="lists", says=N_("List the stored entries, newest first.")),
    "conversations": Listed(
        module="conversations",
        says=N_("List the conversations: who answers whom, and which comments wait."),
    ),
    "search": Listed(
        module="searching", says=N_("Search the stored entries and comments, newest first.")
    ),
    "stats": Listed(module="figures", says=N_("Count what is followed, stored and unread.")),
    "opml": Listed(module="lists", says=N_("Export or import the subscription list.")),
    "backup": Listed(
        module="backups", says=N_("Write everything into one verified file, also while serving.")
    ),
    "restore": Listed(
        module="backups",
        says=N_("Put a backup in the place of the database, which is kept beside it."),
    ),
    "user": Listed(module="user", says=N_("Set or remove the password of the dashboard.")),
    "doctor": Listed(
        module="diagnosis",
        says=N_("Say what is wrong with this installation, and how to mend it."),
    ),
    "poller": Listed(module="serving"),
}


class Commands(click.Group):
    """The group of all commands, speaking one language."""

    def __init__(self, language: Language, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.language: Final = language

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own name
        """Name the commands that a person may call, in the order of the table."""
        return [name for name, listed in COMMANDS.items() if listed.says]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command; None if there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"aggregator.cli.{COMMANDS[cmd_name].module}")
        command: click.Command = getattr(module, cmd_name)
        return translated(command, self.language)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, loading none."""
        words = translator(self.language)
        rows = [(name, words.gettext(COMMANDS[name].says)) for name in self.list_commands(ctx)]
        with formatter.section(words.gettext("Commands")):
            formatter.write_dl(rows)


def translated(command: click.Command, language: Language) -> click.Command:
    """Give a command that is the same and says its help in a language."""
    words = translator(language)
    spoken = copy(command)
    spoken.help = words.gettext(command.help) if command.help else None
    spoken.params = [_translated(parameter, words) for parameter in command.params]
    if isinstance(spoken, click.Group):
        spoken.commands = {
            name: translated(member, language) for name, member in spoken.commands.items()
        }
    return spoken


def _translated(parameter: click.Parameter, words: Translator) -> click.Parameter:
    spoken = copy(parameter)
    if isinstance(spoken, click.Option) and spoken.help:
        spoken.help = words.gettext(spoken.help)
    if spoken.metavar:
        spoken.metavar = words.gettext(spoken.metavar)
    return spoken
