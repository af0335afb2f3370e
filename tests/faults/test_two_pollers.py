"""Two pollers on one database: each source is asked once, and one takes over from the other."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.fleeting import assert_sound, follow, serving, stored
from tests.processes import eventually, none_alive, variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import feed, item

pytestmark = pytest.mark.slow

SOURCES: Final = 40
ANSWERED: Final = 5
INTERVAL_S: Final = 15
HOSTS: Final = ("127.0.0.1", "localhost")
Figure = Callable[[str, object], None]
FIRST, SECOND = "https://cwm.example/first", "https://cwm.example/second"


class Web:
    """Sources on two hosts; the first poller is answered a few times, and then no more."""

    def __init__(self, server: ScriptedServer) -> None:
        self.server = server
        self.answered: Counter[str] = Counter()
        port = server.address.rpartition(":")[2]
        for number in range(SOURCES):
            server.answer(f"/{number}", self._answer)
        self.urls = [f"http://{HOSTS[n % 2]}:{port}/{n}" for n in range(SOURCES)]

    def _answer(self, asked: Asked) -> Answer:
        if FIRST in (asked.header("User-Agent") or ""):
            if sum(self.answered.values()) >= ANSWERED:
                return Answer(held=True)
            self.answered[asked.path] += 1
        return feed(item(int(asked.path[1:])))

    def asked_by(self, contact: str) -> Counter[str]:
        return Counter(
            asked.path
            for asked in self.server.asked
            if contact in (asked.header("User-Agent") or "")
        )

    def waits(self) -> list[float]:
        """List the seconds between the requests for each address."""
        at: dict[str, list[float]] = defaultdict(list)
        for asked in self.server.asked:
            at[asked.path].append(asked.at_s)
        return [later - earlier for moments in at.values() for earlier, later in pairwise(moments)]


def test_a_poller_takes_over_an_interval_later_what_another_held_that_was_killed(
    tmp_path: Path, scripted_server: ScriptedServer, figure: Figure
) -> None:
    web = Web(scripted_server)
    path = tmp_path / "veille.db"
    follow(tmp_path, *web.urls, every=f"{INTERVAL_S}s")
    private = {"VEILLE_ALLOW_PRIVATE": "127.0.0.1,localhost"}
    surroundings = {
        contact: variables(tmp_path, VEILLE_CONTACT=contact, **private)
        for contact in (FIRST, SECOND)
    }
    with serving(tmp_path, surroundings[FIRST]) as first:
        eventually(lambda: len(web.asked_by(FIRST)) > ANSWERED)
        eventually(lambda: len(stored(path)) == ANSWERED)
        with serving(tmp_path, surroundings[SECOND]) as second:
            assert second.address
            assert second.poller.is_running()
            assert not set(web.asked_by(FIRST)) & set(web.asked_by(SECOND))
            family = first.family()
            for process in family:
                process.kill()
            killed_s = time.monotonic()
            eventually(lambda: none_alive(family))
            eventually(lambda: stored(path) == list(range(SOURCES)), within_s=3 * INTERVAL_S)
            left = {f"/{number}" for number in range(SOURCES)} - set(web.answered)
            assert left <= set(web.asked_by(SECOND))
            assert min(web.waits()) >= INTERVAL_S - 1  # a claim is a little older than its request
            figure("seconds until all was taken over", round(time.monotonic() - killed_s, 1))
            assert "Traceback" not in second.err.read_text("utf-8")
    assert_sound(path)
