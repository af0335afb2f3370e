"""What the request at hand works with: the context, the moment, the follow list."""

from datetime import datetime
from typing import Any, cast

from flask import current_app, g

from aggregator.services import following
from aggregator.services.context import Context
from aggregator.services.following import Following

_EXTENSION = "veille"


def hold(extensions: dict[str, Any], context: Context) -> None:
    """Keep the context with its application."""
    extensions[_EXTENSION] = context


def context() -> Context:
    """Give the context of this application."""
    return cast("Context", current_app.extensions[_EXTENSION])


def now() -> datetime:
    """Tell the moment of this request: the same for all that one page says."""
    if "now" not in g:
        g.now = context().clock()
    moment: datetime = g.now
    return moment


def follow_list() -> Following:
    """Read the follow list in use, once a request."""
    if "following" not in g:
        g.following = following.current(context())
    current: Following = g.following
    return current
