"""How many requests run at once, and how far apart those to one host are."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from aggregator.ingest.fetch import FetchRequest
from aggregator.ingest.pace import Pace
from tests.fetching import FEED, Fetchers
from tests.scripted_server import Answer, ScriptedServer


class JumpingSelector(selectors.DefaultSelector):
    """Counts the time a loop wants to wait instead of waiting."""

    jumped_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0 if timeout else timeout)
        if timeout and not events:
            self.jumped_s += timeout
        return events


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to whatever comes next."""

    def __init__(self) -> None:
        self._jumps = JumpingSelector()
        super().__init__(self._jumps)

    def time(self) -> float:
        return super().time() + self._jumps.jumped_s


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run in a thread of its own: the browser of other tests keeps a loop in the main one."""

    def begin() -> None:
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            runner.run(work())

    with ThreadPoolExecutor(1) as thread:
        thread.submit(begin).result()


def test_requests_to_one_host_are_one_at_a_time_and_apart_from_end_to_beginning() -> None:
    async def work() -> None:
        pace = Pace(concurrency=9, limits=lambda _: (1.0, 1))
        clock = asyncio.get_running_loop().time
        spans: list[tuple[float, float]] = []

        async def ask() -> None:
            async with pace.turn("cwm.example"):
                began = clock()
                await asyncio.sleep(0.5)
                spans.append((began, clock()))

        await asyncio.gather(*(ask() for _ in range(4)))
        for (_, ended), (began, _) in pairwise(spans):
            assert 1.0 <= began - ended < 1.1

    run(work)


def test_a_host_that_was_asked_a_moment_ago_is_remembered() -> None:
    async def work() -> None:
        pace = Pace(concurrency=9, limits=lambda _: (1.0, 1))
        clock = asyncio.get_running_loop().time
        async with pace.turn("cwm.example"):
            ended = clock()
        async with pace.turn("magalie.example"):
            assert clock() - ended < 0.5
        async with pace.turn("cwm.example"):
            assert clock() - ended >= 1.0

    run(work)


def test_hosts_do_not_wait_for_one_another_but_all_share_the_slots() -> None:
    async def work() -> None:
        pace = Pace(concurrency=3, limits=lambda _: (1.0, 1))
        running, most = 0, 0

        async def ask(host: str) -> None:
            nonlocal running, most
            async with pace.turn(host):
                running += 1
                most = max(most, running)
                await asyncio.sleep(1)
                running -= 1

        await asyncio.gather(*(ask(f"{n}.example") for n in range(10)))
        assert most == 3

    run(work)


def test_a_wait_that_is_broken_off_lets_the_next_in() -> None:
    async def work() -> None:
        pace = Pace(concurrency=9, limits=lambda _: (0.0, 1))
        order: list[int] = []

        async def ask(n: int) -> None:
            async with pace.turn("cwm.example"):
                order.append(n)
                await asyncio.sleep(1)

        tasks = [asyncio.ensure_future(ask(n)) for n in range(4)]
        await asyncio.sleep(0.1)
        tasks[0].cancel()
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == [0, 2, 3]

    run(work)


def test_a_turn_that_is_broken_off_as_it_comes_is_passed_on() -> None:
    async def work() -> None:
        pace = Pace(concurrency=1, limits=lambda _: (0.0, 1))

        async def ask() -> None:
            async with pace.turn("cwm.example"):
                await asyncio.sleep(1)

        first, second = asyncio.ensure_future(ask()), asyncio.ensure_future(ask())
        await asyncio.sleep(0)
        first.add_done_callback(lambda _: second.cancel())
        await asyncio.wait([first, second])
        async with asyncio.timeout(5), pace.turn("cwm.example"):
            assert second.cancelled()

    run(work)


def test_hosts_that_are_idle_are_forgotten() -> None:
    async def work() -> None:
        pace = Pace(concurrency=9, limits=lambda _: (1.0, 1))
        for n in range(3):
            async with pace.turn(f"{n}.example"):
                pass
        await asyncio.sleep(2)
        assert not pace._hosts

    run(work)


def test_a_host_of_others_is_asked_once_at_a_time_and_ones_own_eight_times(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(body=FEED, delay_s=0.01))
    for fetcher, most in (
        (make_fetcher(), 8),
        (make_fetcher(host_concurrency=1), 1),
        (make_fetcher(concurrency=2), 2),
    ):
        scripted_server.most_at_once = 0
        futures = [fetcher.submit(FetchRequest(url=url)) for _ in range(20)]
        assert {future.result(timeout=10).status for future in futures} == {200}
        assert scripted_server.most_at_once == most


def test_the_delay_counts_for_redirects_and_not_for_the_deadline(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    scripted_server.answer("/old", Answer(status=302, headers=(("Location", "/feed"),)))
    scripted_server.answer("/feed", Answer(body=FEED))
    fetcher = make_fetcher(host_delay=0.3, timeout_s=0.25)
    assert fetcher.fetch(FetchRequest(url=scripted_server.url("/old"))).took_ms < 250
    first, second = scripted_server.asked
    assert second.at_s - first.at_s >= 0.3
