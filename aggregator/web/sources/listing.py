"""The list of sources: how each is doing, in words; which of them, and in which order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.overview import Order, Overview, Show
from aggregator.services import health
from aggregator.translations import N_
from aggregator.web import hx
from aggregator.web.boxes import token
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.live import Asked, changed
from aggregator.web.numbers import read_id
from aggregator.web.sources import amounts, wording
from aggregator.web.sources.blueprint import screens

__all__ = ["index", "list_again", "screens"]

SHOWS: Final[Mapping[Show, str]] = {
    Show.ALL: N_("All sources"),
    Show.TROUBLE: N_("In trouble"),
    Show.ASLEEP: N_("Asleep"),
    Show.NO_PURPOSE: N_("Without purpose"),
    Show.UNREAD: N_("Not read in 90 days"),
    Show.STOPPED: N_("Paused or stopped"),
}
ORDERS: Final[Mapping[Order, str]] = {
    Order.TROUBLE: N_("By trouble"),
    Order.USEFULNESS: N_("The most useful first"),
    Order.RHYTHM: N_("The busiest first"),
    Order.NAME: N_("By name"),
    Order.LIST: N_("As in feeds.yaml"),
}
_DROPPING: Final = frozenset({Show.NO_PURPOSE, Show.UNREAD})
"""Choices for those who ask what they could stop following."""


@screens.get("/sources")
def index() -> ResponseReturnValue:
    """Show sources with their health, a hundred a page."""
    page = read_id(request.args.get("page") or "1")
    if not page:
        abort(400)
    values = _listed(request.args.get("order"), request.args.get("show"), page)
    if hx.wants_part():
        return hx.part("sources/_list.html", **values)
    return screen("sources/index.html", **values)


def list_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the list again where a source is doing otherwise."""
    for part in asked:
        order, show, page = [*part.argument.split(":"), "", "", ""][:3]
        if order in {*Order} and show in {*Show}:
            values = _listed(order, show, read_id(page) or 1)
            yield changed(part, values["listed_seen"], "sources/_list.html", **values)


def _listed(order: str | None, show: str | None, page: int) -> dict[str, Any]:
    try:
        chosen = Order(order or Order.TROUBLE), Show(show or Show.ALL)
    except ValueError:
        abort(400)
    found = health.overview(context(), order=chosen[0], show=chosen[1], page=page)
    return {
        "found": found,
        "here": _address(found, page=found.page),
        "listed_key": f"{found.order}:{found.show}:{found.page}",
        "listed_seen": token(found),
        "shows": [
            (each, _address(found, show=each)) for each in SHOWS if _is_offered(found, each)
        ],
        "orders": [(each, words, _address(found, order=each)) for each, words in ORDERS.items()],
        "show_words": SHOWS,
        "before": _address(found, page=found.page - 1) if found.page > 1 else None,
        "after": _address(found, page=found.page + 1) if found.page < found.pages else None,
        "counted_new": amounts.is_new(found.counted_since),
        "dropping": found.show in _DROPPING,
        "state_icons": wording.STATE_ICONS,
        "matter": wording.matter,
        "often": amounts.often,
        "use_told": amounts.used,
        "ended": wording.ended,
    }


def _is_offered(found: Overview, show: Show) -> bool:
    """Tell whether a choice is worth its place: it would show something, or is made."""
    return bool(found.counts[show]) or show in {Show.ALL, found.show}


def _address(
    found: Overview, *, order: Order | None = None, show: Show | None = None, page: int = 1
) -> str:
    """Give the address of the list otherwise; what is usual is left out of it."""
    chosen = {
        "order": (order or found.order, Order.TROUBLE),
        "show": (show or found.show, Show.ALL),
    }
    query: dict[str, Any] = {
        name: wanted.value for name, (wanted, usual) in chosen.items() if wanted != usual
    }
    if page > 1:
        query["page"] = page
    return url_for("sources.index", **query)
