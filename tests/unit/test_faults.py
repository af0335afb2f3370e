"""Each fault of a source is said in both languages, with what is known of it."""

import re

import pytest

from aggregator.domain.faults import SENTENCES, TYPED, Fault
from aggregator.translations import LANGUAGES, Language, translator


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", SENTENCES)
def test_a_fault_is_said_with_all_that_is_known_of_it(code: str, language: Language) -> None:
    places = re.findall(r"%\((\w+)\)s", SENTENCES[code])
    said = Fault(code=code, params={name: f"<{name}>" for name in places})
    sentence = said.sentence(translator(language))
    assert [name for name in places if f"<{name}>" not in sentence] == []
    assert "%" not in sentence
    assert sentence.endswith((".", "?"))


@pytest.mark.parametrize("code", SENTENCES)
def test_no_fault_is_said_in_english_to_the_french(code: str) -> None:
    assert translator("fr").gettext(SENTENCES[code]) != SENTENCES[code]


def test_a_code_of_another_version_says_itself() -> None:
    assert Fault(code="http-418").sentence(translator("fr")) == "http-418"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", TYPED)
def test_an_address_typed_just_now_was_never_good_before(code: str, language: Language) -> None:
    places = re.findall(r"%\((\w+)\)s", TYPED[code])
    said = Fault(code=code, params={name: f"<{name}>" for name in places})
    sentence = said.sentence(translator(language), typed=True)
    assert [name for name in places if f"<{name}>" not in sentence] == []
    assert sentence != said.sentence(translator(language))
    assert "any more" not in sentence
