"""`veille init` writes a file that works at once and shows what can be changed."""

import pytest

from aggregator.subscriptions.feeds_yaml import read
from aggregator.subscriptions.template import starting_text
from aggregator.translations import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starting_file_is_read_without_a_problem(language: Language) -> None:
    reading = read(starting_text(language).encode(), file="feeds.yaml", language=language)
    assert reading.problems == ()
    assert reading.follow is not None
    assert reading.follow.preferences.language == language
    assert reading.follow.unused == ()
    assert len(reading.follow.sources) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_in_its_comments_can_be_used(language: Language) -> None:
    text = starting_text(language).replace("  # - ", "  - ").replace("  #   ", "    ")
    reading = read(text.encode(), file="feeds.yaml", language="en")
    assert reading.problems == ()
    assert reading.follow is not None
    assert [source.name for source in reading.follow.sources][1:] in (
        ["Le blog de CWM", "Magalie : bio"],
        ["CWM's blog", "Magalie: bio"],
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_starting_file_is_in_block_style(language: Language) -> None:
    lines = starting_text(language).splitlines()
    assert not [line for line in lines if "{" in line.partition("#")[0]]
