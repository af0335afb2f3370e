"""What is a question: by its signs, or by how it begins, in French and English."""

import pytest

from aggregator.domain.conversations.questions import is_question


@pytest.mark.parametrize(
    "text",
    [
        "Et le samedi soir ?",
        "Really?",
        "Comment faites-vous",
        "Bonjour CWM,\npourquoi pas",
        "Merci ! Où trouver cela",
        "Qu’en pensez-vous",
        "Pouvez-vous m’aider",
        "Aime-t-il vraiment les flux",
        "Quand sort le prochain billet",
        "Que pensez-vous de cet outil",
        "How do you do it",
        "Is it true",
        "Hello, what is it about",
    ],
)
def test_what_asks_is_a_question(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bravo, tout est dit.",
        "Voir https://example.org/?a=b",
        "Comme c’est beau",
        "Quand j’étais petit, on lisait des blogs",
        "Que de souvenirs",
        "Quintessence",
        "avant-hier j’ai tout relu",
        "What a nice post",
        "When I was young",
        "Howard a raison",
        "ou bien non",
    ],
)
def test_what_tells_is_none(text: str) -> None:
    assert not is_question(text)


def test_a_long_text_is_judged_at_once() -> None:
    assert not is_question("bonjour " * 20_000)
    assert not is_question("merci, " * 20_000)
