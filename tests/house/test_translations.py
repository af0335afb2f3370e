"""The checker of the French catalogue finds what makes a sentence wrong."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog


@pytest.fixture(scope="module")
def checker(script: Callable[[str], ModuleType]) -> ModuleType:
    return script(".ci/translations.py")


def faults(
    checker: ModuleType, english: str | tuple[str, str], french: str | tuple[str, str]
) -> list[str]:
    """Judge one message and its French words."""
    template, catalogue = Catalog(), Catalog("fr")
    template.add(english)
    catalogue.add(english, french)
    return list(checker.faults(catalogue, template))


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Follow", "Suivre"),
        ("%(name)s follows: %(url)s", "%(name)s suit\u00a0: %(url)s"),
        ("What is it for?", "À quoi ça sert\u202f?"),
        ("Open (?)", "Ouvrir (?)"),
        ("“%(name)s” is new", "«\u00a0%(name)s\u202f» est nouveau"),
        ("the place is file:line:column", "l’endroit est fichier:ligne:colonne"),
        ("write 'Magalie: bio'", "écrivez 'Magalie: bio'"),
        ("write `it's: so!`", "écrivez `it's: so!`"),
        ("write “mine: true” there", "écrivez-y «\u00a0mine: true\u202f»"),
        ('label:"two words" for several', 'étiquette:"deux mots" pour plusieurs'),
        ("see https://example.org/?a=1", "voir https://example.org/?a=1"),
    ],
)
def test_good_french_passes(checker: ModuleType, english: str, french: str) -> None:
    assert faults(checker, english, french) == []


@pytest.mark.parametrize(
    ("english", "french", "why"),
    [
        ("Follow", "", "no French words"),
        ("%(name)s follows", "%(nom)s suit", "other placeholders"),
        ("%(name)s follows", "suit", "other placeholders"),
        ("the address", "l'adresse", "apostrophe"),
        ("What?", "Quoi ?", "U+202F"),
        ("What?", "Quoi?", "U+202F"),
        ("What?", "Quoi\u00a0?", "U+202F"),
        ("one; two", "un ; deux", "U+202F"),
        ("name: sentence", "nom : phrase", "U+00A0"),
        ("name: sentence", "nom: phrase", "U+00A0"),
        ("“x” is new", "“x” est nouveau", "« »"),
        ("“x” is new", "« x\u202f» est nouveau", "after it"),
        ("“x” is new", "«\u00a0x » est nouveau", "before it"),
        ("Wait…", "Patience...", "…"),
    ],
)
def test_faulty_french_is_said(checker: ModuleType, english: str, french: str, why: str) -> None:
    found = faults(checker, english, french)
    assert len(found) == 1
    assert why in found[0]


def test_each_plural_form_needs_words_and_the_places_of_one_english_form(
    checker: ModuleType,
) -> None:
    english = ("one unread", "%(n)s unread")
    assert faults(checker, english, ("%(n)s non lu", "%(n)s non lus")) == []
    assert faults(checker, english, ("un non lu", "%(n)s non lus")) == []
    assert "no French words" in faults(checker, english, ("un non lu", ""))[0]
    assert "other placeholders" in faults(checker, english, ("un non lu", "%(m)s non lus"))[0]


def test_a_message_missing_from_the_catalogue_and_one_too_many_are_said(
    checker: ModuleType,
) -> None:
    template, catalogue = Catalog(), Catalog("fr")
    template.add("Follow")
    catalogue.add("Unfollow", "Ne plus suivre")
    found = list(checker.faults(catalogue, template))
    assert len(found) == 2
    assert "'Follow' is missing" in found[0]
    assert "'Unfollow' is no longer in the code" in found[1]


def test_updating_adds_new_messages_and_drops_old_ones_and_nothing_else(
    checker: ModuleType, tmp_path: Path
) -> None:
    template, catalogue = Catalog(), Catalog("fr")
    template.add("Follow", locations=[("aggregator/x.py", 3)])
    template.add("Search")
    catalogue.add("Follow", "Suivre")
    catalogue.add("Unfollow", "Ne plus suivre")
    written = tmp_path / "messages.po"
    written.write_bytes(checker.updated(catalogue, template))
    text = written.read_text()
    assert '#: aggregator/x.py\nmsgid "Follow"\nmsgstr "Suivre"\n' in text
    assert 'msgid "Search"\nmsgstr ""\n' in text
    assert "Unfollow" not in text
    assert checker.updated(checker.read(written), template) == written.read_bytes()


def test_messages_are_found_in_code_and_in_templates(checker: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "aggregator" / "web").mkdir(parents=True)
    (tmp_path / "aggregator" / "web" / "wording.py").write_text(
        'a = N_("Follow")\nb = ngettext("one", "%(n)s", 3)\nc = gettext(b)\n'
    )
    (tmp_path / "templates" / "entries").mkdir(parents=True)
    (tmp_path / "templates" / "entries" / "index.html").write_text(
        "<p>{{ _('Search') }} {% trans %}Keep{% endtrans %}</p>"
    )
    found = {message.id for message in checker.extract(tmp_path) if message.id}
    assert found == {"Follow", ("one", "%(n)s"), "Search", "Keep"}
