"""The web server: waitress, at the address of the settings."""

import errno
import os
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from flask import Flask
from waitress.server import create_server

from aggregator.errors import InvalidInputError
from aggregator.settings import Settings
from aggregator.translations import N_

THREADS: Final = 4
_NOT_HERE: Final = N_(
    "%(host)s is no address of this machine (%(why)s): name another in VEILLE_HOST or with --host."
)
_TAKEN: Final = N_(
    "Port %(port)s cannot be used (%(why)s): stop what uses it, or choose another with --port."
)


def serve(
    app: Flask,
    settings: Settings,
    *,
    ready: Callable[[str], None],
    ending: Callable[[], None] = lambda: None,
) -> str | None:
    """Serve until SIGTERM or SIGINT, and name which; `ready` is told the address that answers.

    `ending` is called as soon as the signal is heard, before requests under way are waited for.

    Raises:
        InvalidInputError: there is no such address here, or its port is taken.
    """
    listening = _listen(settings)
    # What proxies say is left to `proxies`, which is told how many of them to believe; without
    # a password `gate` refuses whoever comes through one.
    server = create_server(
        app, sockets=[listening], threads=THREADS, clear_untrusted_proxy_headers=False
    )
    with _stopped_by_signals(ending) as heard:
        try:
            ready(_address(listening, settings))
            server.run()  # ends by itself on KeyboardInterrupt, once its threads are done
        except KeyboardInterrupt:
            pass
        finally:
            server.close()
    return heard[0] if heard else None


def _listen(settings: Settings) -> socket.socket:
    """Listen on the address of the settings; `::` takes IPv4 too where the system can."""
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    try:
        found = socket.getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InvalidInputError(
            _NOT_HERE,
            host=settings.host,
            why=getattr(error, "strerror", None) or str(error),
        ) from error
    family, _kind, _protocol, _name, place = found[0]
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server(place, family=family, dualstack_ipv6=both)
    except OSError as error:
        message = _NOT_HERE if error.errno == errno.EADDRNOTAVAIL else _TAKEN
        why = os.strerror(error.errno) if error.errno else str(error)
        raise InvalidInputError(message, host=host, port=settings.port, why=why) from error


def _address(listening: socket.socket, settings: Settings) -> str:
    """Write the address that a browser on this machine opens."""
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound here
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}{settings.prefix}/"


@contextmanager
def _stopped_by_signals(ending: Callable[[], None]) -> Generator[list[str]]:
    """Make SIGTERM end the server as SIGINT does; only a main thread may hear signals.

    The names of those that are heard are put into the list that is given.
    """
    heard: list[str] = []
    if threading.current_thread() is not threading.main_thread():
        yield heard
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        heard.append(signal.Signals(number).name)
        ending()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
