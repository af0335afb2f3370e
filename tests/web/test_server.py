import contextlib
import socket
import threading
import urllib.request

import pytest
from flask import Flask

from aggregator.errors import InvalidInputError
from aggregator.services.context import Context
from aggregator.web import server

EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is refused


@pytest.mark.parametrize("host", [EVERYWHERE, "192.168.1.10", "::", "veille.example"])
def test_any_address_but_our_own_is_refused_with_a_sentence(
    app: Flask, context: Context, host: str
) -> None:
    settings = context.settings.model_copy(update={"host": host})
    with pytest.raises(InvalidInputError, match=r"127\.0\.0\.1 only"):
        server.serve(app, settings, ready=pytest.fail)


def test_a_port_in_use_is_said(app: Flask, context: Context) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        settings = context.settings.model_copy(update={"port": port})
        with pytest.raises(InvalidInputError, match=f"Port {port} cannot be used"):
            server.serve(app, settings, ready=pytest.fail)


def test_it_answers_once_it_says_so(app: Flask, context: Context) -> None:
    settings = context.settings.model_copy(update={"port": 0})
    told: list[str] = []
    ready = threading.Event()

    def tell(address: str) -> None:
        told.append(address)
        ready.set()

    serving = threading.Thread(
        target=server.serve, args=(app, settings), kwargs={"ready": tell}, daemon=True
    )
    serving.start()
    assert ready.wait(10)
    with urllib.request.urlopen(told[0]) as answer:  # noqa: S310 - our own address
        assert b"Le blog de CWM" in answer.read()
