"""What stands around every screen: tabs, health, the banner of feeds.yaml, the toast."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from aggregator.domain.sources import PageTab
from aggregator.services import reading, sources
from aggregator.services.conversations import inbox
from aggregator.web import hx, toast
from aggregator.web.boxes import minute
from aggregator.web.choices import choice
from aggregator.web.current import context, follow_list, now
from aggregator.web.live import Asked, changed
from aggregator.web.wording import language


def stand_around(app: Flask) -> None:
    """Give every template what all of them need."""
    app.context_processor(_everywhere)
    app.jinja_env.globals["root"] = lambda: request.script_root


def _everywhere() -> dict[str, Any]:
    return {
        "language": language(),
        "theme": choice("theme"),
        "refresh_s": hx.REFRESH_S,
        "now": now(),
    }


def screen(
    template: str,
    *,
    here: str | None = None,
    tabs: Sequence[PageTab] | None = None,
    status: int = 200,
    **values: Any,
) -> ResponseReturnValue:
    """Make a whole page; `here` is the slug of the page of the dashboard it belongs to."""
    shown = reading.tabs(context()) if tabs is None else tabs
    around = {**_tabs(here, shown), **_health(), **_banner(), **_waiting()}
    page = {"article": None, "toast": toast.left(), **around, **values}
    return render_template(template, **page), status


def tabs_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the tabs again where their counts have changed."""
    for part in asked:
        values = _tabs(part.argument or None, reading.tabs(context()))
        yield changed(part, values["tabs_seen"], "frame/_tabs.html", **values)


def health_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the health sentence again where it has changed."""
    for part in asked:
        values = _health()
        yield changed(part, values["health_seen"], "frame/_health.html", **values)


def banner_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the banner again where feeds.yaml was broken or mended."""
    for part in asked:
        values = _banner()
        yield changed(part, values["banner_seen"], "frame/_banner.html", **values)


def waiting_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show again how many comments wait for an answer, where that has changed."""
    for part in asked:
        values = _waiting()
        yield changed(part, str(values["waiting"]), "frame/_waiting.html", **values)


def _waiting() -> dict[str, Any]:
    return {"waiting": inbox.count_waiting(context())}


def _tabs(here: str | None, shown: Sequence[PageTab]) -> dict[str, Any]:
    return {"here": here, "tabs": shown, "tabs_seen": hx.seen(here, shown)}


def _health() -> dict[str, Any]:
    summary = sources.health(context())
    return {"health": summary, "health_seen": hx.seen(summary, minute())}


def _banner() -> dict[str, Any]:
    current = follow_list()
    return {"following": current, "banner_seen": hx.seen(current.problems, current.exists)}
