"""SIGTERM ends all of `veille serve` within ten seconds, whatever it is at."""

import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest

from tests.fleeting import Fleeting, ask, follow, serving, stored
from tests.processes import Started, eventually, none_alive, variables
from tests.scripted_server import Answer, ScriptedServer

pytestmark = pytest.mark.slow

ENDS_WITHIN_S: Final = 10
Figure = Callable[[str, object], None]
Hindrance = Callable[[Started, ScriptedServer, Fleeting], AbstractContextManager[None]]


@contextmanager
def hung_parser(server: Started, _web: ScriptedServer, fleeting: Fleeting) -> Iterator[None]:
    """Stop the reading process, so that a document hangs in it."""
    found = eventually(lambda: parsers_of(server))
    for parser in found:
        parser.suspend()
    given = fleeting.given
    eventually(lambda: fleeting.given > given)
    yield


def parsers_of(server: Started) -> list[psutil.Process]:
    return [
        process
        for process in server.poller.children(recursive=True)
        if any("parser_worker" in word for word in process.cmdline())
    ]


@contextmanager
def hanging_hosts(server: Started, web: ScriptedServer, fleeting: Fleeting) -> Iterator[None]:
    """Follow hosts that take every connection and never answer."""
    folder = server.out.parent
    held = [web.answer(f"/held/{number}", Answer(held=True)) for number in range(30)]
    follow(folder, fleeting.url, *held)
    eventually(lambda: any("/held" in path for path in web.paths))
    yield


@contextmanager
def held_lock(server: Started, _web: ScriptedServer, fleeting: Fleeting) -> Iterator[None]:
    """Hold the writer's lock, while the poller and a click wait for it."""
    path = server.out.parent / "veille.db"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN IMMEDIATE")
        address = f"{server.address}entries/1/star"
        click = threading.Thread(target=_click, args=(address,))
        click.start()
        given = fleeting.given
        # a claim waits for its turn by now, or an answer for being stored
        eventually(lambda: fleeting.given >= given and server.poller.is_running())
        yield
        click.join()


def _click(address: str) -> None:
    try:
        ask(address, {})
    except OSError:  # the server ended before it answered
        return


@pytest.mark.parametrize("hindrance", [hung_parser, hanging_hosts, held_lock])
def test_a_signal_ends_all_of_it_within_ten_seconds(
    tmp_path: Path, scripted_server: ScriptedServer, hindrance: Hindrance, figure: Figure
) -> None:
    fleeting = Fleeting(scripted_server)
    follow(tmp_path, fleeting.url)
    surroundings = variables(tmp_path, VEILLE_PARSE_TIMEOUT="10m", VEILLE_FETCH_TIMEOUT="10m")
    with serving(tmp_path, surroundings) as server:
        assert server.address
        eventually(lambda: stored(tmp_path / "veille.db"))
        with hindrance(server, scripted_server, fleeting):
            family = server.family()
            began_s = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(ENDS_WITHIN_S) == 0
            eventually(lambda: none_alive(family), within_s=1)
            took_s = time.monotonic() - began_s
    assert took_s < ENDS_WITHIN_S
    figure(f"seconds to the end, {hindrance.__name__}", round(took_s, 1))


def test_a_server_that_is_killed_takes_a_poller_along_that_cannot_end_by_itself(
    tmp_path: Path, scripted_server: ScriptedServer, figure: Figure
) -> None:
    fleeting = Fleeting(scripted_server)
    follow(tmp_path, fleeting.url)
    path = tmp_path / "veille.db"
    with serving(tmp_path) as server:
        assert server.address
        eventually(lambda: stored(path))
        with held_lock(server, scripted_server, fleeting):
            family = server.family()
            began_s = time.monotonic()
            server.process.kill()
            server.process.wait()
            eventually(lambda: none_alive(family), within_s=ENDS_WITHIN_S)
            figure("seconds until the poller followed", round(time.monotonic() - began_s, 1))
