"""The figures of conversations: a period beside the one before, with the lists behind it.

The address says it all: `period`, or `from` and `to` (days, both within), and `source`; of a
list also `what`, `hour`, `weekday` and `begin`.
"""

from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.conversations.periods import Days, Period
from aggregator.domain.following import Preferences
from aggregator.domain.sources import SourceId
from aggregator.services.conversations.behind import Behind, Narrowed, behind
from aggregator.services.conversations.figures import Asked, Figures, Slot, asked_for, figures
from aggregator.translations import N_
from aggregator.web.conversations.charts import Chart, chart
from aggregator.web.conversations.figure_words import (
    PERIODS,
    compared,
    counted,
    lasting,
    name_of,
    share,
    spell,
)
from aggregator.web.conversations.figures_csv import TABLES, comments_csv, slots_csv
from aggregator.web.current import context, follow_list, now
from aggregator.web.frame import screen
from aggregator.web.numbers import read_id

screens: Final = Blueprint("figures", __name__)

LINES: Final = 50
"""Comments on a page of a list."""

WHAT: Final = {
    Behind.RECEIVED: N_("Received comments"),
    Behind.ANSWERED: N_("Answered comments"),
    Behind.UNANSWERED: N_("Comments without an answer"),
    Behind.IN_OFFICE: N_("Answers that took office time"),
    Behind.OUT_OF_HOURS: N_("Answers out of hours"),
    Behind.FIRST: N_("First comments of articles"),
}


@screens.get("/comments/figures")
def index() -> ResponseReturnValue:
    """Show the figures of a period."""
    asked = _asked()
    found = figures(context(), asked, preferences=_preferences())
    return screen("conversations/figures.html", **_around(asked), **_values(found))


@screens.get("/comments/figures/list")
def behind_it() -> ResponseReturnValue:
    """List the comments behind a number."""
    asked, narrowed = _asked(), _narrowed()
    begin = request.args.get("begin", "0")
    place = read_id(begin)
    if place is None:
        abort(400)
    found = behind(context(), asked, narrowed, preferences=_preferences(), begin=place, most=LINES)
    more = None
    if found.next is not None:
        more = url_for(".behind_it", **_query(asked), **_narrow(narrowed), begin=found.next)
    return screen(
        "conversations/behind.html",
        found=found,
        narrowed=narrowed,
        what=WHAT[narrowed.what],
        part=_part(narrowed),
        begin=place,
        more=more,
        back=url_for(".index", **_query(asked)),
        days=spell(asked.days),
        lasting=lasting,
    )


