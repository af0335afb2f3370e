"""Ten thousand polls: the poller and its parsers take no more memory after than before."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.doomed import ROUNDS, Order, driving
from tests.processes import variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import feed, item

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SOURCES: Final = 200
CHANGES_EVERY: Final = 5
"""Polls of a source; the others find it as it was."""

ITEMS: Final = 10
MOST_GROWTH_BYTES: Final = 20 * 1024 * 1024
MEGABYTE: Final = 1024 * 1024
TEXT: Final = "Un texte, ni court ni long, qui change un peu chaque fois. " * 10
Figure = Callable[[str, object], None]


class Mixed:
    """Feeds that have something new now and then; else some say so, and some tell all again."""

    def __init__(self, web: ScriptedServer) -> None:
        self._asked: Counter[str] = Counter()
        self.urls = [web.answer(f"/{number}", self._answer) for number in range(SOURCES)]

    def _answer(self, asked: Asked) -> Answer:
        number = int(asked.path[1:])
        self._asked[asked.path] += 1
        edition = (self._asked[asked.path] + number) // CHANGES_EVERY
        etag = f'"{edition}"'
        if number % 2 and asked.header("If-None-Match") == etag:
            return Answer(status=304, headers=(("ETag", etag),))
        first = edition * 2
        items = (item(number, text=TEXT) for number in range(first, first + ITEMS))
        return feed(*items, headers=(("ETag", etag),) if number % 2 else ())


def test_ten_thousand_polls_take_no_more_memory(
    tmp_path: Path, scripted_server: ScriptedServer, figure: Figure
) -> None:
    urls = Mixed(scripted_server).urls
    sources = "".join(f"  - url: {url}\n    every: 1s\n" for url in urls)
    (tmp_path / "feeds.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    with driving(variables(tmp_path), tmp_path / "many.err") as driver:
        done = driver.does(Order(work="many"))
        assert (done.code, driver.left()) == (0, 0)
    assert (tmp_path / "many.err").read_text("utf-8") == ""
    assert done.told["polled"] == SOURCES * ROUNDS
    grown = done.told["after"] - done.told["before"]
    figure("polls", done.told["polled"])
    figure("seconds for them and a warm-up of 2,000", round(done.took_s, 1))
    figure("megabytes before", round(done.told["before"] / MEGABYTE, 1))
    figure("megabytes grown", round(grown / MEGABYTE, 1))
    assert grown < MOST_GROWTH_BYTES
