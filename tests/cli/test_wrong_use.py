"""Wrong use ends with 2, what a person can mend with 1 and a sentence; help comes at once."""

import re
import subprocess
import sys

import pytest

from aggregator import __version__
from aggregator.cli.commands import COMMANDS
from tests.command import CommandLine
from tests.world import World

LISTED = [name for name, listed in COMMANDS.items() if listed.says]
HEAVY = ("aiohttp", "alembic", "apscheduler", "feedparser", "flask", "pydantic", "sqlalchemy")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VEILLE_PORT", "abc"),
        ("VEILLE_PORT", "70000"),
        ("VEILLE_FLOOR", "15"),
        ("VEILLE_LANGUAGE", "de"),
        ("VEILLE_DATABASE_URL", "postgresql://localhost/veille"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    world.follow("https://cwm.example/rss")
    monkeypatch.setenv(name, value)
    for command in (("entries", "--json"), ("poll",), ("serve",)):
        said = veille(*command)
        assert (said.code, said.out) == (1, "")
        assert name in said.err
        assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", LISTED)
def test_an_unknown_option_is_wrong_use(veille: CommandLine, command: str) -> None:
    said = veille(command, "--colour")
    assert (said.code, said.out) == (2, "")
    assert "No such option" in said.err


@pytest.mark.parametrize(
    "later",
    ["export", "import", "people", "watches", "worker"],
)
def test_what_comes_later_does_not_exist_yet(veille: CommandLine, later: str) -> None:
    said = veille(later)
    assert (said.code, said.out) == (2, "")
    assert "No such command" in said.err


@pytest.mark.parametrize("command", LISTED)
def test_each_command_says_what_it_does(veille: CommandLine, command: str) -> None:
    said = veille(command, "--help")
    assert (said.code, said.err) == (0, "")
    assert COMMANDS[command].says in " ".join(said.out.split())


def test_help_lists_the_commands_and_not_the_hidden_one(veille: CommandLine) -> None:
    said = veille("--help")
    assert said.code == 0
    _, _, listed = said.out.partition("Commands:\n")
    assert re.findall(r"^  (\w+) ", listed, re.MULTILINE) == LISTED
    assert "poller" not in LISTED


def test_the_version_is_said(veille: CommandLine) -> None:
    assert __version__ in veille("--version").out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from aggregator.cli.main import main; sys.argv[1:] = ['--help']\n"
        "try: main()\n"
        "finally: print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "aggregator.cli.main" in loaded
    assert loaded & set(HEAVY) == set()


@pytest.mark.parametrize("module", ["aggregator", "aggregator.cli.lists"])
def test_a_list_needs_no_web_server_and_no_clockwork(module: str) -> None:
    code = f"import {module}, sys, threading; print(threading.active_count(), *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    threads, *loaded = done.stdout.split()
    assert threads == "1"
    assert set(loaded) & {"alembic", "apscheduler", "feedparser", "flask", "waitress"} == set()
