"""The web application: its parts put together around one context."""

import secrets
from typing import Any, Final

from flask import Flask

from aggregator.resources import bundled, packaged
from aggregator.services.context import Context
from aggregator.web import (
    articles,
    boxes,
    choices,
    compression,
    cookies,
    current,
    entries,
    failures,
    following,
    frame,
    fresh_boards,
    fresh_lists,
    keys,
    lists,
    live,
    marks,
    numbers,
    pages,
    palette,
    preferences,
    proxies,
    pwa,
    reader,
    search,
    security,
    settings,
    shares,
    static_files,
    wording,
)
from aggregator.web.conversations import acts, figures, fresh_inbox, inbox, threads, widgets
from aggregator.web.door import gate
from aggregator.web.door import pages as door
from aggregator.web.sources import acts as source_acts
from aggregator.web.sources import edits, icons, listing, retiring
from aggregator.web.sources import page as source_page

SCREENS: Final[tuple[Any, ...]] = (
    *(pages, reader, entries, search, lists, icons),
    *(listing, source_page, source_acts, edits, following, retiring),
    *(threads, inbox, acts, widgets, figures),
    *(preferences, keys, palette, settings, shares, door, pwa),
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
    app.session_interface = cookies.ToastSession()
    current.hold(app.extensions, context)
    compression.compress(app)
    proxies.stand_behind(app, context.settings)
    security.guard(app, context.settings)
    gate.stand(app)
    security.refuse_foreign_acts(app)
    wording.speak(app)
    choices.offer(app)
    keys.tell(app)
    marks.paint(app)
    boxes.furnish(app)
    articles.show(app)
    threads.furnish(app)
    fresh_inbox.furnish(app)
    widgets.furnish(app)
    fresh_lists.furnish(app)
    static_files.serve(app, packaged("web/static"))
    failures.explain(app)
    frame.stand_around(app)
    live.keep_fresh(
        app,
        tabs=frame.tabs_again,
        health=frame.health_again,
        banner=frame.banner_again,
        head=fresh_boards.head_again,
        box=fresh_boards.boxes_again,
        listed=listing.list_again,
        source=source_page.state_again,
        course=source_page.course_again,
        actions=entries.actions_again,
        counts=fresh_lists.counts_again,
        leaves=fresh_lists.leaves_again,
        lines=fresh_lists.lines_again,
        news=fresh_lists.news_again,
        thread=threads.news_again,
        state=threads.states_again,
        bar=fresh_inbox.bars_again,
        queues=fresh_inbox.queues_again,
        waiting=frame.waiting_again,
        widget=widgets.widgets_again,
    )
    for screens in dict.fromkeys(screen.screens for screen in SCREENS):
        app.register_blueprint(screens)
    return app
