"""A fast server of generated feeds on 127.0.0.1, in a process of its own.

`python -m benchmarks.feed_server HOSTS` prints its port and serves `/feed/<number>` until it is
ended, on so many addresses from 127.0.0.1 on, each a host of its own. `/edition/<number>` makes
all feeds go on to that edition; `/validators/off` and `/validators/on` say whether answers have
an ETag and a Last-Modified; `/delay/<milliseconds>` lets feeds wait so long.
"""

import asyncio
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from benchmarks.feeds import feed

_MODIFIED: Final = "Mon, 05 Jan 2026 08:00:00 GMT"


class _State:
    edition = 0
    has_validators = True
    delay_s = 0.0


@lru_cache(4_000)
def _whole(source: int, edition: int, *, has_validators: bool) -> bytes:
    body = feed(source, edition)
    kind = "application/atom+xml" if source % 2 else "application/rss+xml"
    marks = f'ETag: "{source}-{edition}"\r\nLast-Modified: {_MODIFIED}\r\n'
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\n"
        f"{marks if has_validators else ''}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received and self._transport is not None:
            request, _, self._received = self._received.partition(b"\r\n\r\n")
            delay_s = _State.delay_s if request.startswith(b"GET /feed/") else 0.0
            if delay_s:
                asyncio.get_running_loop().call_later(delay_s, self._reply, request)
            else:
                self._reply(request)

    def _reply(self, request: bytes) -> None:
        if self._transport is not None:
            self._transport.write(_answer(request))
            if b"\r\nConnection: close" in request:
                self._transport.close()


def _answer(request: bytes) -> bytes:
    _, what, value = request.split(b" ", 2)[1].decode().split("/", 2)
    if what == "edition":
        _State.edition = int(value)
    elif what == "delay":
        _State.delay_s = int(value) / 1000
    elif what == "validators":
        _State.has_validators = value == "on"
    elif what == "feed":
        etag = f'"{value}-{_State.edition}"'
        if _State.has_validators and f"If-None-Match: {etag}\r\n".encode() in request + b"\r\n":
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        return _whole(int(value), _State.edition, has_validators=_State.has_validators)
    return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class FeedServer:
    """A running server, seen from the process that measures."""

    def __init__(self, port: int, hosts: int = 1) -> None:
        self.port = port
        self._hosts = hosts

    def url(self, source: int) -> str:
        """Give the address of a feed."""
        return f"http://{_host(source % self._hosts)}:{self.port}/feed/{source}"

    def tell(self, path: str) -> None:
        """Say how to answer from now on, for example `edition/1`; or warm a feed up."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}") as answer:
            answer.read()


def _host(number: int) -> str:
    """Give one of the addresses of this machine; macOS knows the first only."""
    return f"127.0.{number // 250}.{number % 250 + 1}"


@contextmanager
def running(hosts: int = 1) -> Iterator[FeedServer]:
    """Run the server as a process, for as long as the block lasts."""
    command = [sys.executable, "-m", "benchmarks.feed_server", str(hosts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield FeedServer(int(process.stdout.readline()), hosts)
        finally:
            process.terminate()


async def _serve(hosts: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, _host(0), 0)
    port = server.sockets[0].getsockname()[1]
    others = [await loop.create_server(_Connection, _host(n), port) for n in range(1, hosts)]
    print(port, flush=True)
    await asyncio.gather(*(one.serve_forever() for one in (server, *others)))


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
