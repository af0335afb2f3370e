"""Search: entries that hold all the words, newest first."""

from typing import Final

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from aggregator.domain.items import EntryId
from aggregator.services import searching
from aggregator.web.current import context
from aggregator.web.frame import screen
from aggregator.web.numbers import read_id

screens: Final = Blueprint("search", __name__)

RESULTS: Final = 30
LONGEST: Final = 200


@screens.get("/search")
def index() -> ResponseReturnValue:
    """Show what was found; `before` goes on after the last entry of the page before."""
    words = request.args.get("q", "")[:LONGEST].strip()
    before = _cursor(request.args.get("before"))
    found = searching.search(context(), words, limit=RESULTS, before=before) if words else ()
    more = found[-1].row.id if len(found) == RESULTS else None
    return screen("search/index.html", words=words, found=found, more=more, before=before)


def _cursor(text: str | None) -> EntryId | None:
    if text is None:
        return None
    number = read_id(text)
    if number is None:
        abort(400)
    return EntryId(number)
