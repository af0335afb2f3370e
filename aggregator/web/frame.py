"""What stands around every screen: tabs, health, the banner of feeds.yaml, the toast."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from aggregator.domain.sources import PageTab
from aggregator.services import reading, sources
from aggregator.web import hx, toast
from aggregator.web.boxes import minute
from aggregator.web.current import context, follow_list, now
from aggregator.web.wording import language

frame: Final = Blueprint("frame", __name__)

THEME_COOKIE: Final = "theme"
THEMES: Final = ("auto", "light", "dark")


def stand_around(app: Flask) -> None:
    """Give every template what all of them need."""
    app.register_blueprint(frame)
    app.context_processor(_everywhere)
    app.jinja_env.globals["root"] = lambda: request.script_root


def _everywhere() -> dict[str, Any]:
    return {
        "language": language(),
        "theme": theme(),
        "refresh_s": hx.REFRESH_S,
        "now": now(),
    }


def theme() -> str:
    """Tell the theme that the person chose."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in THEMES else THEMES[0]


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
    around = {**_tabs(here, shown), **_health(), **_banner()}
    page = {"article": None, "toast": toast.left(), **around, **values}
    return render_template(template, **page), status


@frame.get("/parts/tabs")
def tabs() -> ResponseReturnValue:
    """Show the tabs again where their counts have changed."""
    here = request.args.get("here") or None
    values = _tabs(here, reading.tabs(context()))
    return _again("frame/_tabs.html", values["tabs_seen"], values)


@frame.get("/parts/health")
def health() -> ResponseReturnValue:
    """Show the health sentence again where it has changed."""
    values = _health()
    return _again("frame/_health.html", values["health_seen"], values)


@frame.get("/parts/banner")
def banner() -> ResponseReturnValue:
    """Show the banner again where feeds.yaml was broken or mended."""
    values = _banner()
    return _again("frame/_banner.html", values["banner_seen"], values)


def _again(template: str, token: str, values: dict[str, Any]) -> ResponseReturnValue:
    return hx.unchanged() if hx.has_seen(token) else hx.part(template, **values)


def _tabs(here: str | None, shown: Sequence[PageTab]) -> dict[str, Any]:
    return {"here": here, "tabs": shown, "tabs_seen": hx.seen(here, shown)}


def _health() -> dict[str, Any]:
    summary = sources.health(context())
    return {"health": summary, "health_seen": hx.seen(summary, minute())}


def _banner() -> dict[str, Any]:
    current = follow_list()
    return {"following": current, "banner_seen": hx.seen(current.problems)}
