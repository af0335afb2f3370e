"""How many requests run at once, over all hosts and to one, and how far apart they are."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    """Who runs and who waits at one host; nobody may start before `free_at` (loop time)."""

    running: int = 0
    free_at: float = 0.0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None

    def may_start(self, now: float, most: int) -> bool:
        """Tell whether one who comes now need not wait."""
        return not self.waiting and self.running < most and now >= self.free_at

    def start(self, now: float, delay_s: float) -> None:
        """Count one more that runs."""
        self.running += 1
        self.free_at = now + delay_s


class Pace:
    """Lets requests go one after the other; it belongs to one event loop.

    `limits` tells, for a host, the seconds between two requests (counted from the beginning
    and from the end of the one before) and how many may run at once.
    """

    def __init__(self, *, concurrency: int, limits: Callable[[str], tuple[float, int]]) -> None:
        self._limits = limits
        self._hosts: dict[str, _Host] = {}
        self._slots = asyncio.Semaphore(concurrency)
        self._loop = asyncio.get_running_loop()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a request to `host` may start, and count it until it is over."""
        await self._enter(host)
        try:
            async with self._slots:
                yield
        finally:
            self._leave(host)

    def is_wanted(self, host: str) -> bool:
        """Tell whether others wait for this host."""
        state = self._hosts.get(host)
        return state is not None and bool(state.waiting)

    async def _enter(self, host: str) -> None:
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = _Host()
        delay_s, most = self._limits(host)
        now = self._loop.time()
        if state.may_start(now, most):  # as mostly: nobody waits
            state.start(now, delay_s)
            return
        turn: asyncio.Future[None] = self._loop.create_future()
        state.waiting.append(turn)
        self._admit(host)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # its turn had come already
                self._leave(host)
            raise

    def _leave(self, host: str) -> None:
        state = self._hosts[host]
        delay_s, _ = self._limits(host)
        state.running -= 1
        state.free_at = self._loop.time() + delay_s
        self._admit(host)

    def _admit(self, host: str) -> None:
        """Let in whoever may start now; come back when the next one may; forget idle hosts."""
        state = self._hosts.get(host)
        if state is None:
            return
        delay_s, most = self._limits(host)
        now = self._loop.time()
        while state.waiting and state.running < most and now >= state.free_at:
            turn = state.waiting.popleft()
            if not turn.done():  # else its task was cancelled
                state.start(now, delay_s)
                turn.set_result(None)
        if state.running >= most or (state.running and not state.waiting):
            return
        if now < state.free_at:
            self._come_back(host, state)
        elif not state.running:
            del self._hosts[host]

    def _come_back(self, host: str, state: _Host) -> None:
        def again() -> None:
            state.timer = None
            self._admit(host)

        if state.timer is None:
            state.timer = self._loop.call_at(state.free_at, again)
