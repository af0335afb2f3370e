"""`veille user`: the one password of the dashboard."""

import sys

import click

from aggregator.cli.commands import COMMANDS
from aggregator.cli.running import Run, running
from aggregator.domain.door import usable
from aggregator.errors import InvalidInputError
from aggregator.services import door
from aggregator.translations import N_


@click.group(help=COMMANDS["user"].says)
def user() -> None:
    """Group what is done about the password."""


@user.command("set-password", help=N_("Set the password; a dashboard that runs asks for it."))
@click.option("--stdin", "from_stdin", is_flag=True, help=N_("Read it from a line of stdin."))
def set_password(*, from_stdin: bool) -> None:
    """Set the password, typed twice or read from stdin; every session ends."""
    with running(follow=False, log_level="warning") as run:
        password = _line() if from_stdin else _typed_twice(run)
        door.set_password(run.context, password)
        run.say(N_("The password is set. Whoever was signed in signs in again with it."))


@user.command("remove-password", help=N_("Remove the password; only this machine then comes in."))
def remove_password() -> None:
    """Remove the password; a dashboard that others can reach lets nobody in without."""
    with running(follow=False, log_level="warning") as run:
        if door.remove_password(run.context):
            run.say(N_("The password is removed: the dashboard opens on this machine alone."))
        else:
            run.say(N_("There was no password."))


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _typed_twice(run: Run) -> str:
    """Ask on the terminal, showing nothing of what is typed."""
    if not sys.stdin.isatty():
        raise InvalidInputError(
            N_("Nobody is there to type the password: give it on a line of stdin, with --stdin.")
        )
    password = _typed(run.words.gettext(N_("New password")))
    usable(password)
    if _typed(run.words.gettext(N_("The same password again"))) != password:
        raise InvalidInputError(N_("The two passwords are not the same: nothing was changed."))
    return password


def _typed(question: str) -> str:
    typed: str = click.prompt(question, hide_input=True, err=True)
    return typed
