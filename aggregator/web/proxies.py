"""Where a request came from and was sent to, behind reverse proxies and under a path."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from aggregator.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PREFIX: Final = re.compile(r"(/[\w.~-]+)+", re.ASCII)
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def stand_behind(app: Flask, settings: Settings) -> None:
    """Have requests say what the person asked for, whatever stands between."""
    inside = app.wsgi_app
    if settings.public_url:
        inside = _PublicAddress(inside, settings.public_url)
    if count := settings.trusted_proxies:
        inside = ProxyFix(
            _PlainPrefix(inside), x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
    app.wsgi_app = inside  # type: ignore[method-assign]


class _PlainPrefix:
    """Drop a forwarded prefix that is no plain path: `//evil` would lead every link away.

    Few proxies set the header, and those that do not pass on what a visitor wrote.
    """

    def __init__(self, inside: "WSGIApplication") -> None:
        self._inside = inside

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        prefix = environ.get("SCRIPT_NAME", "").rstrip("/")
        environ["SCRIPT_NAME"] = prefix if _PREFIX.fullmatch(prefix) else ""
        return self._inside(environ, start_response)


class _PublicAddress:
    """Put every link under the path of the public address, and know that it is https.

    A proxy may take the path away before it passes a request on, or not: both are the same
    page, and its links go through the proxy again.
    """

    def __init__(self, inside: "WSGIApplication", public_url: str) -> None:
        self._inside = inside
        parts = urlsplit(public_url)
        self._scheme = parts.scheme
        self._host = parts.netloc.removesuffix(_DEFAULT_PORTS[parts.scheme])
        self._prefix = parts.path

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").lower().removesuffix(_DEFAULT_PORTS[self._scheme])
        if host == self._host:
            environ["wsgi.url_scheme"] = self._scheme
        if self._prefix:
            environ["SCRIPT_NAME"] = self._prefix
            path = environ.get("PATH_INFO", "")
            if path == self._prefix or path.startswith(f"{self._prefix}/"):
                environ["PATH_INFO"] = path.removeprefix(self._prefix) or "/"
        return self._inside(environ, start_response)
