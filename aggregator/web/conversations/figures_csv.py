"""Figures as CSV, for spreadsheets.

UTF-8 with a byte order mark, by which Excel knows it. French spreadsheets read semicolons,
English ones commas. Moments are local and ISO 8601 (with a space, which spreadsheets read),
times whole minutes.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Final

from aggregator.services.conversations.behind import BehindLine
from aggregator.services.conversations.figures import Figures, Slot
from aggregator.translations import N_
from aggregator.web.conversations.figure_words import name_of
from aggregator.web.wording import gettext, language, local_zone

COMMENTS: Final = (
    N_("Received (%(zone)s)"),
    N_("Source"),
    N_("Article"),
    N_("Who"),
    N_("Comment"),
    N_("State"),
    N_("Answered (%(zone)s)"),
    N_("Delay (min)"),
    N_("In office hours (min)"),
)
BY: Final = {
    "time": N_("When"),
    "source": N_("Source"),
    "hour": N_("Hour"),
    "weekday": N_("Weekday"),
}
TABLES: Final = ("comments", *BY)
COUNTS: Final = (N_("Received"), N_("Answered"), N_("Median delay (min)"))
STATES: Final = {
    "waiting": N_("to answer"),
    "sent": N_("sent, to be confirmed"),
    "answered": N_("answered"),
    "handled": N_("filed away"),
    "snoozed": N_("put off"),
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", *"\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet takes for a formula at the beginning of a cell, in wide letters too."""


def comments_csv(lines: Iterable[BehindLine]) -> bytes:
    """Write comments, one a line."""
    zone = str(local_zone())
    headings = [
        gettext(heading, zone=zone) if "%" in heading else gettext(heading) for heading in COMMENTS
    ]
    return _written(
        headings,
        (
            (
                _moment(each.line.published_at),
                _safe(each.line.source_name),
                _safe(each.line.title),
                _safe(each.line.author),
                _safe(each.line.excerpt),
                gettext(STATES[each.line.state.value]),
                _moment(each.line.answered_at) if each.delay_s is not None else "",
                _minutes(each.delay_s),
                _minutes(each.office_s),
            )
            for each in lines
        ),
    )


def slots_csv(table: str, found: Figures) -> bytes:
    """Write the table of a chart."""
    slots: Sequence[Slot] = {
        "time": found.by_time,
        "source": found.by_source,
        "hour": found.by_hour,
        "weekday": found.by_weekday,
    }[table]
    headings = [gettext(BY[table]), *(gettext(heading) for heading in COUNTS)]
    return _written(
        headings,
        (
            (
                _place(slot, found),
                str(slot.received),
                str(slot.answered),
                _minutes(slot.median_s),
            )
            for slot in slots
        ),
    )


def _place(slot: Slot, found: Figures) -> str:
    if slot.days is not None and slot.days.first is not None:
        length = {"day": 10, "month": 7, "year": 4}[found.unit.value]
        return slot.days.first.isoformat()[:length]
    if slot.hour is not None:
        return str(slot.hour)
    return _safe(name_of(slot, found.unit))


def _written(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";" if language() == "fr" else ",")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(words: str) -> str:
    """Keep a spreadsheet from running what somebody wrote."""
    return f"'{words}" if words.startswith(_FORMULA) else words


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    return at.astimezone(local_zone()).replace(tzinfo=None).isoformat(" ", "minutes")


def _minutes(seconds: float | None) -> str:
    return "" if seconds is None else str(round(seconds / 60))
