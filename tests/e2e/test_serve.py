"""`veille serve`: the dashboard and its poller, two processes that outlive what befalls them."""

import itertools
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import Started, eventually, none_alive, run, started, variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import feed, item

pytestmark = pytest.mark.slow

ENDS_WITHIN_S = 10
PICKED_UP_WITHIN_S = 5


def follow(folder: Path, *urls: str) -> None:
    """Write a feeds.yaml whose sources are asked every second."""
    sources = "".join(f"  - url: {url}\n    every: 1s\n" for url in urls)
    (folder / "feeds.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")


@pytest.fixture
def growing(scripted_server: ScriptedServer) -> str:
    """Give the address of a feed that has one more article each time it is asked."""
    numbers = itertools.count(1)

    def answer(_asked: Asked) -> Answer:
        return feed(*(item(number) for number in range(1, next(numbers) + 1)))

    return scripted_server.answer("/growing", answer)


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[Started]:
    with started("serve", "--port", "0", *more, folder=folder) as server:
        yield server


def newest(server: Started) -> int:
    """Tell the number of the newest article on the dashboard."""
    page = server.page()
    return max((n for n in range(1, 500) if f">Article {n}<" in page), default=0)


def shows_more_than(server: Started, number: int) -> bool:
    return newest(server) > number


def test_the_dashboard_fills_while_one_looks(tmp_path: Path, growing: str) -> None:
    follow(tmp_path, growing)
    with serving(tmp_path) as server:
        eventually(lambda: shows_more_than(server, 0))
        before = newest(server)
        eventually(lambda: shows_more_than(server, before))
        assert server.poller.pid != server.process.pid
        assert "Traceback" not in server.err.read_text("utf-8")


def test_a_poller_that_is_killed_is_started_again(tmp_path: Path, growing: str) -> None:
    follow(tmp_path, growing)
    with serving(tmp_path) as server:
        eventually(lambda: shows_more_than(server, 0))
        killed = server.poller
        children = killed.children(recursive=True)
        killed.send_signal(signal.SIGKILL)
        eventually(lambda: none_alive([killed, *children]))
        before = newest(server)
        eventually(lambda: shows_more_than(server, before))
        assert server.poller.pid != killed.pid


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_it_soon(
    tmp_path: Path, scripted_server: ScriptedServer, growing: str, number: signal.Signals
) -> None:
    held = scripted_server.answer("/held", Answer(held=True))
    follow(tmp_path, growing, held)
    with serving(tmp_path) as server:
        eventually(lambda: "/held" in scripted_server.paths)
        eventually(lambda: shows_more_than(server, 0))
        family = server.family()
        assert len(family) >= 2
        server.process.send_signal(number)
        assert server.process.wait(ENDS_WITHIN_S) == 0
        eventually(lambda: none_alive(family), within_s=1)
        said = server.err.read_text("utf-8")
        assert "Traceback" not in said
        assert number.name in said.splitlines()[-1]


def test_a_server_that_is_killed_takes_its_poller_along(tmp_path: Path, growing: str) -> None:
    follow(tmp_path, growing)
    with serving(tmp_path) as server:
        eventually(lambda: shows_more_than(server, 0))
        family = server.family()
        server.process.kill()
        eventually(lambda: none_alive(family), within_s=ENDS_WITHIN_S)


def test_an_edit_is_picked_up_while_running(
    tmp_path: Path, scripted_server: ScriptedServer, growing: str
) -> None:
    follow(tmp_path, growing)
    other = scripted_server.answer("/other", feed(item(7, "Un autre blog"), title="Magalie"))
    with serving(tmp_path) as server:
        eventually(lambda: shows_more_than(server, 0))
        follow(tmp_path, growing, other)
        eventually(lambda: "/other" in scripted_server.paths, within_s=PICKED_UP_WITHIN_S)
        eventually(lambda: server.shows("Un autre blog"))


def test_a_bad_edit_keeps_the_last_good_list_and_says_so_on_every_page(
    tmp_path: Path, growing: str
) -> None:
    follow(tmp_path, growing)
    good = (tmp_path / "feeds.yaml").read_text("utf-8")
    with serving(tmp_path) as server:
        eventually(lambda: shows_more_than(server, 0))
        assert "line 3, column 5" not in server.page()
        (tmp_path / "feeds.yaml").write_text(good.replace("every", "evry"), encoding="utf-8")
        eventually(lambda: server.shows("line 3, column 5"), within_s=PICKED_UP_WITHIN_S)
        before = newest(server)
        eventually(lambda: shows_more_than(server, before))
    with serving(tmp_path) as server:
        for path in ("", "sources", "search"):
            page = server.page(path)
            assert "feeds.yaml" in page
            assert "line 3, column 5" in page
        before = newest(server)
        eventually(lambda: shows_more_than(server, before))
        (tmp_path / "feeds.yaml").write_text(good + "\n", encoding="utf-8")
        eventually(lambda: not server.shows("line 3, column 5"), within_s=PICKED_UP_WITHIN_S)


def test_a_list_written_while_running_is_picked_up(tmp_path: Path, growing: str) -> None:
    with serving(tmp_path) as server:
        assert server.page()
        poller = server.poller
        follow(tmp_path, growing)
        eventually(lambda: shows_more_than(server, 0))
        assert server.poller.pid == poller.pid
        assert "WARNING" not in server.err.read_text("utf-8")


def test_without_polling_it_shows_what_is_stored_and_asks_nothing(
    tmp_path: Path, scripted_server: ScriptedServer, growing: str
) -> None:
    follow(tmp_path, growing)
    assert run("poll", folder=tmp_path).returncode == 0
    asked = len(scripted_server.asked)
    with serving(tmp_path, "--no-poll") as server:
        assert shows_more_than(server, 0)
        other = scripted_server.answer("/other", feed(item(7), title="Magalie"))
        follow(tmp_path, growing, other)
        eventually(lambda: server.shows("/other", "sources"))
    assert len(scripted_server.asked) == asked


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        port = server.address.rstrip("/").rpartition(":")[2]
        other = tmp_path / "other"
        other.mkdir()
        refused = run("serve", "--port", port, folder=other)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1
    assert f"Port {port} cannot be used" in refused.stderr


def test_another_list_is_refused_until_it_is_adopted(tmp_path: Path, growing: str) -> None:
    follow(tmp_path, "http://127.0.0.1:1/rss")
    assert run("poll", folder=tmp_path).returncode == 0
    other = tmp_path / "other.yaml"
    follow(tmp_path, growing)
    (tmp_path / "feeds.yaml").rename(other)
    follow(tmp_path, "http://127.0.0.1:1/rss")
    surroundings = variables(tmp_path, VEILLE_FEEDS=str(other))
    refused = run("serve", "--port", "0", folder=tmp_path, surroundings=surroundings)
    assert refused.returncode == 1
    assert "--adopt" in refused.stderr
    words = ("serve", "--port", "0", "--adopt")
    with started(*words, folder=tmp_path, surroundings=surroundings) as server:
        eventually(lambda: shows_more_than(server, 0))


def test_importing_everything_starts_nothing() -> None:
    code = """
import importlib, pkgutil, threading
import aggregator, psutil
for module in pkgutil.walk_packages(aggregator.__path__, "aggregator."):
    if not module.name.startswith("aggregator.storage.migrations"):
        importlib.import_module(module.name)
print(threading.active_count(), len(psutil.Process().children()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 0\n"
