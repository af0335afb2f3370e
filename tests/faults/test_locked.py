"""Another process holds the writer's lock: writing waits, reading does not, nothing is lost."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from aggregator import wiring
from aggregator.cli.serving import PATIENCE_S
from aggregator.storage.engine import BUSY_TIMEOUT_S, Database
from tests.command import CommandLine
from tests.fleeting import Fleeting, ask, assert_sound, follow, serving, stored
from tests.processes import eventually
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.slow

Figure = Callable[[str, object], None]
REFUSED = "cannot be used now: database is locked"


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the writer's lock, as a process of its own that hangs in a transaction."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_lock_that_is_held_for_longer_than_one_waits_stops_only_writing(
    tmp_path: Path, scripted_server: ScriptedServer, figure: Figure
) -> None:
    fleeting = Fleeting(scripted_server, delay_s=0.3)
    follow(tmp_path, fleeting.url)
    path = tmp_path / "veille.db"
    with serving(tmp_path) as server:
        eventually(lambda: stored(path))
        poller = server.poller
        on_its_way = fleeting.given
        eventually(lambda: fleeting.given > on_its_way)
        with held(path):
            end_s = time.monotonic() + BUSY_TIMEOUT_S + 2
            assert_acts_are_refused(server.address, figure)
            pages = assert_read_until(server.address, end_s)
            eventually(lambda: REFUSED in server.err.read_text("utf-8"))
        before = max(stored(path))
        eventually(lambda: max(stored(path)) > before + 1)
        assert server.poller.pid == poller.pid
        log = server.err.read_text("utf-8")
    assert "Traceback" not in log
    assert log.count(REFUSED) <= 5
    numbers = stored(path)
    assert numbers == list(range(1, len(numbers) + 1))
    assert_sound(path)
    figure("pages read while the lock was held", len(pages))
    figure("slowest of them in seconds", round(max(pages), 2))


def assert_acts_are_refused(address: str, figure: Figure) -> None:
    began_s = time.monotonic()
    for form, path in (({}, "entries/1/star"), ({"language": "fr"}, "settings")):
        status, page = ask(address + path, form)
        assert (status, "database is locked" in page) == (503, True)
    waited_s = (time.monotonic() - began_s) / 2
    figure("seconds until a click is told", round(waited_s, 1))
    assert waited_s < PATIENCE_S + 3


def assert_read_until(address: str, end_s: float) -> list[float]:
    """Read pages, one after the other, until a moment; tell how long each took."""
    took_s = []
    while (began_s := time.monotonic()) < end_s:
        assert ask(address)[0] == 200
        took_s.append(time.monotonic() - began_s)
    return took_s


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CommandLine:
    """Give the command line of an installation that waits for nobody."""
    monkeypatch.setattr(wiring, "Database", partial(Database, patience_s=0.05))
    monkeypatch.setenv("VEILLE_DATA", str(tmp_path))
    monkeypatch.setenv("VEILLE_FEEDS", str(tmp_path / "feeds.yaml"))
    monkeypatch.setenv("VEILLE_LANGUAGE", "en")
    follow(tmp_path, "http://127.0.0.1:1/rss")
    return CommandLine()


def test_commands_that_write_say_so_and_those_that_read_answer(
    at_home: CommandLine, tmp_path: Path
) -> None:
    assert at_home("sources").code == 0
    with held(tmp_path / "veille.db"):
        refused = at_home("poll")
        assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
        assert REFUSED in refused.err
        assert at_home("entries").code == 0
        assert at_home("sources").code == 0
    assert at_home("poll").code == 0
