"""The web server: waitress, on this machine alone until there are passwords."""

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

OWN_ADDRESS: Final = "127.0.0.1"
THREADS: Final = 4


def serve(app: Flask, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is told the address once it answers.

    Raises:
        InvalidInputError: the address is not this machine's own, or its port is taken.
    """
    if settings.host not in {OWN_ADDRESS, "localhost"}:
        raise InvalidInputError(
            N_(
                "Veille answers on 127.0.0.1 only, as it has no password yet: "
                "%(host)s would let anybody in. Leave VEILLE_HOST unset."
            ),
            host=settings.host,
        )
    try:
        door = socket.create_server((OWN_ADDRESS, settings.port))
    except OSError as error:
        raise InvalidInputError(
            N_(
                "Port %(port)s cannot be used (%(why)s): stop what uses it, or choose another "
                "with --port."
            ),
            port=settings.port,
            why=error.strerror or str(error),
        ) from error
    server = create_server(app, sockets=[door], threads=THREADS)
    with _stopped_by_signals():
        try:
            ready(f"http://{OWN_ADDRESS}:{door.getsockname()[1]}/")
            server.run()  # ends by itself on KeyboardInterrupt, once its threads are done
        except KeyboardInterrupt:
            pass
        finally:
            server.close()


@contextmanager
def _stopped_by_signals() -> Generator[None]:
    """Make SIGTERM end the server as SIGINT does; only a main thread may hear signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
