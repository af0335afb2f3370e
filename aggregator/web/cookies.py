"""How cookies are set: for this site and path alone, never read by a script, secure on https."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response


def put(answer: Response, name: str, value: str, *, max_age_s: int) -> None:
    """Have the browser keep a value."""
    answer.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path=path(),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def drop(answer: Response, name: str) -> None:
    """Have the browser forget a value."""
    answer.delete_cookie(
        name, path=path(), httponly=True, samesite="Lax", secure=request.is_secure
    )


def path() -> str:
    """Tell the path that our cookies are sent to: others may live beside us on one host."""
    return request.script_root or "/"


class ToastSession(SecureCookieSessionInterface):
    """Flask's session, which holds nothing but the toast left behind by an act."""

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002 - Flask's own name
        """Tell the path."""
        return path()

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """Tell whether the cookie goes over https alone."""
        return request.is_secure
