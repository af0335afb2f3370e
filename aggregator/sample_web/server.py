"""The server of the sample web, on 127.0.0.1 and nowhere else."""

import dataclasses
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qsl

from aggregator import clock
from aggregator.sample_web.delivery import deliver
from aggregator.sample_web.prepared import PLACE, TEXTS
from aggregator.sample_web.visitors import MAX_FORM_BYTES
from aggregator.sample_web.web import Answer, SampleWeb
from aggregator.translations import Language

_HOST: Final = "127.0.0.1"


class RunningSampleWeb(ThreadingHTTPServer):
    """The sample web while it is served."""

    daemon_threads = True
    block_on_close = False  # somebody may be waiting for the slow site
    request_queue_size = 128

    def __init__(self, web: SampleWeb, port: int) -> None:
        super().__init__((_HOST, port), _Handler)
        self.web = web

    @property
    def address(self) -> str:
        """Where it stands, without a slash at the end."""
        return f"http://{_HOST}:{self.server_port}"

    def feeds_yaml(self, language: Language) -> str:
        """Write the feeds.yaml of somebody who follows this web."""
        text = (TEXTS / f"feeds.{language}.yaml").read_text(encoding="utf-8")
        return text.replace(PLACE, self.address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet about an asker who went away; tell of anything else."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def publish(self, now: datetime) -> None:
        """Publish all that is due by `now`, and stay at that moment."""
        self.web = dataclasses.replace(self.web, now=lambda: now)


class _Handler(BaseHTTPRequestHandler):
    server: RunningSampleWeb
    timeout = 30

    def do_GET(self) -> None:
        self._send(self.server.web.answer(self.path))

    def do_POST(self) -> None:
        """Take in a comment, from a page of this web alone."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MAX_FORM_BYTES:
            self.close_connection = True
            return self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(int(length))
        if self.headers.get("Origin") not in {None, self.server.address}:
            return self.send_error(HTTPStatus.FORBIDDEN)
        try:
            said = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=20))
        except ValueError:  # more fields than any form here has
            return self.send_error(HTTPStatus.BAD_REQUEST)
        return self._send(self.server.web.receive(self.path, said))

    def _send(self, answer: Answer) -> None:
        if answer.delay_s:
            clock.sleep(answer.delay_s)
        sent = deliver(answer, address=self.server.address, asked=self.headers)
        self.send_response(sent.status)
        for name, value in sent.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent.body)

    def log_message(self, *_: object) -> None:
        """Stay quiet: the dashboard has the terminal."""


@contextmanager
def serve(web: SampleWeb, *, port: int = 0) -> Iterator[RunningSampleWeb]:
    """Serve `web` from a thread until the block ends; port 0 lets the system choose."""
    with RunningSampleWeb(web, port) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()
