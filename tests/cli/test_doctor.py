"""`veille doctor`: what is wrong with this installation, and how to mend it."""

import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.services import heartbeats, housekeeping
from aggregator.services.checks import keeping, listing
from aggregator.storage.installation import keep_fact
from aggregator.storage.schema import HEAD
from aggregator.translations import Language, Translator, translator
from tests.command import CommandLine, Said
from tests.scripted_server import Answer
from tests.world import World, item

CHECKS = [
    *("database", "disk", "feeds.yaml", "secrets", "time zone", "languages"),
    *("sources", "schedule", "poller", "clock", "door"),
]


def check(said: Said, name: str) -> Any:
    (found,) = [found for found in said.document["checks"] if found["name"] == name]
    return found


@pytest.fixture
def healthy(world: World) -> World:
    """Have everything in order."""
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    housekeeping.beat(world.context)
    return world


@pytest.mark.usefixtures("healthy")
def test_a_healthy_installation_is_ok(veille: CommandLine) -> None:
    said = veille("doctor", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.document["ok"] is True
    assert [found["name"] for found in said.document["checks"]] == CHECKS
    for found in said.document["checks"]:
        assert set(found) == {"name", "ok", "message", "mend"}
        assert (found["ok"], found["mend"]) == (True, None)
        assert found["message"]


@pytest.mark.usefixtures("healthy")
def test_it_is_said_in_lines_for_people(veille: CommandLine) -> None:
    said = veille("doctor")
    assert said.code == 0
    lines = said.out.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"✓ {name}" for name in CHECKS]


def test_a_poller_that_is_not_at_work_is_said(veille: CommandLine, healthy: World) -> None:
    healthy.clock.go_on(minutes=10)
    said = veille("doctor", "--json")
    assert (said.code, said.document["ok"]) == (1, False)
    assert check(said, "poller") == {
        "name": "poller",
        "ok": False,
        "message": "The poller is not at work.",
        "mend": "Start it with “veille serve”.",
    }
    assert "\n  → Start it with “veille serve”.\n" in veille("doctor").out


@pytest.mark.usefixtures("healthy")
def test_what_is_used_is_told(veille: CommandLine) -> None:
    said = veille("doctor", "--json")
    assert f"(version {HEAD}, 0 MB)" in check(said, "database")["message"]
    told = check(said, "time zone")["message"]
    assert told == "In Europe/Paris it is 2026-11-25 10:00 (settings.timezone in feeds.yaml)."
    assert check(said, "languages")["message"] == "All languages have their words: fr, en."
    assert check(said, "schedule")["message"] == "Sources are polled in time."


