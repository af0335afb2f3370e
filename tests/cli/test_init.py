"""`veille init`: a feeds.yaml to start from."""

from pathlib import Path

import pytest

from tests.command import CommandLine


def test_init_writes_a_file_that_is_good(veille: CommandLine, empty_place: Path) -> None:
    written = veille("init")
    assert (written.code, written.err) == (0, "")
    assert str(empty_place / "feeds.yaml") in written.out
    assert veille("check").code == 0


def test_init_writes_where_one_stands_unless_told(
    veille: CommandLine, empty_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VEILLE_FEEDS")
    (empty_place / "here").mkdir()
    monkeypatch.chdir(empty_place / "here")
    assert veille("init").code == 0
    assert veille("init", "there/list.yaml").code == 0
    assert (empty_place / "here" / "feeds.yaml").exists()
    assert (empty_place / "here" / "there" / "list.yaml").exists()


def test_init_never_overwrites(veille: CommandLine, empty_place: Path) -> None:
    mine = empty_place / "feeds.yaml"
    mine.write_text("sources: []\n", encoding="utf-8")
    refused = veille("init")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == f"{mine} is there already and stays as it is.\n"
    assert mine.read_text(encoding="utf-8") == "sources: []\n"


def test_init_says_when_it_cannot_write(veille: CommandLine, empty_place: Path) -> None:
    (empty_place / "file").write_text("", encoding="utf-8")
    refused = veille("init", "file/feeds.yaml")
    assert refused.code == 1
    assert refused.err.count("\n") == 1
    assert "cannot be written" in refused.err


@pytest.mark.parametrize(("language", "word"), [("fr", "adresse"), ("en", "address")])
def test_the_comments_are_in_the_persons_language(
    veille: CommandLine,
    empty_place: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    word: str,
) -> None:
    monkeypatch.setenv("VEILLE_LANGUAGE", language)
    veille("init")
    text = (empty_place / "feeds.yaml").read_text(encoding="utf-8")
    assert word in text
    assert f"language: {language}" in text
