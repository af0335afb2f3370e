"""`veille demo`: a dashboard that lives, and leaves nothing behind."""

import json
import os
import re
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import pytest

from aggregator import clock
from aggregator.cli.running import rfc3339
from aggregator.translations import Language
from tests.processes import Started, eventually, none_alive, run, started, variables

pytestmark = pytest.mark.slow

ENTRY = re.compile(r'href="[^"]*/entries/(\d+)')
PAGE = re.compile(r'href="/(pages/[^"#?]+)"')
BLOGS = ("Le blog de CWM", "El annuaire", "Magalie", "Erick", "Philippe B", "Harbour Notes")
NEWS_WITHIN_S = 45
"""Something is published every 20 seconds, and each blog is asked every 20."""

ENDS_WITHIN_S = 10
ENDED = {"en": "Ended by SIGINT.\n", "fr": "Arrêté par SIGINT.\n"}


SYSTEMS: Final[dict[Language, str]] = {"en": "en_GB.UTF-8", "fr": "fr_FR.UTF-8"}


class Folders(NamedTuple):
    """Where somebody stands, lives, and has files that may go."""

    here: Path
    home: Path
    temporary: Path


def boards(demo: Started) -> str:
    """Read every page of the dashboard."""
    return "".join(map(demo.page, sorted({"", *PAGE.findall(demo.page())})))


def entries(demo: Started) -> set[str]:
    return set(ENTRY.findall(boards(demo)))


def published_since(moment: str, data: Path, home: Path) -> set[str]:
    """List the articles that came out since a moment; blogs without dates prove nothing."""
    return {
        str(entry["id"])
        for entry in listed("entries", data, home)
        if entry["published_at"] >= moment and "sans-date" not in entry["source"]
    }


def listed(command: str, data: Path, home: Path) -> Any:
    """Ask the installation of the demo from beside it."""
    surroundings = variables(home, VEILLE_DATA=str(data), VEILLE_FEEDS=str(data / "feeds.yaml"))
    said = run(command, "--json", folder=home, surroundings=surroundings)
    return json.loads(said.stdout)


def comments(state: str, data: Path, home: Path) -> set[str]:
    """List the comments that stand so, by what their blogs call them."""
    threads = listed("conversations", data, home)["threads"]
    return {
        one["key"] for thread in threads for one in thread["comments"] if one["state"] == state
    }


def beside_the_answers(waiting: set[str]) -> str | None:
    """Choose the comment that is to be answered, once it is there."""
    return next((one for one in sorted(waiting) if "/cwm/article-repondre" in one), None)


def answer(comment: str) -> None:
    """Answer a comment of CWM's blog where it stands."""
    page, _, number = comment.partition("#comment-")
    site = page.partition("/cwm/")[0] + "/cwm/"
    said = {"author": "CWM", "url": site, "text": "Merci !", "parent": number}
    with urllib.request.urlopen(page, urlencode(said).encode(), timeout=5) as got:  # noqa: S310 - ours
        assert "Merci" in got.read().decode()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    folders = Folders(*(tmp_path / name for name in ("here", "home", "temporary")))
    for folder in folders:
        folder.mkdir()
    return folders


@contextmanager
def played(folders: Folders, language: Language, *port: str, **said: str) -> Iterator[Started]:
    """Play the demo to somebody of a language; end it as they do, and find nothing left."""
    surroundings = {
        name: value
        for name, value in variables(folders.home).items()
        if not name.startswith("VEILLE_")
    } | {"LANG": SYSTEMS[language], "TMPDIR": str(folders.temporary), **said}
    with started("demo", *port, folder=folders.here, surroundings=surroundings) as demo:
        eventually(lambda: entries(demo))
        page = boards(demo)
        assert f'<html lang="{language}"' in page
        assert [blog for blog in BLOGS if blog not in page] == []
        yield demo
        family = demo.family()
        os.killpg(demo.process.pid, signal.SIGINT)  # as Ctrl-C does: all of them hear it
        assert demo.process.wait(ENDS_WITHIN_S) == 0
        eventually(lambda: none_alive(family), within_s=1)
    assert demo.err.read_text("utf-8") == ENDED[language]
    left = [path for folder in folders for path in folder.rglob("*")]
    assert sorted(path.name for path in left) == ["0.err", "0.out"]


def test_the_demo_moves_and_leaves_nothing_behind(folders: Folders) -> None:
    began_at = rfc3339(clock.now()) or ""
    with played(folders, "fr", "--port", "0") as demo:
        (database,) = folders.temporary.rglob("veille.db")
        data, home = database.parent, folders.home
        answered = eventually(lambda: beside_the_answers(comments("waiting", data, home)))
        answer(answered)  # the next round of the blog takes it in, as it does what is new
        news = eventually(lambda: published_since(began_at, data, home), within_s=NEWS_WITHIN_S)
        eventually(lambda: news & entries(demo))
        eventually(lambda: answered in comments("answered", data, home), within_s=NEWS_WITHIN_S)


def test_the_demo_speaks_english_too_at_the_port_that_is_set(folders: Folders) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    with played(folders, "en", VEILLE_PORT=str(port)) as demo:
        assert f"Veille is at http://127.0.0.1:{port}/" in demo.out.read_text("utf-8")
