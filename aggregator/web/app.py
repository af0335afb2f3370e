"""The web application: its parts put together around one context."""

import secrets
from typing import Any

from flask import Flask

from aggregator.resources import bundled, packaged
from aggregator.services.context import Context
from aggregator.web import (
    articles,
    boxes,
    choices,
    compression,
    current,
    entries,
    failures,
    frame,
    lists,
    live,
    marks,
    numbers,
    pages,
    preferences,
    search,
    security,
    shares,
    sources,
    static_files,
    wording,
)


def create_app(context: Context) -> Flask:
    """Build the dashboard; nothing is read or written before the first request.

    The key that signs toasts across a redirect is drawn at each start: nothing that lasts
    is signed with it.
    """
    app = Flask(__name__, template_folder=str(bundled("templates")), static_folder=None)
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME="toast",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=64 * 1024,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["int"] = numbers.Id
    current.hold(app.extensions, context)
    compression.compress(app)
    security.guard(app, context.settings)
    wording.speak(app)
    choices.offer(app)
    marks.paint(app)
    boxes.furnish(app)
    articles.show(app)
    static_files.serve(app, packaged("web/static"))
    failures.explain(app)
    frame.stand_around(app)
    live.keep_fresh(
        app,
        tabs=frame.tabs_again,
        health=frame.health_again,
        banner=frame.banner_again,
        head=pages.head_again,
        box=sources.boxes_again,
        listed=sources.list_again,
        actions=entries.actions_again,
    )
    screens: tuple[Any, ...] = (pages, entries, sources, search, lists, preferences, shares)
    for screen in screens:
        app.register_blueprint(screen.screens)
    return app
