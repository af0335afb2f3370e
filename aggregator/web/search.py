"""Search: entries and comments that hold all the words, newest first."""

from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from aggregator.services import searching
from aggregator.services.searching import MOST_COUNTED, Page, Sort
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.numbers import read_id
from aggregator.web.wording import number

screens: Final = Blueprint("search", __name__)

RESULTS: Final = 30
LONGEST: Final = 200


@screens.get("/search")
def index() -> ResponseReturnValue:
    """Show what was found of a `kind`; `before` goes on after the last of the page before."""
    words = request.args.get("q", "")[:LONGEST].strip()
    before, sort = _cursor(request.args.get("before")), _sort(request.args.get("kind"))
    if not words:
        found = Page(sort=sort or Sort.ENTRY)
    else:
        if before is not None and sort is None:
            sort = Sort.ENTRY
        found = searching.page(context(), words, sort=sort, limit=RESULTS, before=before)
    return screen(
        "search/index.html",
        words=words,
        found=found,
        more=_last(found),
        before=before,
        counts={
            Sort.ENTRY.value: _counted(found.entry_count),
            Sort.COMMENT.value: _counted(found.comment_count),
        },
    )


def _last(found: Page) -> int | None:
    """Give the id that the next page goes on after, None where there is none."""
    if len(found.entries) == RESULTS:
        return found.entries[-1].row.id
    return found.comments[-1].id if len(found.comments) == RESULTS else None


def _counted(count: int) -> str:
    return number(count) + ("+" if count >= MOST_COUNTED else "")


def _sort(text: str | None) -> Sort | None:
    if not text:
        return None
    try:
        return Sort(text)
    except ValueError:
        abort(400)


def _cursor(text: str | None) -> int | None:
    if text is None:
        return None
    found = read_id(text)
    if found is None:
        abort(400)
    return found
