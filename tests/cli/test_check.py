"""`veille check`: what is wrong in feeds.yaml, line by line."""

import re

import pytest

from tests.command import CommandLine
from tests.scripted_server import Answer
from tests.world import World, item

FAULTY = """\
sources:
  - name: CWM
    url: https://cwm.example/rss
    titel: Le blog
"""


def test_a_good_file_is_said_to_be_good(veille: CommandLine, world: World) -> None:
    world.feeds.write_text("sources:\n  - https://cwm.example/rss\n", encoding="utf-8")
    said = veille("check")
    assert (said.code, said.out, said.err) == (0, "1 source; this file can be used.\n", "")


def test_a_good_file_is_said_to_be_good_in_its_own_language(
    veille: CommandLine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VEILLE_LANGUAGE", raising=False)
    french = "settings:\n  language: fr\nsources:\n  - https://cwm.example/rss\n"
    world.feeds.write_text(french, encoding="utf-8")
    assert "ce fichier est utilisable" in veille("check").out


def test_a_fault_is_said_with_file_line_column_path_and_sentence(
    veille: CommandLine, world: World
) -> None:
    world.feeds.write_text(FAULTY, encoding="utf-8")
    said = veille("check")
    assert said.code == 1
    assert re.search(
        r"^feeds\.yaml:4:5: sources\.0\.titel: .*did you mean", said.out, re.MULTILINE
    )


def test_a_fault_in_json_has_each_part(veille: CommandLine, world: World) -> None:
    world.feeds.write_text(FAULTY, encoding="utf-8")
    said = veille("check", "--json")
    assert said.code == 1
    (problem,) = said.document["problems"]
    message = problem.pop("message")
    assert problem == {
        "file": "feeds.yaml",
        "line": 4,
        "column": 5,
        "path": "sources.0.titel",
        "level": "error",
    }
    assert "did you mean" in message
    assert said.document == {
        "ok": False,
        "problems": said.document["problems"],
        "unused": [],
    }


def test_a_good_file_in_json_lists_what_is_kept_for_later(
    veille: CommandLine, world: World
) -> None:
    text = "sources:\n  - https://cwm.example/rss\nwatches:\n  - name: CWM\n    words: [cwm]\n"
    world.feeds.write_text(text, encoding="utf-8")
    said = veille("check", "--json")
    assert said.code == 0
    assert said.document == {"ok": True, "problems": [], "unused": ["watches"]}


def test_another_file_can_be_checked(veille: CommandLine, world: World) -> None:
    other = world.feeds.with_name("other.yaml")
    other.write_text(FAULTY, encoding="utf-8")
    said = veille("check", "--feeds", str(other))
    assert said.code == 1
    assert said.out.startswith("other.yaml:4:5: ")


def test_a_missing_file_says_how_to_make_one(veille: CommandLine) -> None:
    said = veille("check", "--json")
    assert (said.code, said.out) == (1, "")
    assert "veille init" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_nothing_is_asked_unless_one_says_online(
    veille: CommandLine, world: World, form: tuple[str, ...]
) -> None:
    url = world.web.answer("/rss", Answer(status=404))
    world.feeds.write_text(f"sources:\n  - {url}\n", encoding="utf-8")
    assert veille("check", *form).code == 0
    assert world.web.asked == []


def test_online_tells_which_sources_do_not_answer(veille: CommandLine, world: World) -> None:
    good = world.publish("/rss", item(1))
    gone = world.web.answer("/gone", Answer(status=404))
    text = f"sources:\n  - {good}\n  - name: Magalie\n    url: {gone}\n"
    world.feeds.write_text(text, encoding="utf-8")
    said = veille("check", "--online", "--json")
    assert said.code == 0
    (problem,) = said.document["problems"]
    assert problem == {
        "file": "feeds.yaml",
        "line": 4,
        "column": 1,
        "path": "sources.1",
        "message": "The feed is not at this address any more (404): look for its new one.",
        "level": "warning",
    }
    assert sorted(world.web.paths) == ["/gone", "/rss"]


def test_online_leaves_paused_and_retired_sources_alone(veille: CommandLine, world: World) -> None:
    url = world.web.url("/rss")
    text = f"sources:\n  - url: {url}\n    paused: true\n"
    world.feeds.write_text(text, encoding="utf-8")
    assert veille("check", "--online").code == 0
    assert world.web.asked == []
