"""What the tests of the commands share: `veille` in the small steady world."""

import os
from pathlib import Path

import pytest

from aggregator import clock
from tests.command import CommandLine
from tests.world import World


@pytest.fixture
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of one's own, with no setting but the language."""
    for name in os.environ:
        if name.startswith("VEILLE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("VEILLE_DATA", str(tmp_path))
    monkeypatch.setenv("VEILLE_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def veille(world: World, empty_place: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Give the command line of the world's installation, at the world's moment."""
    monkeypatch.setenv("VEILLE_FEEDS", str(world.feeds))
    monkeypatch.setenv("VEILLE_ALLOW_PRIVATE", "127.0.0.1")
    monkeypatch.setenv("VEILLE_PARSERS", "1")
    monkeypatch.setattr(clock, "now", world.clock)
    assert world.feeds.parent == empty_place
    return CommandLine()
