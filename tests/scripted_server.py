"""A feed server on 127.0.0.1 that does as a test says, well or badly, and logs all it is asked."""

import asyncio
import itertools
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
TLS_HANDSHAKE = b"\x16"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request; headers in their order, with one character a byte."""

    method: str
    path: str
    headers: Headers
    at_s: float

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What to answer. Content-Length is added unless `cut_after` or `endless` forbid it.

    `drip_s` waits before each byte of the body; `endless` repeats the body for ever;
    `cut_after` announces the whole body and hangs up after so many bytes; `hang_up` answers
    nothing at all; `held` waits for the end of the test; `raw` replaces the whole answer.
    """

    status: int = 200
    headers: Headers = ()
    body: bytes = b""
    delay_s: float = 0.0
    drip_s: float = 0.0
    endless: bool = False
    cut_after: int | None = None
    hang_up: bool = False
    held: bool = False
    raw: bytes | None = None

    def head(self) -> bytes:
        headers = self.headers
        if not self.endless and not any(name.lower() == "content-length" for name, _ in headers):
            headers = (*headers, ("Content-Length", str(len(self.body))))
        lines = [
            f"HTTP/1.1 {self.status} Scripted",
            *(f"{name}: {text}" for name, text in headers),
        ]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


Script = Answer | Callable[[Asked], Answer]


class ScriptedServer:
    """Answers each path with the scripts given for it in turn, then with the last again."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.most_at_once = 0
        self.address = ""
        self._at_once = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._scripts: dict[str, Iterator[Script]] = {}
        self._loop = asyncio.new_event_loop()

    def answer(self, path: str, *scripts: Script) -> str:
        """Script a path and give its address."""
        self._scripts[path] = itertools.chain(scripts, itertools.repeat(scripts[-1]))
        return self.url(path)

    def url(self, path: str = "/") -> str:
        return f"http://{self.address}{path}"

    @property
    def paths(self) -> Sequence[str]:
        """The paths asked for, in order."""
        return [asked.path for asked in self.asked]

    @contextmanager
    def running(self, host: str = "127.0.0.1") -> Iterator["ScriptedServer"]:
        thread = threading.Thread(target=self._loop.run_forever)
        thread.start()
        server = self._on_loop(asyncio.start_server(self._serve, host, 0))
        self.address = "{}:{}".format(*server.sockets[0].getsockname())
        try:
            yield self
        finally:
            self._on_loop(self._end(server))
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _end(self, server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)  # lets the transports say goodbye

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        start = await reader.readexactly(1)
        if start == TLS_HANDSHAKE:
            writer.write(Answer(status=400).head())
            return False
        head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = tuple((name, text) for name, _, text in (line.partition(": ") for line in lines))
        asked = Asked(method=method, path=path, headers=headers, at_s=self._loop.time())
        self.asked.append(asked)
        script = next(self._scripts[path]) if path in self._scripts else Answer(status=404)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            kept = await _give(script if isinstance(script, Answer) else script(asked), writer)
        finally:
            self._at_once -= 1
        return kept and asked.header("Connection") != "close"


async def _give(answer: Answer, writer: asyncio.StreamWriter) -> bool:
    """Write the answer; tell whether the connection may be kept."""
    await asyncio.sleep(answer.delay_s)
    if answer.held:
        await asyncio.Event().wait()
    if answer.hang_up:
        return False
    writer.write(answer.raw if answer.raw is not None else answer.head())
    while answer.endless:
        writer.write(answer.body)
        await writer.drain()
        await asyncio.sleep(answer.drip_s)
    if answer.drip_s:
        for byte in answer.body:
            await asyncio.sleep(answer.drip_s)
            writer.write(bytes([byte]))
    elif answer.raw is None:
        writer.write(answer.body[: answer.cut_after])
    await writer.drain()
    return answer.cut_after is None and answer.raw is None
