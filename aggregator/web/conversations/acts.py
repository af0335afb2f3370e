"""Acts on comments, each the answer to a form; with htmx a toast says what was done.

Without JavaScript the page comes again: the next comment of the queue (`leaving`) where the one
that was open (`of`) left it, else the same page (`next`).
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Acted
from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.conversations.putting_off import Until
from aggregator.errors import InvalidInputError
from aggregator.services.conversations import acts, inbox
from aggregator.translations import N_
from aggregator.web import hx, toast
from aggregator.web.current import context
from aggregator.web.numbers import read_id
from aggregator.web.security import own_path
from aggregator.web.toast import Toast
from aggregator.web.wording import gettext, ngettext

screens: Final = Blueprint("comment_acts", __name__)

MOST_AT_ONCE: Final = 500
LEAVE: Final = frozenset({"sent", "closed", "waiting", "file", "snooze", "hide", "unhide"})
"""What takes a comment out of the queue in which it stands."""


@screens.get("/comments/<int:comment_id>/acts")
def wide(comment_id: int) -> ResponseReturnValue:
    """Show all one can do with a comment, where there was a bar; else the inbox with it open."""
    if not hx.wants_part():
        return redirect(url_for("inbox.index", comment=comment_id))
    one = inbox.comment(context(), CommentId(comment_id))
    return hx.part("conversations/_acts.html", comment=one, acts_of=one.id)


@screens.post("/comments/<int:comment_id>/draft")
def draft(comment_id: int) -> ResponseReturnValue:
    """Keep the answer one is writing; put a saved phrase into it where one is named."""
    text = request.form.get("draft", "")
    if (phrase_id := read_id(request.form.get("phrase"))) is not None:
        text = inbox.with_phrase(context(), text, phrase_id)
    acts.keep_draft(context(), CommentId(comment_id), text)
    if hx.wants_part():
        return hx.quiet()
    said = Toast(text=gettext("The draft is kept."))
    return toast.on_page(said, _back(comment_id))


@screens.post("/comments/<int:comment_id>/ask")
def ask(comment_id: int) -> ResponseReturnValue:
    """Have the source asked again for an answer that was sent."""
    if acts.look_again(context(), CommentId(comment_id)):
        said = Toast(text=gettext("The source is asked again in a moment."))
    else:
        words = N_("The comments of this source are not asked for: nothing can be looked up.")
        said = Toast(text=gettext(words), bad=True)
    return toast.after(said, back=_back(comment_id))


def _sent(one: CommentId) -> Acted:
    if "draft" in request.form:
        acts.keep_draft(context(), one, request.form["draft"])
    return acts.sent(context(), one)


def _file(one: CommentId) -> Acted:
    why = request.form.get("preset") or request.form.get("why", "")
    return acts.file_away(context(), [one], why)


def _snooze(one: CommentId) -> Acted:
    return acts.put_off(context(), [one], _until())


def _until() -> Until | date:
    """Read until when something is put off: tomorrow unless told."""
    if "until" in request.form:
        try:
            return Until(request.form["until"])
        except ValueError:
            abort(400)
    if "day" not in request.form:
        return Until.TOMORROW
    try:
        return date.fromisoformat(request.form["day"])
    except ValueError as error:
        raise InvalidInputError(acts.NO_DAY) from error


_ACTS: Final[Mapping[str, Callable[[CommentId], Acted]]] = {
    "sent": _sent,
    "closed": lambda one: acts.close(context(), one),
    "waiting": lambda one: acts.wait_again(context(), [one]),
    "file": _file,
    "snooze": _snooze,
    "assign": lambda one: acts.assign(context(), one, request.form.get("name", "")),
    "label": lambda one: acts.label(context(), [one], request.form.get("label", ""), carried=True),
    "unlabel": lambda one: acts.label(
        context(), [one], request.form.get("off", ""), carried=False
    ),
    "note": lambda one: acts.note(context(), one, request.form.get("note", "")),
    "hide": lambda one: acts.hide(context(), [one], hidden=True),
    "unhide": lambda one: acts.hide(context(), [one], hidden=False),
    "star": lambda one: acts.star(context(), one, starred=True),
    "unstar": lambda one: acts.star(context(), one, starred=False),
}


@screens.post(f"/comments/<int:comment_id>/<any({', '.join(_ACTS)}):act>")
def change(comment_id: int, act: str) -> ResponseReturnValue:
    """Do something with one comment."""
    one = CommentId(comment_id)
    acted = _ACTS[act](one)
    leaves = act in LEAVE and read_id(request.form.get("of")) == comment_id
    back = _back(comment_id)
    if leaves and not hx.wants_part():
        return toast.on_page(toast.done(acted), own_path(request.form.get("leaving")) or back)
    return toast.after(toast.done(acted), hx.CHANGED, back=back)


@screens.post("/comments/acts")
def several() -> ResponseReturnValue:
    """Do something with the chosen comments, as one act."""
    ids = [read_id(each) for each in request.form.getlist("id")[:MOST_AT_ONCE]]
    if None in ids:
        abort(400)
    chosen = [CommentId(each) for each in ids if each is not None]
    back = url_for("inbox.index")
    if not chosen:
        return toast.after(Toast(text=gettext("Choose comments first."), bad=True), back=back)
    match request.form.get("act"):
        case "file":
            acted = acts.file_away(context(), chosen, request.form.get("why", ""))
        case "snooze":
            acted = acts.put_off(context(), chosen, _until())
        case "hide":
            acted = acts.hide(context(), chosen, hidden=True)
        case "label":
            acted = acts.label(context(), chosen, request.form.get("label", ""), carried=True)
        case _:
            abort(400)
    return toast.after(toast.done(acted), hx.CHANGED, back=back)


@screens.post("/comments/phrases")
def keep_phrase() -> ResponseReturnValue:
    """Save the answer one is writing as a phrase."""
    text = request.form.get("draft", "")
    comment_id = _of_draft(text)
    acts.keep_phrase(context(), text)
    return _phrases(comment_id, gettext("Kept as a phrase."))


@screens.post("/comments/phrases/<int:phrase_id>/delete")
def drop_phrase(phrase_id: int) -> ResponseReturnValue:
    """Forget a saved phrase."""
    comment_id = _of_draft(request.form.get("draft", ""))
    acts.drop_phrase(context(), phrase_id)
    return _phrases(comment_id, gettext("The phrase is deleted."))


def _of_draft(text: str) -> CommentId:
    """Keep the draft of the form at hand; tell of which comment it is."""
    number = read_id(request.form.get("comment"))
    if number is None:
        abort(400)
    acts.keep_draft(context(), CommentId(number), text)
    return CommentId(number)


def _phrases(comment_id: CommentId, words: str) -> ResponseReturnValue:
    if not hx.wants_part():
        return toast.on_page(Toast(text=words), _back(comment_id))
    one = inbox.comment(context(), comment_id)
    values: dict[str, Any] = {"comment": one, "means": inbox.means(context(), one)}
    return hx.part("conversations/_phrases.html", **values)


@screens.post("/comments/labels/unused")
def drop_unused_labels() -> ResponseReturnValue:
    """Forget the labels that no comment carries."""
    dropped = acts.drop_unused_labels(context())
    words = ngettext("%(num)s label forgotten.", "%(num)s labels forgotten.", dropped)
    said = Toast(text=words if dropped else gettext("Nothing had to be changed."))
    return toast.after(said, back=url_for("inbox.index"))


def _back(comment_id: int) -> str:
    """Give the page one was on, else the inbox with the comment open."""
    return own_path(request.form.get("next")) or url_for("inbox.index", comment=comment_id)
