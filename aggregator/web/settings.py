"""The settings: what feeds.yaml says about the screens, to change; how it is run, to read."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.errors import InvalidInputError, UnavailableError
from aggregator.services import editing
from aggregator.translations import LANGUAGES, N_, known_language, translator
from aggregator.web import choices, hx, preferences, toast
from aggregator.web.current import context, follow_list
from aggregator.web.frame import screen
from aggregator.web.wording import COOKIE as LANGUAGE
from aggregator.web.wording import gettext, language, mistake, number, unless_clicked

screens: Final = Blueprint("settings", __name__)

TIMEZONE: Final = "timezone"
SAVED: Final = N_("Written into feeds.yaml, and in use.")
SAME: Final = N_("Nothing had to be changed.")
NO_FILE: Final = N_("There is no feeds.yaml yet to write this into.")
KEPT_HERE: Final = N_("What you chose is kept in this browser all the same.")
ZONE_LOST: Final = N_("The time zone is not: only feeds.yaml can say it.")
UNKNOWN_ZONE: Final = N_("This time zone is unknown; Europe/Paris is one.")

PACE: Final = (
    ("floor", N_("Least time between two scheduled checks of a source")),
    ("manual_floor", N_("Least time between two checks of a source that somebody asked for")),
    ("host_delay", N_("Time between two requests to one site")),
    ("host_concurrency", N_("Requests at once to one site")),
    ("concurrency", N_("Requests at once over all sites")),
    ("fetch_timeout", N_("Longest time a request may take")),
    ("tick", N_("How often Veille looks for what is due, and for changes of feeds.yaml")),
)
"""The settings of an installation that say how fast it goes, in words."""
UNLESS_SET: Final = {"host_delay": 1.0, "host_concurrency": 1}
"""What holds for the sites of others where a setting says nothing."""


@screens.get("/settings")
def index() -> ResponseReturnValue:
    """Show what is in effect in this browser."""
    return _page({})


@screens.post("/settings")
def save() -> ResponseReturnValue:
    """Write what was changed into feeds.yaml, whose word then holds in this browser too."""
    wanted = _wanted()
    if wanted.get(TIMEZONE, _zone()) != _zone() and not _is_zone(wanted[TIMEZONE]):
        return _page(wanted, wrong={TIMEZONE: gettext(UNKNOWN_ZONE)}, status=400)
    changed = {name: value for name, value in wanted.items() if value != _without_browser(name)}
    try:
        _write(changed)
    except UnavailableError:
        raise
    except InvalidInputError as error:
        return _kept_here(wanted, changed, error)
    words = translator(known_language(wanted.get(LANGUAGE)) or language())
    done = toast.Toast(text=words.gettext(SAVED if changed else SAME))
    answer = make_response(toast.on_page(done, url_for(".index")))
    return preferences.forget(answer, wanted)


def _wanted() -> dict[str, str]:
    """Read the form, of which any field may be missing.

    A value that no field offers is refused, but for the time zone, which is typed.
    """
    names = (LANGUAGE, *choices.IN_THE_FILE)
    chosen = {name: request.form[name] for name in names if name in request.form}
    if any(value not in preferences.ALLOWED[name] for name, value in chosen.items()):
        abort(400)
    if TIMEZONE in request.form:
        chosen[TIMEZONE] = request.form[TIMEZONE].strip()
    return chosen


def _write(changed: Mapping[str, str]) -> None:
    if changed and not follow_list().exists:
        raise InvalidInputError(NO_FILE)
    if changed:
        editing.set_settings(context(), changed)


def _kept_here(
    wanted: Mapping[str, str], changed: Mapping[str, str], error: InvalidInputError
) -> ResponseReturnValue:
    """Keep in the browser what feeds.yaml could not take, and say so."""
    here = {name: value for name, value in changed.items() if name in preferences.ALLOWED}
    said = [mistake(error)]
    if here:
        said.append(gettext(KEPT_HERE))
    if TIMEZONE in changed:
        said.append(gettext(ZONE_LOST))
    answer = make_response(_page(wanted, problem=" ".join(said), status=400))
    return preferences.remember(answer, here)


def _page(
    typed: Mapping[str, str],
    *,
    wrong: Mapping[str, str] | None = None,
    problem: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the settings; to a script every answer is 200, or the browser complains of it."""
    shown = {name: choices.choice(name) for name in choices.IN_THE_FILE}
    in_effect = {LANGUAGE: language(), TIMEZONE: _zone(), **shown}
    return screen(
        "settings/index.html",
        status=200 if hx.wants_part() else status,
        shown={**in_effect, **typed},
        differs={name for name in in_effect if in_effect[name] != _without_browser(name)},
        wrong=wrong or {},
        problem=problem,
        languages=LANGUAGES,
        zones=sorted(name for name in available_timezones() if "/" in name),
        pace=[(words, f"VEILLE_{name.upper()}", _pace(name)) for name, words in PACE],
    )


def _without_browser(name: str) -> str:
    """Tell what holds where this browser has chosen nothing."""
    if name == LANGUAGE:
        return unless_clicked()
    return _zone() if name == TIMEZONE else choices.written(name)


def _zone() -> str:
    return follow_list().list.preferences.timezone


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _pace(name: str) -> str:
    """Say the present value of a setting."""
    value: Any = getattr(context().settings, name)
    if value is None:
        value = UNLESS_SET[name]
    if name == "host_delay":
        value = timedelta(seconds=value)
    if not isinstance(value, timedelta):
        return number(value)
    seconds = value.total_seconds()
    if seconds >= 60 and seconds % 60 == 0:
        return gettext("%(number)s min", number=number(seconds / 60))
    return gettext("%(number)s s", number=number(seconds))
