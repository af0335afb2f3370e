"""Searching: every word, newest first, with snippets."""

import pytest

from aggregator.services import searching
from tests.world import World, item


@pytest.fixture
def shelf(world: World) -> World:
    world.follow(
        world.publish(
            "/rss",
            item(3, "La veille de l'été", text="Netvibes ferme ses portes, dit Magalie."),
            item(1, "Quantité ou qualité", text="Erick préfère la qualité des échanges."),
            item(2, "Un bilan", text="Une veille de qualité, avec Netvibes autrefois."),
        )
    )
    world.poll()
    return world


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("veille", ["La veille de l'été", "Un bilan"]),
        ("VEILLE netvibes", ["La veille de l'été", "Un bilan"]),
        ("qualite", ["Un bilan", "Quantité ou qualité"]),
        ("été", ["La veille de l'été"]),
        ("pre\u0301fe\u0300re", ["Quantité ou qualité"]),  # accents as macOS writes them
        ("quali", ["Un bilan", "Quantité ou qualité"]),
        ('"veille de qualité"', ["Un bilan"]),
        ("veille -magalie", ["Un bilan"]),
        ("facebook", []),
        ("", []),
        ("-veille", []),
        ('"', []),
        ("AND OR NOT (", []),
        ("veille* ) OR entry_search:", []),
        ("a\x00b", []),
    ],
)
def test_words_are_found_however_they_are_typed(
    shelf: World, words: str, titles: list[str]
) -> None:
    assert [found.row.title for found in searching.search(shelf.context, words)] == titles


def test_a_snippet_marks_what_matched(shelf: World) -> None:
    found = searching.search(shelf.context, "magalie")[0]
    assert [words for words, is_match in found.snippet if is_match] == ["Magalie"]
    assert "".join(words for words, _ in found.snippet).startswith("Netvibes ferme")


def test_a_search_goes_on_after_the_last_result(shelf: World) -> None:
    first = searching.search(shelf.context, "veille", limit=1)
    second = searching.search(shelf.context, "veille", limit=1, before=first[0].row.id)
    third = searching.search(shelf.context, "veille", limit=1, before=second[0].row.id)
    assert [found.row.title for found in first + second + third] == [
        "La veille de l'été",
        "Un bilan",
    ]


def test_an_edited_entry_is_found_by_its_new_words_only(shelf: World) -> None:
    shelf.publish("/rss", item(2, "Un bilan", text="Tout est dit."))
    shelf.poll(hours=2)
    assert searching.search(shelf.context, "autrefois") == ()
    assert len(searching.search(shelf.context, "dit")) == 2


def test_what_left_the_list_is_not_found_until_it_returns(shelf: World) -> None:
    address = shelf.sources()[0].url
    shelf.follow(shelf.publish("/other", item(9)))
    assert searching.search(shelf.context, "veille") == ()
    shelf.follow(address)
    assert len(searching.search(shelf.context, "veille")) == 2
