"""The page of a source: how it is doing looked at closely, and all that can be done about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from flask.typing import ResponseReturnValue

from aggregator.domain.health import PollRecord, SourceSheet
from aggregator.domain.schedule import Outcome
from aggregator.domain.sources import SourceHealth, SourceId
from aggregator.errors import NotFoundError
from aggregator.services import health, polling, standing
from aggregator.web.boxes import minute
from aggregator.web.current import context, follow_list, now
from aggregator.web.frame import screen
from aggregator.web.hx import seen
from aggregator.web.live import Asked, changed
from aggregator.web.marks import state as state_now
from aggregator.web.numbers import read_id
from aggregator.web.sources import amounts, wording
from aggregator.web.sources.blueprint import screens
from aggregator.web.sources.charts import strip, strip_words, top, weeks
from aggregator.web.sources.deciding import deciding

__all__ = ["course_again", "screens", "show", "state_again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLine:
    """A poll in the table; `again`: it failed as the one after it did, which says how."""

    poll: PollRecord
    words: str
    again: bool


@screens.get("/sources/<int:source_id>")
def show(source_id: int) -> ResponseReturnValue:
    """Show all that is known of one source."""
    sheet = _sheet(SourceId(source_id))
    return screen("sources/page.html", **{**_state(sheet), **_course(sheet)})


def state_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show again how a source is doing, where that has changed."""
    for part, sheet in _sheets(asked):
        values = _state(sheet)
        yield changed(part, values["state_seen"], "sources/_state.html", **values)


def course_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show again what came of a source, where it was polled since."""
    for part, sheet in _sheets(asked):
        values = _course(sheet)
        yield changed(part, values["course_seen"], "sources/_course.html", **values)


def _sheets(asked: Sequence[Asked]) -> Iterator[tuple[Asked, SourceSheet]]:
    for part in asked:
        source_id = read_id(part.argument)
        if source_id is None:
            continue
        try:
            yield part, _sheet(SourceId(source_id))
        except NotFoundError:
            continue


def _sheet(source_id: SourceId) -> SourceSheet:
    """Read what is known of a source, once a request."""
    sheets: dict[SourceId, SourceSheet] = g.setdefault("sheets", {})
    if source_id not in sheets:
        sheets[source_id] = health.sheet(context(), source_id)
    return sheets[source_id]


def _state(sheet: SourceSheet) -> dict[str, Any]:
    source = sheet.health
    at, state = _may_ask_at(source), state_now(source)
    return {
        "sheet": sheet,
        "source": source,
        "following": follow_list(),
        "state": state,
        "state_icon": wording.STATE_ICONS[state],
        "is_bad": state in wording.IN_TROUBLE,
        "told": wording.ended(" ".join(wording.telling(source))),
        "next_try": wording.next_try(source, sheet),
        "advice": wording.advice(source),
        "ask_at": at,
        "ask_now": at is not None and at <= now(),
        "state_seen": seen(source, sheet.proposals, sheet.duplicates, at, minute()),
    }


def _may_ask_at(source: SourceHealth) -> datetime | None:
    """Tell when a person may have it polled; None where it is not polled at all."""
    if source.paused or source.retired_since:
        return None
    return polling.allowed_at(context(), source)


def _course(sheet: SourceSheet) -> dict[str, Any]:
    shown = (sheet.polls, sheet.rhythm, sheet.comment_feeds, sheet.remarks, sheet.sample)
    return {
        "sheet": sheet,
        "source": sheet.health,
        "following": follow_list(),
        "line": standing.line_of(context(), sheet.health),
        "weeks": weeks(sheet.rhythm),
        "weeks_top": top(sheet.rhythm),
        "rhythm": wording.ended(amounts.rhythm(sheet)),
        "polls": tuple(_lines(sheet.polls)),
        "strip": strip(sheet.polls),
        "strip_words": strip_words(sheet.polls),
        "deciding": tuple(deciding(sheet)),
        "because": wording.because(sheet.health, sheet),
        "is_unused": amounts.is_unused(sheet.use),
        "use": wording.ended(" ".join(amounts.use(sheet.use))),
        "weight": amounts.weight,
        "taken": amounts.taken,
        "course_seen": seen(shown, sheet.use, sheet.health.purpose, sheet.hints),
    }


def _lines(polls: Sequence[PollRecord]) -> Iterator[PollLine]:
    before: PollRecord | None = None
    for poll in polls:
        again = (
            poll.outcome is Outcome.FAILED and before is not None and before.fault == poll.fault
        )
        yield PollLine(poll=poll, words=wording.outcome(poll), again=again)
        before = poll
