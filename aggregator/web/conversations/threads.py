"""Threads on a screen: the one under an article, one by itself, and what changes in them."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final, Literal

from flask import Blueprint, Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.conversations.comments import Comment, CommentId, State, ThreadId
from aggregator.domain.conversations.hours import office_hours
from aggregator.domain.conversations.waits import Wait, waited
from aggregator.errors import NotFoundError
from aggregator.services.conversations import pairing, showing
from aggregator.services.conversations.showing import ThreadView
from aggregator.web import hx, toast
from aggregator.web.articles import images_allowed, safe
from aggregator.web.current import context, follow_list, now
from aggregator.web.frame import screen
from aggregator.web.live import Asked, changed, instead
from aggregator.web.numbers import read_id
from aggregator.web.security import own_path
from aggregator.web.wording import duration, local_zone

screens: Final = Blueprint("threads", __name__)

LONG_COMMENT: Final = 900
"""Letters of a comment that is folded until one asks for all of it."""

PAIRED: Final = "paired"
"""Event: a comment stands elsewhere; threads.js has its thread shown again."""

LONGEST_NAME: Final = 80
_BELOW_THE_THREAD: Final = 4


def furnish(app: Flask) -> None:
    """Teach the templates to show comments."""
    filters = (short_name, wait, said, state_token)
    app.jinja_env.filters.update({each.__name__: each for each in filters})
    app.jinja_env.globals["long_comment"] = LONG_COMMENT


def short_name(name: str) -> str:
    """Cut a name that nobody would read to its end."""
    return name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + "…"


def wait(since: Any) -> Wait:
    """Measure how long a comment has waited, as one promises it."""
    said_so = follow_list().list.preferences
    hours = office_hours(said_so.office_hours, local_zone())
    return waited(since, now=now(), within=said_so.answer_within, hours=hours)


def said(content_html: str, images: bool) -> Any:  # noqa: FBT001 - of a filter
    """Give the words of a comment to a page, its pictures too where they may load."""
    return safe(content_html, images=images, headings=_BELOW_THE_THREAD)


def state_token(comment: Comment) -> str:
    """Make the token of where a comment stands; ages in words change with time."""
    aged = duration(now() - comment.published_at) if comment.state is State.WAITING else ""
    return hx.seen(comment.state.value, comment.answered_at, comment.filed_why, aged)


def values(view: ThreadView) -> dict[str, Any]:
    """Give what the templates of a thread need."""
    return {"view": view, "images": images_allowed(always=view.shows_images)}


@screens.get("/threads/<int:thread_id>")
def thread(thread_id: int) -> ResponseReturnValue:
    """Show a thread by itself; `after` goes on piece by piece, `comment` is one to show."""
    wanted = ThreadId(thread_id)
    after = read_id(request.args.get("after"))
    if after is not None:
        view = showing.go_on(context(), wanted, CommentId(after) if after else None)
        if hx.wants_part():
            return hx.part("conversations/_comments.html", **values(view))
    else:
        at = read_id(request.args.get("comment"))
        view = showing.show(context(), wanted, at=CommentId(at) if at else None)
        if hx.wants_part():
            return hx.part("conversations/_thread.html", **values(view))
    return screen("conversations/thread.html", **values(view))


@screens.post("/threads/<int:thread_id>/look")
def look(thread_id: int) -> ResponseReturnValue:
    """Write down that one has seen a thread, up to the comment that it showed last."""
    upto = CommentId(read_id(request.form.get("upto")) or 0)
    showing.look(context(), ThreadId(thread_id), upto)
    if hx.wants_part():
        return hx.quiet()
    back = own_path(request.form.get("next")) or url_for(".thread", thread_id=thread_id)
    return redirect(back, 303)


def news_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Say how many comments have come into an open thread since it was shown."""
    for part in asked:
        thread_id, _, upto = part.argument.partition("-")
        wanted, since = ThreadId(read_id(thread_id) or 0), CommentId(read_id(upto) or 0)
        with suppress(NotFoundError):
            news = showing.count_new(context(), wanted, since)
            shown = {"thread_id": wanted, "upto": since, "news": news}
            yield changed(part, str(news), "conversations/_news.html", **shown)


def states_again(asked: Sequence[Asked]) -> Iterator[str]:
    """Show again where comments stand: answered, put off, waiting for longer."""
    tokens = {CommentId(read_id(part.argument) or 0): part.token for part in asked}
    for comment in showing.comments(context(), list(tokens)):
        if tokens[comment.id] != state_token(comment):
            yield instead("conversations/_state.html", comment=comment)


@screens.get("/comments/<int:comment_id>/parent")
def candidates(comment_id: int) -> ResponseReturnValue:
    """Show whom a comment may answer, to choose from."""
    comment, found = showing.candidates(context(), CommentId(comment_id))
    shown: dict[str, Any] = {"comment": comment, "candidates": found}
    if hx.wants_part():
        return hx.part("conversations/_pairing.html", **shown)
    return screen("conversations/pairing.html", **shown)


@screens.post("/comments/<int:comment_id>/parent")
def set_parent(comment_id: int) -> ResponseReturnValue:
    """Say whom a comment answers: 0 the article, nothing as the rules find it."""
    told = request.form.get("parent")
    parent = read_id(told) if told else None
    if told is None or (told and parent is None and told != "0"):
        abort(400)
    wanted: CommentId | Literal[0] | None = CommentId(parent) if parent else 0 if told else None
    acted = pairing.set_parent(context(), CommentId(comment_id), wanted)
    comment, _ = showing.candidates(context(), CommentId(comment_id))
    back = url_for(
        ".thread",
        thread_id=comment.thread_id,
        comment=comment_id,
        _anchor=f"comment-{comment_id}",
    )
    return toast.after(toast.done(acted), PAIRED, hx.CHANGED, back=back)
