"""`veille search`: entries that have all the words."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from aggregator.storage import tables
from tests.command import CommandLine
from tests.conversations import comment, put
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


@pytest.fixture
def talked(stored: World) -> World:
    """Have two people comment on what is stored."""
    with stored.context.database.read() as session:
        entry_id = session.execute(select(func.min(tables.entries.c.id))).scalar_one()
    now = stored.context.clock()
    put(
        stored.context,
        entry_id,
        (
            comment("c1", author="Magalie", at=now, text="Quelle veille !"),
            comment("c2", author="Erick", at=now - timedelta(days=900), text="La veille, oui."),
        ),
    )
    return stored


def search(veille: CommandLine, *words: str) -> Any:
    said = veille("search", "--json", *words)
    assert (said.code, said.err) == (0, "")
    return said.document


@pytest.mark.usefixtures("stored")
def test_hits_are_told_as_entries_with_a_snippet(veille: CommandLine) -> None:
    entries = {entry["id"]: entry for entry in veille("entries", "--json").document}
    newest, oldest = search(veille, "veille")
    assert newest == entries[newest["id"]] | {"kind": "entry", "snippet": "Une veille sans fin"}
    assert (newest["key"], oldest["key"]) == ("article-2", "article-1")


@pytest.mark.usefixtures("talked")
def test_comments_are_told_among_the_entries_by_their_moment(veille: CommandLine) -> None:
    found = search(veille, "veille")
    assert [hit["kind"] for hit in found] == ["comment", "entry", "entry", "comment"]
    assert found[0] == {
        "kind": "comment",
        "id": found[0]["id"],
        "key": "c1",
        "source": found[1]["source"],
        "entry_title": "Article 1",
        "entry_url": found[2]["url"],
        "url": "https://cwm.example.org/billet#comment-c1",
        "author": "Magalie",
        "author_url": None,
        "published_at": found[0]["published_at"],
        "mine": False,
        "state": found[0]["state"],
        "starred": False,
        "snippet": "Quelle veille !",
    }


@pytest.mark.usefixtures("talked")
def test_one_kind_can_be_asked_for(veille: CommandLine) -> None:
    comments = search(veille, "veille", "--kind", "comment")
    assert [hit["key"] for hit in comments] == ["c1", "c2"]
    assert {hit["kind"] for hit in search(veille, "veille", "--kind", "entry")} == {"entry"}
    assert len(search(veille, "veille", "--limit", "1")) == 1
    assert veille("search", "veille", "--kind", "person").code == 2


@pytest.mark.usefixtures("talked")
def test_comments_for_people_are_lines_with_their_author(veille: CommandLine) -> None:
    first = veille("search", "veille").out.splitlines()[0]
    assert first.endswith("Magalie: Quelle veille !")


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
