"""Live parts: one request asks for all that has changed on a page.

A part that is to stay fresh holds `{{ seen(kind, argument, token) }}`: a hidden field that says
what it shows. The script `live.js` sends those of the parts in sight to `GET /changes`, every 20
seconds and whenever the event `changed` is told; the answer is 204, or the changed parts, each
put in the place of the element with its id.

To have a part of your own kept fresh: write a look, a function that is given all parts of its
kind that the page shows, and yields what is to be put in their place (`changed`, `gone`); then
name it in `create_app`, under its kind. A look yields nothing for what is still as it was.

    def look(asked: Sequence[live.Asked]) -> Iterator[str]:
        for part in asked:
            shown = reading.count(context(), part.argument)
            token = hx.seen(shown)
            yield live.changed(part, token, "reader/_count.html", shown=shown, count_seen=token)
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from aggregator.web import hx

MOST: Final = 500
"""Parts of one page that are looked at; a page sends only those in sight."""

_ROOT: Final = re.compile(r"<[a-z][a-z0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A part as the page shows it: what it is about, and the token of what it says."""

    argument: str
    token: str


Look = Callable[[Sequence[Asked]], Iterable[str]]


def keep_fresh(app: Flask, **looks: Look) -> None:
    """Answer `GET /changes` with these looks, each under the name of its kind."""
    app.jinja_env.globals["seen"] = seen

    @app.get("/changes", endpoint="changes")
    def _changes() -> ResponseReturnValue:
        asked: dict[str, list[Asked]] = {}
        for field in request.args.getlist("seen")[:MOST]:
            kind, _, rest = field.partition(".")
            argument, _, token = rest.rpartition(".")
            if kind in looks:
                asked.setdefault(kind, []).append(Asked(argument=argument, token=token))
        pieces = [piece for kind, parts in asked.items() for piece in looks[kind](parts)]
        found = "\n".join(filter(None, pieces))
        return current_app.response_class(found) if found else hx.unchanged()


def seen(kind: str, argument: object, token: str) -> Markup:
    """Write the field by which a part says what it shows; `argument` has no spaces in it."""
    value = escape(f"{kind}.{argument}.{token}")
    return Markup(f'<input type="hidden" name="seen" value="{value}">')  # noqa: S704 - escaped


def changed(asked: Asked, token: str, template: str, **values: Any) -> str:
    """Give the part again where the token is no longer the one that the page has, else nothing."""
    return "" if asked.token == token else instead(template, **values)


def instead(template: str, **values: Any) -> str:
    """Make a part that takes the place of the element with the id of its root."""
    return placed(render_template(template, **values))


def placed(part: str) -> str:
    """Mark the root of a part, so that htmx puts it where it belongs whoever asked."""
    return _ROOT.sub(lambda root: f'{root[0]} hx-swap-oob="true"', part, count=1)


def gone(part_id: str) -> str:
    """Take the element with this id off the page."""
    return Markup('<div id="{}" hx-swap-oob="delete"></div>').format(part_id)
