"""Boxes on a page: in which column, whether they changed, and the words they have in common."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Flask, current_app, g, request

from aggregator.domain.boards import Box
from aggregator.web import hx
from aggregator.web.current import now
from aggregator.web.wording import gettext

HEAD_OF_A_BOX: Final = 2
LEAST_ROWS: Final = 3
"""What a box is high beside its rows, and at least, counted in rows."""


def furnish(app: Flask) -> None:
    """Give the templates of boxes what they need."""
    app.jinja_env.globals["shared_words"] = shared_words
    app.jinja_env.filters["token"] = token


def shared_words() -> Mapping[str, str]:
    """Say once what stands in each of the hundreds of lines of a page, ready to be written."""
    if "shared_words" not in g:
        icon: Any = current_app.jinja_env.globals["icon"]
        g.shared_words = {
            "root": request.script_root,
            "entries": f"{request.script_root}/entries/",
            "read": gettext("Mark as read"),
            "unread": gettext("Mark as unread"),
            "is_unread": gettext("Unread:"),
            "kept": gettext("Kept for later"),
            "down_to": gettext("Mark as read down to this line"),
            "mark_all": gettext("Mark all as read"),
            "check": gettext("Check the feed now"),
            "site": gettext("Open the site"),
            "feed": gettext("Open the feed"),
            "written": gettext("In feeds.yaml:"),
            "icons": {
                name: icon(name, "is-filled" if name == "star" else "")
                for name in (
                    "message-circle",
                    "star",
                    "ellipsis",
                    "check-check",
                    "refresh-cw",
                    "external-link",
                    "rss",
                    "arrow-down-to-line",
                )
            },
        }
    words: Mapping[str, str] = g.shared_words
    return words


def token(*shown: object) -> str:
    """Make the token of what a part shows; ages change once a minute."""
    return hx.seen(*shown, minute())


def minute() -> str:
    """Give what changes once a minute, for the tokens of parts that speak of ages."""
    return now().strftime("%H:%M")


def arrange(boxes: Sequence[Box], columns: int) -> list[list[Box]]:
    """Put boxes into columns of about one height, so that their order runs down a column."""
    heights = [HEAD_OF_A_BOX + max(len(box.rows), LEAST_ROWS) for box in boxes]
    limit = max([*heights, -(-sum(heights) // columns)], default=0)
    while len(filled := _fill(boxes, heights, limit)) > columns:
        limit += 1
    return filled


def _fill(boxes: Sequence[Box], heights: Sequence[int], limit: int) -> list[list[Box]]:
    columns: list[list[Box]] = []
    height = limit
    for box, own in zip(boxes, heights, strict=True):
        if height + own > limit:
            columns.append([])
            height = 0
        columns[-1].append(box)
        height += own
    return columns
