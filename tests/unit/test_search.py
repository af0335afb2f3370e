"""What one typed into the search box, taken apart."""

import pytest

from aggregator.domain.conversations.search import Trait, read_search


@pytest.mark.parametrize(
    ("typed", "words", "labels", "traits"),
    [
        ("huile hiver", "huile hiver", (), set()),
        ("is:kept", "", (), {"kept"}),
        ("huile is:kept hiver", "huile  hiver", (), {"kept"}),
        ('label:"revue de presse" huile', "huile", ("revue de presse",), set()),
        ("label:presse label:client", "", ("presse", "client"), set()),
        ("étiquette:presse est:répondre", "", ("presse",), {"waiting"}),
        ("IS:WAITING", "", (), {"waiting"}),
        # what is none of these stays as it was typed
        ("is:strange", "is:strange", (), set()),
        ("this:kept", "this:kept", (), set()),
        ('label:""', "", (), set()),
        ("http://example.org/?is:kept", "http://example.org/?is:kept", (), set()),
        ('"is the label" -is:kept', '"is the label" -is:kept', (), set()),
    ],
)
def test_filters_are_taken_out_of_the_words(
    typed: str, words: str, labels: tuple[str, ...], traits: set[str]
) -> None:
    found = read_search(typed)
    assert (found.words, found.labels) == (words, labels)
    assert found.traits == {Trait(trait) for trait in traits}
    assert found.of_comments is bool(labels or traits)
