"""The inbox: a queue of comments, the conversation of one of them, and who wrote it.

One address says it all: `queue`, the filters (`source`, `thread`, `age`, `label`, `assigned`,
`question`), where the list goes on (`after`), which comment is open (`comment`). Asked by htmx,
an address with `comment` gives what is open, one with `after` the next lines, any other the list.
"""

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.conversations.comments import CommentId, ThreadId
from aggregator.domain.conversations.inbox import QUEUE_WORDS, Age, Choices, Filters, Queue
from aggregator.domain.lists import Place, read_place, write_place
from aggregator.domain.sources import SourceId
from aggregator.services.conversations import inbox
from aggregator.services.conversations.inbox import Opened, Pile
from aggregator.translations import N_
from aggregator.web import hx
from aggregator.web.conversations.fresh_inbox import queues_values
from aggregator.web.conversations.threads import values as thread_values
from aggregator.web.current import context, follow_list
from aggregator.web.frame import screen
from aggregator.web.numbers import read_id
from aggregator.web.wording import gettext

screens: Final = Blueprint("inbox", __name__)

LONGEST_WORDS: Final = 200
AGES: Final = {
    Age.LATE: N_("Late: older than you promise"),
    Age.TODAY: N_("Of today"),
    Age.WEEK: N_("Of the last 7 days"),
    Age.MONTH: N_("Of the last 30 days"),
}


@screens.get("/comments")
def index() -> ResponseReturnValue:
    """Show a queue, with a comment of it open: the one that is asked for, else the first."""
    queue, filters, after, asked = _queue(), _filters(), _after(), _comment()
    if asked is not None and hx.wants_part():
        pile = inbox.pile(context(), queue, filters)
        return hx.part("conversations/_open.html", **_open(pile, inbox.opened(context(), asked)))
    pile = inbox.pile(context(), queue, filters, after=after)
    choices = inbox.choices(context())
    if after is not None and hx.wants_part():
        return hx.part("conversations/_lines.html", **_list(pile, choices))
    if hx.wants_part():
        return hx.part("conversations/_queue.html", **_list(pile, choices))
    chosen = asked or (pile.lines[0].id if pile.lines else None)
    opened = None if chosen is None else inbox.opened(context(), chosen)
    values = {**_list(pile, choices), **_open(pile, opened), **queues_values(queue)}
    return screen(
        "conversations/index.html",
        is_chosen=asked is not None,
        nothing_stored=not pile.lines and inbox.is_empty(context()),
        after=after,
        **values,
    )


def _list(pile: Pile, choices: Choices) -> dict[str, Any]:
    queue, filters = pile.queue, pile.filters
    here = address(queue, filters)
    return {
        "pile": pile,
        "choices": choices,
        "queue_words": QUEUE_WORDS,
        "age_words": AGES,
        "list_address": here,
        "open_base": f"{here}{'&' if '?' in here else '?'}comment=",
        "next_address": address(queue, filters, after=write_place(pile.next))
        if pile.next
        else None,
        "chips": _chips(pile, choices),
        "is_filtered": filters != Filters(),
        "has_own": any(source.mine for source in follow_list().list.sources),
        "unfiltered_address": address(queue, Filters()),
    }


def _open(pile: Pile, opened: Opened | None) -> dict[str, Any]:
    """Give what is open, and where one goes when its comment leaves the queue."""
    here = address(pile.queue, pile.filters)
    values: dict[str, Any] = {"opened": opened, "list_address": here, "leaving": None}
    if opened is None:
        return values
    ids = [line.id for line in pile.lines]
    at = ids.index(opened.comment.id) if opened.comment.id in ids else -1
    others = [*ids[at + 1 : at + 2], *ids[max(at - 1, 0) : max(at, 0)]]
    after = others[0] if others else None
    leaving = here if after is None else address(pile.queue, pile.filters, comment=after)
    of = opened.comment.id
    return {
        **values,
        **thread_values(opened.view),
        "chosen": of,
        "acts_of": of,
        "leaving": leaving,
    }


def _chips(pile: Pile, choices: Choices) -> list[tuple[str, str]]:
    """Name the filters in use, each with the address without it."""
    queue, wanted = pile.queue, pile.filters
    named = dict(choices.sources)
    title = next((line.thread_title for line in pile.lines), "")
    found: list[tuple[str | None, Filters]] = [
        (
            named.get(wanted.source_id, "?") if wanted.source_id else None,
            replace(wanted, source_id=None),
        ),
        (
            (title or gettext("one conversation")) if wanted.thread_id else None,
            replace(wanted, thread_id=None),
        ),
        (gettext(AGES[wanted.age]) if wanted.age else None, replace(wanted, age=None)),
        (wanted.label, replace(wanted, label=None)),
        (
            f"→ {wanted.assigned_to}" if wanted.assigned_to else None,
            replace(wanted, assigned_to=None),
        ),
        (gettext("Only questions") if wanted.question else None, replace(wanted, question=False)),
    ]
    return [(words[:80], address(queue, without)) for words, without in found if words]


def address(queue: Queue, filters: Filters, **more: str | int) -> str:
    """Write the address of a queue; what nobody chose is left out of it."""
    query: dict[str, Any] = {
        "queue": queue.value if queue is not Queue.WAITING else None,
        "source": filters.source_id,
        "thread": filters.thread_id,
        "age": filters.age.value if filters.age else None,
        "label": filters.label,
        "assigned": filters.assigned_to,
        "question": "1" if filters.question else None,
        **more,
    }
    said = {name: value for name, value in query.items() if value is not None}
    return url_for("inbox.index", **said)


def _queue() -> Queue:
    try:
        return Queue(request.args.get("queue") or Queue.WAITING)
    except ValueError:
        abort(400)


def _filters() -> Filters:
    source_id, thread_id = _number("source"), _number("thread")
    age = request.args.get("age")
    if age and age not in {*Age}:
        abort(400)
    return Filters(
        source_id=None if source_id is None else SourceId(source_id),
        thread_id=None if thread_id is None else ThreadId(thread_id),
        age=Age(age) if age else None,
        label=request.args.get("label", "")[:LONGEST_WORDS] or None,
        assigned_to=request.args.get("assigned", "")[:LONGEST_WORDS] or None,
        question=request.args.get("question") == "1",
    )


def _comment() -> CommentId | None:
    number = _number("comment")
    return None if number is None else CommentId(number)


def _number(name: str) -> int | None:
    text = request.args.get(name)
    if not text:
        return None
    number = read_id(text)
    if number is None:
        abort(400)
    return number


def _after() -> Place | None:
    text = request.args.get("after")
    if text is None:
        return None
    place = read_place(text)
    if place is None:
        abort(400)
    return place
