"""The one gate to the network: every address that Veille reads is asked for here.

A loop of its own, in a thread of its own, does all the asking; callers see futures or wait.
"""

import asyncio
import ssl
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from aggregator.clock import Clock, now
from aggregator.errors import FetchError
from aggregator.ingest.answers import REDIRECTS, Fetched, FetchRequest, Redirect
from aggregator.ingest.background import BackgroundLoop
from aggregator.ingest.bytewise import bytewise
from aggregator.ingest.decompress import ACCEPTED, Body
from aggregator.ingest.guard import AddressGuard, Attempt, SocketFactory, reach
from aggregator.ingest.pace import Pace
from aggregator.ingest.redirects import Trail

__all__ = ["FetchRequest", "Fetched", "Fetcher", "Redirect", "user_agent"]

_ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, "
    "application/rdf+xml;q=0.9, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)
_LONGEST_HEADER: Final = 32_768
_KEPT_ALIVE_S: Final = 5


class _OverlongHeaderError(Exception):
    """What aiohttp tells by words alone."""


_FAULTS: Final[tuple[tuple[type[BaseException], str, tuple[str, ...]], ...]] = (
    (TimeoutError, "timeout", ("seconds",)),
    (aiohttp.ClientConnectorDNSError, "dns-failed", ("host",)),
    (ssl.SSLError, "tls-failed", ("host", "detail")),
    (ConnectionRefusedError, "refused", ("host",)),
    (ConnectionError, "disconnected", ("host",)),
    (aiohttp.ClientOSError, "disconnected", ("host",)),
    (aiohttp.ServerDisconnectedError, "disconnected", ("host",)),
    (aiohttp.ClientPayloadError, "disconnected", ("host",)),
    (_OverlongHeaderError, "header-too-large", ()),
    (aiohttp.InvalidURL, "bad-address", ("url",)),
    (UnicodeError, "bad-address", ("url",)),
    (BaseException, "unreachable", ("host", "detail")),
)
"""Which code of `domain.faults` an error means (the first that fits), and what fills it."""


def user_agent(version: str, contact: str) -> str:
    """Say who asks: the one User-Agent of every request."""
    return f"Veille/{version} (+{contact})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    guard: AddressGuard
    user_agent: str
    concurrency: int
    host_delay: float | None
    host_concurrency: int | None
    timeout_s: float
    max_body_bytes: int
    clock: Clock
    resolver: AbstractResolver | None

    def limits(self, host: str) -> tuple[float, int]:
        """Tell the delay and the concurrency for a host; one's own hosts bear more."""
        delay_s, most = (0.0, 8) if self.guard.opens(host) else (1.0, 1)
        return (
            delay_s if self.host_delay is None else self.host_delay,
            self.host_concurrency or most,
        )


