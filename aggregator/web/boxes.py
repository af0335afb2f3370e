"""Boxes on a page: whether they changed, and the words they have in common."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request
from markupsafe import Markup

from aggregator.domain.boards import Box
from aggregator.domain.sources import SourceHealth
from aggregator.web import hx
from aggregator.web.current import now
from aggregator.web.marks import stale
from aggregator.web.wording import age, ago, exact, gettext, iso, language, local_zone

HOUR_MIN: Final = 60
DAY_MIN: Final = 24 * 60

UNREAD: Final = Markup('<span class="visually-hidden is-unread">{} </span>')
NAMED: Final = Markup(' title="{0}" aria-label="{0}"')

WAITING_ROWS: Final = 8
"""Lines that are drawn before the first answer of a feed, so that nothing moves as they come."""


def furnish(app: Flask) -> None:
    """Give the templates of boxes what they need."""
    app.jinja_env.globals.update(shared_words=shared_words, stamper=stamper)
    app.jinja_env.globals["waiting_rows"] = WAITING_ROWS
    of_boxes = (marks_of, waits, has_trouble, both_tokens, lines)
    app.jinja_env.filters.update({each.__name__: each for each in of_boxes})
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
            "mark_read": NAMED.format(gettext("Mark as read")),
            "mark_unread": NAMED.format(gettext("Mark as unread")),
            "is_unread": UNREAD.format(gettext("Unread:")),
            "kept": gettext("Kept for later"),
            "down_to": gettext("Mark as read down to this line"),
            "mark_all": gettext("Mark all as read"),
            "check": gettext("Check the feed now"),
            "site": gettext("Open the site"),
            "feed": gettext("Open the feed"),
            "written": gettext("In feeds.yaml:"),
            "reader": gettext("Open in the reader"),
            "unfold": gettext("Show the entries"),
            "pause": gettext("Pause"),
            "resume": gettext("Check it again"),
            "retire": gettext("Stop following"),
            "look": gettext("Look for the new address"),
            "health": gettext("How it is doing"),
            "icons": {
                name: icon(name, "is-filled" if name == "star" else "")
                for name in (
                    "message-circle",
                    "clock",
                    "star",
                    "ellipsis",
                    "check-check",
                    "refresh-cw",
                    "external-link",
                    "rss",
                    "arrow-down-to-line",
                    "book-open",
                    "pause",
                    "archive",
                    "chevron-up",
                    "chevron-down",
                    "search",
                    "circle-check",
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


def marks_of(box: Box, folded: bool = False) -> str:  # noqa: FBT001, FBT002 - of a filter
    """Write what a box has on the page, for the look at what has changed in it.

    `w`: it waits for its first lines, `f`: it is folded, `t`: it tells of a trouble, `m`: it
    names more entries.
    """
    has = (waits(box), folded, has_trouble(box.source), bool(box.rows and box.beyond))
    return "".join(mark for mark, is_so in zip("wftm", has, strict=True) if is_so)


def waits(box: Box) -> bool:
    """Tell whether a box still waits for the first answer of its feed."""
    source = box.source
    return not (box.rows or source.last_success_at or source.fault or source.paused)


def has_trouble(source: SourceHealth) -> bool:
    """Tell whether a box says what is wrong."""
    return source.fault is not None and not source.paused


def head_token(box: Box) -> str:
    """Make the token of what the head of a box says, its trouble and its foot included."""
    source = box.source
    checked_at = source.last_success_at
    trouble = (source.fault, source.next_poll_at, minute()) if source.fault else None
    return hx.seen(
        (source.name, source.icon, source.unread, box.news, box.beyond, source.paused),
        source.waiting_comments,
        (source.url, source.feed_url, source.site_url, source.page_slug),
        (trouble, checked_at and ago(checked_at), stale(source)),
    )


LONGEST_TITLE: Final = 300
"""Letters of a title that a line holds: nobody reads ten thousand of them there."""


def lines(box: Box) -> list[tuple[object, ...]]:
    """Give the lines of a box, taken apart in the order in which `_lines.html` names them.

    Asked twice for each box, for its token and for its lines: made once.
    """
    made: dict[int, list[tuple[object, ...]]] = g.setdefault("lines", {})
    if box.source.id not in made:
        made[box.source.id] = _lines(box)
    return made[box.source.id]


def _lines(box: Box) -> list[tuple[object, ...]]:
    stamp = stamper()
    return [
        (
            row.id,
            row.read,
            row.starred,
            row.language,
            row.title[:LONGEST_TITLE],
            row.excerpt,
            row.comment_count,
            bool(row.stored_comments),
            row.waiting_comments,
            stamp(row.published_at),
        )
        for row in box.rows
    ]


def lines_token(box: Box) -> str:
    """Make the token of the lines of a box: what may change in them while one looks at them."""
    return hx.seen(["\n".join(map(str, line)) for line in lines(box)])


def both_tokens(box: Box) -> str:
    """Make the token that a box keeps: of its head and of its lines."""
    return f"{head_token(box)}-{lines_token(box)}"


def stamper() -> Callable[[datetime], Markup]:
    """Make what writes the age of an entry, with the exact moment in its title.

    It is asked hundreds of times for one answer: it looks once what they have in common.
    """
    if "stamper" not in g:
        g.stamper = partial(_stamp_now, now(), local_zone(), language())
    stamp: Callable[[datetime], Markup] = g.stamper
    return stamp


def _stamp_now(moment: datetime, zone: ZoneInfo, language_tag: str, at: datetime) -> Markup:
    minutes = int((moment - at).total_seconds()) // 60
    if minutes >= DAY_MIN:  # a date, which says its year where that is not this one
        told = -moment.year
    else:
        told = minutes if minutes < HOUR_MIN else minutes - minutes % HOUR_MIN
    return _stamp(at, zone, language_tag, told)


@lru_cache(maxsize=8192)
def _stamp(at: datetime, _zone: ZoneInfo, _language_tag: str, _told: int) -> Markup:
    time = '<time datetime="{}" title="{}">{}</time>'
    return Markup(time).format(iso(at), exact(at), age(at))  # noqa: S704 - ours
