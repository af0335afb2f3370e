"""A line in the log for each request, for whoever asks for so much (`VEILLE_LOG_LEVEL=debug`)."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from aggregator.clock import seconds

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)


def tell(app: Flask) -> None:
    """Log what is asked and answered; no query, for what one looks for is nobody's business."""
    answer = app.wsgi_app

    def timed(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started_s, status = seconds(), ["?"]

        def start(line: str, *rest: Any) -> Callable[[bytes], object]:
            status[0] = line.partition(" ")[0]
            return start_response(line, *rest)

        try:
            return answer(environ, start)
        finally:
            log.debug(
                "request method=%s path=%s status=%s took_ms=%d",
                environ["REQUEST_METHOD"],
                environ.get("PATH_INFO", ""),
                status[0],
                1000 * (seconds() - started_s),
            )

    app.wsgi_app = timed  # type: ignore[method-assign]
