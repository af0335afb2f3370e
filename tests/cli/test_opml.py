"""`veille opml export`: the list, taken away."""

from pathlib import Path

import pytest
from lxml import etree

from tests.command import CommandLine
from tests.world import World, item


def outlines(document: bytes) -> dict[str, list[str]]:
    """Read an OPML document: the feeds of each folder."""
    root = etree.fromstring(document)
    return {
        str(folder.get("text")): [str(feed.get("xmlUrl")) for feed in folder]
        for folder in root.iterfind("body/outline")
    }


def follow(world: World) -> tuple[str, str]:
    """Follow a source on each of two pages, and one that is retired."""
    first, second = world.publish("/rss", item(1)), world.publish("/b", item(2))
    world.follow(
        text=f"""\
sources:
  - url: {first}
    page: Mon blog
  - url: {second}
    page: Métier
  - url: https://retired.example/rss
    page: Métier
    retired:
      since: 2026-11-01
"""
    )
    return first, second


@pytest.mark.parametrize("file", [[], ["-"]])
def test_the_list_goes_to_stdout(veille: CommandLine, world: World, file: list[str]) -> None:
    first, second = follow(world)
    said = veille("opml", "export", *file)
    assert (said.code, said.err) == (0, "")
    assert outlines(said.out.encode()) == {"Mon blog": [first], "Métier": [second]}


def test_the_list_goes_to_a_file(veille: CommandLine, world: World, empty_place: Path) -> None:
    follow(world)
    printed = veille("opml", "export").out
    said = veille("opml", "export", "list.opml")
    assert (said.code, said.out, said.err) == (0, "", "")
    assert (empty_place / "list.opml").read_text(encoding="utf-8") == printed


def test_a_file_that_cannot_be_written_is_said(veille: CommandLine, world: World) -> None:
    follow(world)
    said = veille("opml", "export", "nowhere/list.opml")
    assert (said.code, said.out) == (1, "")
    assert said.err == "nowhere/list.opml cannot be written: No such file or directory.\n"
