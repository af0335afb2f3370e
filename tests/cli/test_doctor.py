"""`veille doctor`: what is wrong with this installation, and how to mend it."""

from typing import Any

import pytest

from aggregator.services import housekeeping
from tests.command import CommandLine, Said
from tests.scripted_server import Answer
from tests.world import World, item

CHECKS = ["database", "feeds.yaml", "secrets", "sources", "poller", "door", "disk"]


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
