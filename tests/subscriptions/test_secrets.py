"""`${NAME}` is read from the environment, and is put back before anybody sees it."""

import pytest

from aggregator.errors import SourceError
from aggregator.subscriptions.secrets import expand, redact

ENVIRONMENT = {"KEY": "s3cret/é&", "PASS": "s3cret", "EMPTY": ""}


def test_a_name_is_replaced_by_its_value() -> None:
    assert expand("https://moi:${PASS}@a.org/${EMPTY}", ENVIRONMENT) == "https://moi:s3cret@a.org/"


def test_a_name_that_is_not_defined_faults_the_source() -> None:
    with pytest.raises(SourceError) as caught:
        expand("https://a.org/?k=${MISSING}", ENVIRONMENT)
    assert caught.value.code == "secret-missing"
    assert caught.value.params == {"name": "MISSING"}


@pytest.mark.parametrize("text", ["${key}", "$KEY", "${}", "${A-B}", "$${", "${KEY"])
def test_only_capitals_digits_and_underscores_make_a_name(text: str) -> None:
    assert expand(text, ENVIRONMENT) == text


def test_a_value_is_not_expanded_again() -> None:
    assert expand("${A}", {"A": "${B}", "B": "x"}) == "${B}"


@pytest.mark.parametrize("seen", ["s3cret/é&", "s3cret/%C3%A9%26", "s3cret%2F%C3%A9%26"])
def test_a_value_is_hidden_however_an_address_encodes_it(seen: str) -> None:
    text = f"https://a.org/?k={seen}: 404"
    assert redact(text, ENVIRONMENT, "https://a.org/?k=${KEY}") == "https://a.org/?k=${KEY}: 404"


def test_the_longest_value_is_hidden_first() -> None:
    hidden = redact("s3cret/é& s3cret", ENVIRONMENT, "${PASS} ${KEY} ${EMPTY} ${MISSING}")
    assert hidden == "${KEY} ${PASS}"


def test_what_the_template_does_not_name_is_left_alone() -> None:
    assert redact("s3cret", ENVIRONMENT, "https://a.org/") == "s3cret"