@screens.get("/comments/figures.csv")
def csv() -> ResponseReturnValue:
    """Hand out what was received, comment by comment, or the table of one chart."""
    asked = _asked()
    table = request.args.get("table", "comments")
    if table not in TABLES:
        abort(400)
    if table == "comments":
        everything = Narrowed(what=Behind.RECEIVED)
        found = behind(context(), asked, everything, preferences=_preferences(), most=None)
        content = comments_csv(found.lines)
    else:
        content = slots_csv(table, figures(context(), asked, preferences=_preferences()))
    days = (asked.days.first, asked.days.last)
    name = "-".join(["veille", table, *(day.isoformat() for day in days if day)])
    answer = Response(content, mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return answer


def _values(found: Figures) -> dict[str, Any]:
    now_is, before = found.metrics, found.before

    def address(slot: Slot, answered: bool) -> str:  # noqa: FBT001 - called by charts alone
        return _address(found.asked, slot, Behind.ANSWERED if answered else Behind.RECEIVED)

    def beside(name: str, say: Any) -> str | None:
        if before is None:
            return None
        return compared(getattr(now_is, name), getattr(before, name), say)

    charts: dict[str, Chart] = {
        "time": chart(found.by_time, unit=found.unit, address=address),
        "hour": chart(found.by_hour, address=address),
        "weekday": chart(found.by_weekday, address=address, thin=False),
        "source": chart(found.by_source, address=address),
    }
    return {
        "found": found,
        "metrics": now_is,
        "before": before,
        "charts": charts,
        "beside": {
            "received": beside("received", counted),
            "answered": beside("answered", counted),
            "answer_rate": beside("answer_rate", share),
            "first_comment_after_s": beside("first_comment_after_s", lasting),
            "median_s": None
            if before is None
            else compared(now_is.delays.median_s, before.delays.median_s, lasting),
        },
        "lasting": lasting,
        "share": share,
        "spell": spell,
    }


def _around(asked: Asked) -> dict[str, Any]:
    """Give what chooses a period and a source, and the addresses of lists and of CSV."""
    source: dict[str, Any] = {} if asked.source_id is None else {"source": asked.source_id}
    lists = {
        what.value: url_for(".behind_it", **_query(asked), what=what.value) for what in Behind
    }
    return {
        "asked": asked,
        "periods": [
            (each, words, url_for(".index", period=each.value, **source))
            for each, words in PERIODS.items()
        ],
        "behind": lists,
        "csv": {table: url_for(".csv", **_query(asked), table=table) for table in TABLES},
        "figures_before": _figures_of(asked.before, source),
        "everything": url_for(".index", period=Period.ALL.value, **source),
    }


def _figures_of(days: Days | None, source: dict[str, Any]) -> str | None:
    if days is None or days.first is None or days.last is None:
        return None
    query = {"from": days.first.isoformat(), "to": days.last.isoformat(), **source}
    return url_for(".index", **query)


def _address(asked: Asked, slot: Slot, what: Behind) -> str:
    query = _query(asked)
    if slot.days is not None and slot.days.first and slot.days.last:
        query.pop("period", None)
        query |= {"from": slot.days.first.isoformat(), "to": slot.days.last.isoformat()}
    if slot.source_id is not None:
        query["source"] = slot.source_id
    narrowed = Narrowed(what=what, hour=slot.hour, weekday=slot.weekday)
    return url_for(".behind_it", **query, **_narrow(narrowed))


def _query(asked: Asked) -> dict[str, Any]:
    query: dict[str, Any] = {}
    if asked.period is Period.CHOSEN:
        days = {"from": asked.days.first, "to": asked.days.last}
        query |= {name: day.isoformat() for name, day in days.items() if day}
    else:
        query["period"] = asked.period.value
    if asked.source_id is not None:
        query["source"] = asked.source_id
    return query


def _narrow(narrowed: Narrowed) -> dict[str, Any]:
    by = {"hour": narrowed.hour, "weekday": narrowed.weekday}
    return {"what": narrowed.what.value} | {
        name: value for name, value in by.items() if value is not None
    }


def _part(narrowed: Narrowed) -> str | None:
    """Name the hour and the weekday that a list is narrowed to."""
    counts: dict[str, Any] = {"received": 0, "answered": 0, "median_s": None}
    parts: list[dict[str, Any]] = [{"weekday": narrowed.weekday}, {"hour": narrowed.hour}]
    named = [name_of(Slot(**part, **counts)) for part in parts if None not in part.values()]
    return ", ".join(named) or None


def _preferences() -> Preferences:
    return follow_list().list.preferences


def _asked() -> Asked:
    first, last = _read_day("from"), _read_day("to")
    try:
        period = Period(request.args.get("period") or Period.DAYS)
    except ValueError:
        abort(400)
    if first or last:
        period = Period.CHOSEN
    elif period is Period.CHOSEN:
        period = Period.ALL
    source = request.args.get("source") or None
    source_id = read_id(source)
    if source is not None and source_id is None:
        abort(400)
    return asked_for(
        period,
        now=now(),
        preferences=_preferences(),
        first=first,
        last=last,
        source_id=None if source_id is None else SourceId(source_id),
    )


def _read_day(name: str) -> date | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(400)


def _narrowed() -> Narrowed:
    try:
        what = Behind(request.args.get("what") or Behind.RECEIVED)
    except ValueError:
        abort(400)
    return Narrowed(what=what, hour=_part_of("hour", 24), weekday=_part_of("weekday", 7))


def _part_of(name: str, parts: int) -> int | None:
    text = request.args.get(name) or None
    number = read_id(text)
    if text is not None and (number is None or number >= parts):
        abort(400)
    return number