class Fetcher:
    """Asks for addresses, from any thread.

    `host_delay` (seconds between two requests to one host) and `host_concurrency` are, where
    None, 1 and 1 for hosts of others and 0 and 8 for hosts that `guard` opens. `timeout_s`
    is for one fetch with all its redirects, without waiting for one's turn. `resolver` is
    for tests.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        *,
        guard: AddressGuard,
        user_agent: str,
        concurrency: int,
        host_delay: float | None,
        host_concurrency: int | None,
        timeout_s: float,
        max_body_bytes: int = 10_000_000,
        clock: Clock = now,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._rules = _Rules(
            guard=guard,
            user_agent=user_agent,
            concurrency=concurrency,
            host_delay=host_delay,
            host_concurrency=host_concurrency,
            timeout_s=timeout_s,
            max_body_bytes=max_body_bytes,
            clock=clock,
            resolver=resolver,
        )
        self.opens: Final = guard.opens
        self._background = BackgroundLoop("veille-fetcher")
        self._network: _Network | None = None

    def submit(self, request: FetchRequest) -> Future[Fetched]:
        """Begin to fetch; the future gives what `fetch` gives, or its error."""
        return self._background.submit(partial(self._answer, request))

    def fetch(self, request: FetchRequest) -> Fetched:
        """Fetch and wait for the answer.

        Raises:
            FetchError: there is no good one; `domain.faults` says its code in words.
        """
        return self.submit(request).result()

    def concurrency_on(self, host: str) -> int:
        """Tell how many requests to a host may run at once."""
        return self._rules.limits(host)[1]

    def close(self) -> None:
        """Break off what runs (its futures are cancelled) and close all connections."""
        self._background.close(self._farewell)

    async def _answer(self, request: FetchRequest) -> Fetched:
        if self._network is None:
            self._network = _Network(self._rules)
        return await self._network.fetch(request)

    async def _farewell(self) -> None:
        if self._network is not None:
            await self._network.close()


class _Network:
    """What belongs to the loop: connections, and whose turn it is."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._pace = Pace(concurrency=rules.concurrency, limits=rules.limits)
        self._session = self._open(rules.guard.open_socket)
        self._public_session = self._open(rules.guard.open_public_socket)

    async def close(self) -> None:
        await self._session.close()
        await self._public_session.close()

    async def fetch(self, request: FetchRequest) -> Fetched:
        trail = Trail.begin(request)
        if (finder := trail.finder) is not None:
            trail.inside = await self._rules.guard.is_inside(finder, self._rules.resolver)
        while True:
            async with self._pace.turn(trail.target.host):
                fetched = await self._hop(trail)
            if fetched is not None:
                return fetched

    async def _hop(self, trail: Trail) -> Fetched | None:
        """Ask the present address; None says that the trail leads on."""
        attempt = reach(trail.target.host)
        with trail.asking(self._rules.clock()):
            try:
                async with asyncio.timeout(self._rules.timeout_s - trail.spent_s):
                    response = await self._ask(trail, attempt)
                    try:
                        return await self._read(response, trail)
                    finally:
                        response.close()
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise self._fault(error, trail, attempt) from error

    def _open(self, sockets: SocketFactory) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=_KEPT_ALIVE_S,
            resolver=self._rules.resolver,
            socket_factory=sockets,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            request_class=_Request,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={
                "User-Agent": self._rules.user_agent,
                "Accept": _ACCEPT,
                "Accept-Encoding": ACCEPTED,
            },
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_LONGEST_HEADER,
            max_field_size=_LONGEST_HEADER,
        )
        # aiohttp would at once ask a second time a server that hung up on a new connection
        session._retry_connection = False  # noqa: SLF001
        return session

    async def _ask(self, trail: Trail, attempt: Attempt) -> aiohttp.ClientResponse:
        session = self._session if trail.inside else self._public_session
        target, headers = trail.target, trail.headers()
        if not self._pace.is_wanted(target.host):
            headers["Connection"] = "close"
        # built from its parts: a parser would drop the "?" of an empty query
        url = URL.build(
            scheme=target.scheme, authority=target.authority, path=target.path, encoded=True
        )
        while True:
            try:
                return await session.get(url, headers=headers, allow_redirects=False)
            except aiohttp.ClientConnectorError:
                raise
            except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
                if attempt.connected:
                    raise
                # a kept connection had been closed meanwhile: nothing was asked yet

    async def _read(self, response: aiohttp.ClientResponse, trail: Trail) -> Fetched | None:
        status, headers = response.status, response.headers
        if status == 200 or (status == 304 and trail.is_conditional):
            body = await self._body(response, trail) if status == 200 else None
            return trail.arrive(status, headers, body)
        if status in REDIRECTS:
            inside = self._rules.guard.opens(trail.target.host)
            trail.follow(status, headers.get("Location"), inside=inside)
            return None
        raise trail.refuse(status, headers)

    async def _body(self, response: aiohttp.ClientResponse, trail: Trail) -> bytes:
        encoding = response.headers.get("Content-Encoding", "")
        body = Body(encoding, max_bytes=trail.request.max_bytes or self._rules.max_body_bytes)
        while data := await response.content.readany():
            trail.received += len(data)
            body.take(data)
        return body.whole()

    def _fault(self, error: Exception, trail: Trail, attempt: Attempt) -> FetchError:
        """Say what happened on the way to an answer or in the middle of it."""
        if attempt.refused and not attempt.connected:
            if trail.inside:
                return FetchError("address-refused", host=attempt.host, address=attempt.refused)
            return FetchError("redirect-refused", url=trail.target.url)
        cause = _cause(error)
        code, names = next(
            (code, names) for kind, code, names in _FAULTS if isinstance(cause, kind)
        )
        places: dict[str, Any] = {
            "host": attempt.host,
            "url": trail.target.url,
            "seconds": max(1, round(self._rules.timeout_s)),
            "detail": _detail(cause),
        }
        params = {name: places[name] for name in names}
        return FetchError(code, bytes_received=trail.received, **params)


def _cause(error: Exception) -> BaseException:
    """Take off the wrapping that would hide what happened."""
    if isinstance(error, aiohttp.ClientResponseError):
        overlong = error.message.startswith(("Got more than", "Too many headers"))
        return _OverlongHeaderError() if overlong else error
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return error
    return error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error


def _detail(cause: BaseException) -> str:
    for name in ("verify_message", "reason", "strerror", "message"):
        if isinstance(detail := getattr(cause, name, None), str) and detail:
            return detail.partition("\n")[0].strip(" :")
    return str(cause) or type(cause).__name__


class _Request(aiohttp.ClientRequest):
    """A request whose header values are sent with one byte a character."""

    async def send(self, conn: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        protocol = conn.protocol
        if protocol is None or all(value.isascii() for value in self.headers.values()):
            return await super().send(conn)
        with bytewise(protocol, self.headers.values()):
            return await super().send(conn)
