"""`veille search`: entries that have all the words."""

from typing import Any

import pytest

from tests.command import CommandLine
from tests.world import World, item


@pytest.fixture
def stored(world: World) -> World:
    """Store a few entries."""
    texts = ("La veille du community manager", "Une veille sans fin", "Rien à voir")
    world.follow(
        world.publish("/rss", *(item(n, text=text) for n, text in enumerate(texts, start=1)))
    )
    world.poll()
    return world


def search(veille: CommandLine, *words: str) -> Any:
    said = veille("search", "--json", *words)
    assert (said.code, said.err) == (0, "")
    return said.document


@pytest.mark.usefixtures("stored")
def test_hits_are_told_as_entries_with_a_snippet(veille: CommandLine) -> None:
    entries = {entry["id"]: entry for entry in veille("entries", "--json").document}
    newest, oldest = search(veille, "veille")
    assert newest == entries[newest["id"]] | {"snippet": "Une veille sans fin"}
    assert (newest["key"], oldest["key"]) == ("article-2", "article-1")


@pytest.mark.usefixtures("stored")
def test_all_the_words_are_wanted_and_accents_are_apart(veille: CommandLine) -> None:
    assert [hit["key"] for hit in search(veille, "VÉILLE", "commun")] == ["article-1"]
    assert search(veille, "veille", "absente") == []


@pytest.mark.usefixtures("stored")
def test_a_limit_is_kept_and_nought_is_all(veille: CommandLine) -> None:
    assert len(search(veille, "veille", "--limit", "1")) == 1
    assert len(search(veille, "veille", "--limit", "0")) == 2


@pytest.mark.usefixtures("stored")
def test_hits_for_people_are_lines(veille: CommandLine) -> None:
    lines = veille("search", "veille").out.splitlines()
    assert [line.split()[-1] for line in lines] == ["2", "1"]


@pytest.mark.parametrize("odd", ['"', "*", "()", "a AND", "NEAR(", "-", "'; --", "\u0000"])
@pytest.mark.usefixtures("stored")
def test_odd_words_find_nothing_and_break_nothing(veille: CommandLine, odd: str) -> None:
    assert search(veille, "--", odd) == []


def test_no_words_is_wrong_use(veille: CommandLine) -> None:
    assert veille("search").code == 2
