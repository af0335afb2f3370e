"""What stays fresh around comments: the queues, the count in the rail, the bars of acts."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup

from aggregator.domain.conversations.comments import Comment, CommentId
from aggregator.domain.conversations.inbox import QUEUE_WORDS, Queue
from aggregator.domain.conversations.putting_off import Until
from aggregator.domain.conversations.waits import Haste
from aggregator.services.conversations import inbox, showing
from aggregator.services.conversations.inbox import Means
from aggregator.translations import N_
from aggregator.web import hx
from aggregator.web.boxes import minute
from aggregator.web.current import context
from aggregator.web.live import Asked, changed, instead
from aggregator.web.numbers import read_id
from aggregator.web.wording import gettext

REASONS: Final = (
    N_("No answer needed"),
    N_("Answered elsewhere"),
    N_("Off the subject"),
    N_("Spam"),
)
UNTILS: Final = {
    Until.TOMORROW: N_("Tomorrow"),
    Until.THREE_DAYS: N_("In 3 days"),
    Until.NEXT_WEEK: N_("Next week"),
}
LONGEST_ADDRESS: Final = 60
BUTTON: Final = Markup("{}<span>{}</span>")
LATE: Final = Markup(" · <b>{}</b>")


def furnish(app: Flask) -> None:
    """Teach the templates to show the acts on comments."""
    app.jinja_env.filters.update(bar_token=bar_token, bare_address=bare_address)
    app.jinja_env.globals.update(
        means_of=means_of,
        inbox_words=inbox_words,
        bar_words=bar_words,
        reasons=REASONS,
        untils=UNTILS,
    )


def means_of(comment: Comment) -> Means:
    """Give what a comment is answered and filed with."""
    return inbox.means(context(), comment)


def inbox_words() -> dict[str, Any]:
    """Say once what stands in each line."""
    icon: Any = current_app.jinja_env.globals["icon"]
    return {
        "choose": gettext("Choose for acts on several"),
        "choose_of": Markup("{}").format(gettext("Choose the comment of %(name)s", name="{}")),
        "office": Markup("{}").format(gettext("%(time)s in office hours", time="{}")),
        "hastes": {
            Haste.CALM.value: "",
            Haste.SOON.value: f" · {gettext('due soon')}",
            Haste.LATE.value: LATE.format(gettext("late")),
        },
        "draft": gettext("draft"),
        "note": gettext("With a note"),
        "kept": gettext("Kept for later"),
        "icons": {"note": icon("paperclip", ""), "star": icon("star", "is-filled")},
    }


def bar_words() -> dict[str, Any]:
    """Say once what stands under each of many comments, ready to be written."""
    if "bar_words" not in g:
        icon: Any = current_app.jinja_env.globals["icon"]

        def button(name: str, words: str) -> Markup:
            return BUTTON.format(icon(name, ""), words)

        g.bar_words = {
            "inbox": f"{request.script_root}/comments",
            "comments": f"{request.script_root}/comments/",
            "answer": button("message-circle", gettext("Answer")),
            "answer_at": gettext("Answer at the source (r)"),
            "closed": button("check", gettext("I have answered")),
            "closed_at": gettext("I have answered: close it"),
            "file": button("archive", gettext("File away")),
            "file_at": gettext("File away (e)"),
            "snooze": button("clock", gettext("Put off until tomorrow")),
            "snooze_at": gettext("Put off until tomorrow (h)"),
            "waiting": button("inbox", gettext("Back to waiting")),
            "unhide": button("inbox", gettext("Show it again")),
            "keep": gettext("Keep for later"),
            "keep_at": gettext("Keep for later (s)"),
            "star": icon("star", ""),
            "starred": icon("star", "is-filled"),
        }
    words: dict[str, Any] = g.bar_words
    return words


def bare_address(url: str) -> str:
    """Write an address as one says it: without its scheme, and not too long."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url[:LONGEST_ADDRESS]
    bare = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
    return bare if len(bare) <= LONGEST_ADDRESS else f"{bare[:LONGEST_ADDRESS]}…"


def bar_token(comment: Comment) -> str:
    """Make the token of what one did with a comment."""
    done = (comment.starred, comment.assigned_to, comment.labels, comment.note)
    return hx.seen(comment.state.value, comment.answered_by, comment.closed_at, done)


def queues_values(here: Queue) -> dict[str, Any]:
    """Give what the queues show."""
    counts = inbox.counts(context())
    shown = [(queue, count.number, count.oldest_at) for queue, count in counts.items()]
    return {
        "counts": counts,
        "here_queue": here,
        "queue_words": QUEUE_WORDS,
        "queue_addresses": {
            queue: url_for("inbox.index", queue=queue.value)
            if queue is not Queue.WAITING
            else url_for("inbox.index")
            for queue in Queue
        },
        "queues_key": here.value,
        "queues_seen": hx.seen(shown, minute()),
    }


def queues_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the queues again where a count, or the longest wait, has changed."""
    for part in asked:
        if part.argument in {*Queue}:
            values = queues_values(Queue(part.argument))
            yield changed(part, values["queues_seen"], "conversations/_queues.html", **values)


def bars_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show the acts of comments again, after something was done with them."""
    tokens = {CommentId(read_id(part.argument) or 0): part.token for part in asked}
    for comment in showing.comments(context(), list(tokens)):
        if tokens[comment.id] != bar_token(comment):
            yield instead("conversations/_bar.html", comment=comment)
