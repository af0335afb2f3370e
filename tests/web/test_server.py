import contextlib
import re
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import replace

import pytest
from flask import Flask

from aggregator.errors import InvalidInputError
from aggregator.services import door
from aggregator.services.context import Context
from aggregator.web import server
from aggregator.web.app import create_app


@pytest.mark.parametrize("host", ["192.0.2.1", "veille.invalid", "a..b"])
def test_an_address_of_another_machine_is_refused_with_a_sentence(
    app: Flask, context: Context, host: str
) -> None:
    settings = context.settings.model_copy(update={"host": host, "port": 0})
    with pytest.raises(InvalidInputError, match=f"{re.escape(host)} is no address"):
        server.serve(app, settings, ready=pytest.fail)


def test_a_port_in_use_is_said(app: Flask, context: Context) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        settings = context.settings.model_copy(update={"port": port})
        with pytest.raises(InvalidInputError, match=f"Port {port} cannot be used"):
            server.serve(app, settings, ready=pytest.fail)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", r"http://127\.0\.0\.1:\d+/"),
        ("localhost", r"http://127\.0\.0\.1:\d+/"),
        ("127.0.0.2", r"http://127\.0\.0\.2:\d+/"),
        ("::1", r"http://\[::1\]:\d+/"),
    ],
)
def test_it_answers_once_it_says_so(context: Context, host: str, address: str) -> None:
    settings = context.settings.model_copy(update={"host": host, "port": 0})
    door.set_password(context, "trois mots simples")
    app = create_app(replace(context, settings=settings))
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
    assert re.fullmatch(address, told[0])
    asked = urllib.request.Request(told[0], headers={"Accept": "text/html"})  # noqa: S310
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - our own address
        assert b'type="password"' in answer.read()


def test_what_a_visitor_says_of_proxies_reaches_the_gate(context: Context) -> None:
    settings = context.settings.model_copy(update={"port": 0})
    told: list[str] = []
    ready = threading.Event()

    def tell(address: str) -> None:
        told.append(address)
        ready.set()

    serving = threading.Thread(
        target=server.serve,
        args=(create_app(context), settings),
        kwargs={"ready": tell},
        daemon=True,
    )
    serving.start()
    assert ready.wait(10)
    with urllib.request.urlopen(told[0]) as answer:  # noqa: S310 - our own address
        assert b"Le blog de CWM" in answer.read()
    forwarded = {"X-Forwarded-For": "198.51.100.1"}
    asked = urllib.request.Request(told[0], headers=forwarded)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked)  # noqa: S310 - our own address
