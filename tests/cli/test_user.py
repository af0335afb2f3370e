"""`veille user`: the one password of the dashboard."""

import io
import sys

import click
import pytest

from aggregator.domain.door import Outcome, Standing
from aggregator.services import door
from tests.command import CommandLine
from tests.world import World

PASSWORD = "trois mots simples"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sit at a terminal; what is put into the list is typed, line by line."""
    lines: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def prompt(_question: str, *, hide_input: bool, err: bool) -> str:
        assert hide_input
        assert err
        return lines.pop(0)

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(click, "prompt", prompt)
    return lines


def opens(world: World, password: str = PASSWORD) -> bool:
    return door.try_password(world.context, password, "192.0.2.7").outcome is Outcome.RIGHT


def test_a_password_is_set_by_typing_it_twice(
    veille: CommandLine, world: World, typed: list[str]
) -> None:
    typed += [PASSWORD, PASSWORD]
    said = veille("user", "set-password")
    assert (said.code, said.err, typed) == (0, "", [])
    assert said.out == "The password is set. Whoever was signed in signs in again with it.\n"
    assert opens(world)


def test_two_that_differ_change_nothing(
    veille: CommandLine, world: World, typed: list[str]
) -> None:
    door.set_password(world.context, PASSWORD)
    typed += ["quatre mots encore simples", "quatre mots encore simple"]
    said = veille("user", "set-password")
    assert (said.code, said.out) == (1, "")
    assert said.err == "The two passwords are not the same: nothing was changed.\n"
    assert opens(world)


@pytest.mark.parametrize("password", ["", "court", "x" * 501])
def test_one_too_short_or_too_long_is_not_asked_for_again(
    veille: CommandLine, world: World, typed: list[str], password: str
) -> None:
    typed += [password]
    said = veille("user", "set-password")
    assert said.code == 1
    assert "characters" in said.err
    assert not door.has_password(world.context)


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_a_password_is_read_from_one_line_of_stdin(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + ending))
    said = veille("user", "set-password", "--stdin")
    assert (said.code, said.err) == (0, "")
    assert opens(world)


def test_without_a_terminal_it_says_how_to_give_it(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD))
    said = veille("user", "set-password")
    assert said.code == 1
    assert "--stdin" in said.err
    assert not door.has_password(world.context)


def test_the_password_stands_nowhere_in_what_is_said(
    veille: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILLE_LOG_LEVEL", "debug")
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD))
    said = veille("user", "set-password", "--stdin")
    assert PASSWORD not in said.out + said.err


def test_a_password_is_removed(veille: CommandLine, world: World) -> None:
    door.set_password(world.context, PASSWORD)
    assert veille("user", "remove-password").code == 0
    assert door.look(world.context).standing is Standing.OPEN
    assert veille("user", "remove-password").out == "There was no password.\n"


def test_the_doctor_says_that_others_reach_a_dashboard_without_password(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILLE_PUBLIC_URL", "https://example.org/veille")
    found = check(veille)
    assert found["ok"] is False
    assert "https://example.org/veille" in str(found["message"])
    assert found["mend"] == "veille user set-password"
    door.set_password(world.context, PASSWORD)
    assert check(veille)["message"] == "A password keeps the door."


def test_the_doctor_says_that_no_name_leads_to_a_dashboard(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.set_password(world.context, PASSWORD)
    monkeypatch.setenv("VEILLE_HOST", "0.0.0.0")  # noqa: S104 - nothing is bound
    assert "VEILLE_TRUSTED_HOSTS" in str(check(veille)["mend"])
    monkeypatch.setenv("VEILLE_TRUSTED_HOSTS", "192.168.1.7")
    assert check(veille)["ok"] is True


def check(veille: CommandLine) -> dict[str, object]:
    checks = veille("doctor", "--json").document["checks"]
    found: dict[str, object] = next(one for one in checks if one["name"] == "door")
    return found
