"""The command line speaks French: its help, its refusals, its lists."""

import pytest

from tests.command import CommandLine
from tests.scripted_server import Answer
from tests.world import World, item

NO_BREAK = "\u00a0"


@pytest.fixture
def french(veille: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setenv("VEILLE_LANGUAGE", "fr")
    return veille


def test_the_help_is_french_to_its_last_word(french: CommandLine) -> None:
    said = " ".join(french("--help").out.split(" "))
    assert f"Utilisation{NO_BREAK}: veille" in said
    assert f"Commandes{NO_BREAK}:" in said
    assert "tableau de bord" in said
    assert "Afficher cette aide" in said
    assert "--since JOUR" in french("entries", "--help").out


def test_the_next_help_is_english_again(
    french: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    french("--help")
    monkeypatch.setenv("VEILLE_LANGUAGE", "en")
    assert french("--help").out.startswith("Usage: veille")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("poll", "--colour"), "L’option '--colour' n’existe pas."),
        (("repas",), "La commande 'repas' n’existe pas."),
        (("serve", "--port", "abc"), "'abc' n’est pas un nombre valable."),
        (("entries", "--limit", "-1"), "-1 est hors des limites"),
        (("search",), "Il manque l’argument"),
    ],
)
def test_wrong_use_is_said_in_french(
    french: CommandLine, arguments: tuple[str, ...], sentence: str
) -> None:
    said = french(*arguments)
    assert said.code == 2
    assert sentence in said.err
    assert "Pour l’aide, essayez" in said.err


def test_a_round_is_told_in_french(french: CommandLine, world: World) -> None:
    world.follow(
        world.publish("/rss", item(1), item(2)), world.web.answer("/500", Answer(status=500))
    )
    trouble, summary = french("poll").out.splitlines()
    assert f"{NO_BREAK}: Le site répond par l’erreur 500." in trouble
    assert summary.startswith(
        f"2 sources relevées{NO_BREAK}– modifiées{NO_BREAK}: 1, en échec{NO_BREAK}: 1, "
        f"nouveaux articles{NO_BREAK}: 2, nouveaux commentaires{NO_BREAK}: 0 ("
    )


def test_lists_and_figures_are_french(french: CommandLine, world: World) -> None:
    world.follow(world.publish("/rss", item(1)))
    assert french("sources").out.startswith("pas encore relevée  ")
    assert french("stats").out.startswith("sources suivies ")


def test_a_wrong_setting_is_said_in_french(
    french: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILLE_PORT", "abc")
    said = french("poll")
    assert said.code == 1
    assert (
        said.err
        == f"La valeur de VEILLE_PORT ne convient pas{NO_BREAK}: il faut un nombre entier.\n"
    )
