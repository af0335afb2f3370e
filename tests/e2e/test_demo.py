"""`veille demo`: a dashboard that lives, and leaves nothing behind."""

import json
import os
import re
import signal
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from aggregator import clock
from aggregator.cli.running import rfc3339
from tests.processes import Started, eventually, none_alive, run, started, variables

pytestmark = pytest.mark.slow

ENTRY = re.compile(r'href="[^"]*/entries/(\d+)')
PAGE = re.compile(r'href="/(pages/[^"#?]+)"')
BLOGS = ("Le blog de CWM", "El annuaire", "Magalie", "Erick", "Philippe B", "Harbour Notes")
NEWS_WITHIN_S = 45
"""Something is published every 20 seconds, and each blog is asked every 20."""

ENDS_WITHIN_S = 10
ENDED = {"en": "Ended by SIGINT.\n", "fr": "Arrêté par SIGINT.\n"}


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


def answer(comment: str) -> None:
    """Answer a comment of CWM's blog where it stands."""
    page, _, number = comment.partition("#comment-")
    site = page.partition("/cwm/")[0] + "/cwm/"
    said = {"author": "CWM", "url": site, "text": "Merci !", "parent": number}
    with urllib.request.urlopen(page, urlencode(said).encode(), timeout=5) as got:  # noqa: S310 - ours
        assert "Merci" in got.read().decode()


@pytest.mark.parametrize(("system", "language"), [("fr_FR.UTF-8", "fr"), ("en_GB.UTF-8", "en")])
def test_the_demo_moves_and_leaves_nothing_behind(
    tmp_path: Path, system: str, language: str
) -> None:
    here, home, temporary = (tmp_path / name for name in ("here", "home", "temporary"))
    for folder in (here, home, temporary):
        folder.mkdir()
    surroundings = {
        name: value for name, value in variables(home).items() if not name.startswith("VEILLE_")
    } | {"LANG": system, "TMPDIR": str(temporary)}
    began_at = rfc3339(clock.now()) or ""
    with started("demo", "--port", "0", folder=here, surroundings=surroundings) as demo:
        eventually(lambda: entries(demo))
        page = boards(demo)
        assert f'<html lang="{language}"' in page
        assert [blog for blog in BLOGS if blog not in page] == []
        (database,) = temporary.rglob("veille.db")
        news = eventually(
            lambda: published_since(began_at, database.parent, home), within_s=NEWS_WITHIN_S
        )
        eventually(lambda: news & entries(demo))
        waiting = comments("waiting", database.parent, home)
        answered = next(one for one in waiting if "/cwm/article-repondre" in one)
        answer(answered)
        eventually(
            lambda: answered in comments("answered", database.parent, home),
            within_s=NEWS_WITHIN_S,
        )
        family = demo.family()
        os.killpg(demo.process.pid, signal.SIGINT)  # as Ctrl-C does: all of them hear it
        assert demo.process.wait(ENDS_WITHIN_S) == 0
        eventually(lambda: none_alive(family), within_s=1)
    assert demo.err.read_text("utf-8") == ENDED[language]
    left = [path for folder in (here, home, temporary) for path in folder.rglob("*")]
    assert sorted(path.name for path in left) == ["0.err", "0.out"]