@pytest.mark.usefixtures("healthy")
def test_what_is_empty_in_the_database_is_said_where_it_is_much(
    veille: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MUCH_EMPTY_BYTES", -1)
    monkeypatch.setattr(keeping, "MUCH_EMPTY", -1)
    found = check(veille("doctor", "--json"), "database")
    assert found["ok"]
    assert "0 MB are empty" in found["message"]


@pytest.mark.usefixtures("healthy")
def test_a_disk_that_is_nearly_full_is_said(
    veille: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "LEAST_FREE_BYTES", 2**80)
    assert check(veille("doctor", "--json"), "disk")["mend"].startswith("Make room")


def test_two_pollers_are_said(veille: CommandLine, healthy: World) -> None:
    now = healthy.clock.now
    with healthy.context.database.write() as session:
        both = {"here:1": now.isoformat(), "there:2": now.isoformat()}
        keep_fact(session, heartbeats.FACT, both)
    found = check(veille("doctor", "--json"), "poller")
    assert not found["ok"]
    assert "2 pollers are at work on this database (here:1, there:2)" in found["message"]
    with healthy.context.database.write() as session:
        late = {"here:1": now.isoformat(), "there:2": (now - timedelta(minutes=3)).isoformat()}
        keep_fact(session, heartbeats.FACT, late)
    assert check(veille("doctor", "--json"), "poller")["ok"]


def test_a_poller_that_has_ended_is_not_at_work(veille: CommandLine, healthy: World) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    gone = f"{socket.gethostname()}:{ended.pid}"
    with healthy.context.database.write() as session:
        keep_fact(session, heartbeats.FACT, {gone: healthy.clock.now.isoformat()})
    assert not check(veille("doctor", "--json"), "poller")["ok"]


def test_polls_that_are_late_are_said(veille: CommandLine, healthy: World) -> None:
    healthy.clock.go_on(hours=3)
    found = check(veille("doctor", "--json"), "schedule")
    assert not found["ok"]
    assert found["mend"] == "Start it with “veille serve”."
    housekeeping.beat(healthy.context)
    found = check(veille("doctor", "--json"), "schedule")
    assert "VEILLE_CONCURRENCY" in found["mend"]


def test_a_clock_that_goes_otherwise_than_the_last_polls_is_said(
    veille: CommandLine, healthy: World
) -> None:
    healthy.clock.go_on(hours=-2)
    found = check(veille("doctor", "--json"), "clock")
    assert not found["ok"]
    assert "120 minutes from now" in found["message"]


def test_a_list_that_cannot_be_written_is_said(
    veille: CommandLine, healthy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, _how: int) -> bool:
        return path != healthy.feeds.parent

    monkeypatch.setattr("os.access", refused)
    found = check(veille("doctor", "--json"), "feeds.yaml")
    assert not found["ok"]
    assert "can be used, but not be written" in found["message"]


@pytest.mark.usefixtures("healthy")
def test_words_that_are_missing_are_said(
    veille: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(language: Language) -> Translator:
        if language == "fr":
            raise FileNotFoundError
        return translator(language)

    monkeypatch.setattr(listing, "translator", silent)
    found = check(veille("doctor", "--json"), "languages")
    assert (found["ok"], found["message"]) == (
        False,
        "The words of these languages are missing: fr.",
    )


def test_what_is_gone_or_refused_is_told_apart(veille: CommandLine, world: World) -> None:
    gone = world.web.answer("/410", Answer(status=410))
    world.follow(gone, "http://10.0.0.1/rss", "http://10.0.0.2/rss")
    world.poll()
    found = check(veille("doctor", "--json"), "sources")["message"]
    assert found == (
        "3 sources fail. 1 is gone for good. "
        "2 have private addresses, which VEILLE_ALLOW_PRIVATE can open."
    )


def test_a_source_that_fails_is_said(veille: CommandLine, world: World) -> None:
    world.follow(world.web.answer("/500", Answer(status=500)))
    world.poll()
    assert check(veille("doctor", "--json"), "sources")["message"] == "1 source fails."


def test_a_missing_list_is_said(veille: CommandLine) -> None:
    found = check(veille("doctor", "--json"), "feeds.yaml")
    assert (found["ok"], found["mend"]) == (False, "veille init")


def test_a_broken_list_is_said_with_its_line(veille: CommandLine, healthy: World) -> None:
    healthy.feeds.write_text("sources:\n  - titel: x\n", encoding="utf-8")
    found = check(veille("doctor", "--json"), "feeds.yaml")
    assert found["ok"] is False
    assert found["message"].startswith("feeds.yaml:2:5: sources.0")


def test_a_variable_that_is_not_set_is_said(veille: CommandLine, world: World) -> None:
    world.follow("https://cwm.example/rss?key=${CWM_KEY}")
    found = check(veille("doctor", "--json"), "secrets")
    assert (found["ok"], found["message"]) == (False, "Not set: CWM_KEY.")


def test_a_database_that_is_none_is_said(veille: CommandLine, world: World) -> None:
    world.context.database.close()
    world.context.database.path.write_bytes(b"no database at all" * 400)
    said = veille("doctor", "--json")
    assert (said.code, said.err, said.document["ok"]) == (1, "", False)
    found = check(said, "database")
    assert "cannot be used" in found["message"] or "cannot be opened" in found["message"]


def test_each_check_is_documented(project: Path) -> None:
    page = (project / "docs" / "operations.md").read_text("utf-8")
    lines = page.split("## The doctor")[1].split("\n## ")[0].splitlines()
    rows = [line.split("|")[1].strip() for line in lines if line.startswith("| ")]
    assert rows == ["check", *CHECKS]
