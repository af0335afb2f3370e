"""The short message after an act, and the way to undo it, with and without JavaScript."""

from dataclasses import dataclass
from typing import Final, cast

from flask import flash, get_flashed_messages, redirect, request
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Act, Acted, ActionId
from aggregator.domain.conversations.acts import CommentAct
from aggregator.translations import N_
from aggregator.web import hx
from aggregator.web.security import own_path
from aggregator.web.wording import gettext, ngettext

_ON_COMMENTS: Final = {
    CommentAct.SENT: N_("Sent, to be confirmed."),
    CommentAct.CLOSED: N_("Answered."),
    CommentAct.WAITING: N_("Waits for an answer again."),
    CommentAct.FILED: N_("Filed away."),
    CommentAct.SNOOZED: N_("Put off."),
    CommentAct.ASSIGNED: N_("Assigned."),
    CommentAct.LABELLED: N_("Label added."),
    CommentAct.UNLABELLED: N_("Label taken off."),
    CommentAct.NOTED: N_("Note kept."),
    CommentAct.HIDDEN: N_("Hidden."),
    CommentAct.UNHIDDEN: N_("Shown again."),
    CommentAct.STARRED: N_("Kept for later."),
    CommentAct.UNSTARRED: N_("No longer kept."),
    CommentAct.PAIRED: N_("Moved to where it belongs."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """A message; `undo` is the act that it can take back, None where there is nothing to.

    `undo_path` takes back what is no act on entries, by a POST.
    """

    text: str
    undo: ActionId | None = None
    undo_path: str | None = None
    bad: bool = False


def after(toast: Toast, *events: str, back: str) -> ResponseReturnValue:
    """Answer an act: the toast as a part, or on the page where the person was.

    That page is the form's own `next`, else `back`.
    """
    if hx.wants_part():
        return hx.part("frame/_toast.html", *events, toast=toast)
    return on_page(toast, own_path(request.form.get("next")) or back)


def on_page(toast: Toast, path: str) -> ResponseReturnValue:
    """Go to a page that says it, for htmx too: the one at hand shows what is no longer so."""
    flash(toast.text, toast.undo_path or str(toast.undo or ""))
    return hx.gone_to(path) if hx.wants_part() else redirect(path, 303)


def left() -> Toast | None:
    """Take the toast that the act before this page left behind."""
    flashed = cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))
    if not flashed:
        return None
    undo, text = flashed[-1]
    if undo.startswith("/"):
        return Toast(text=text, undo_path=undo)
    return Toast(text=text, undo=ActionId(int(undo)) if undo else None)


def done(acted: Acted) -> Toast:
    """Say what an act came to."""
    if not acted.count:
        return Toast(text=gettext("Nothing had to be changed."))
    if isinstance(acted.act, CommentAct):
        return Toast(text=_on_comments(acted.act, acted.count), undo=acted.action_id)
    words = {
        Act.READ: ngettext("Marked as read.", "%(num)s entries marked as read.", acted.count),
        Act.UNREAD: ngettext(
            "Marked as unread.", "%(num)s entries marked as unread.", acted.count
        ),
        Act.STAR: ngettext("Kept for later.", "%(num)s entries kept for later.", acted.count),
        Act.UNSTAR: ngettext("No longer kept.", "%(num)s entries no longer kept.", acted.count),
    }
    return Toast(text=words[acted.act], undo=acted.action_id)


def _on_comments(act: CommentAct, count: int) -> str:
    """Say what was done, and to how many where they are several."""
    said = gettext(_ON_COMMENTS[act])
    if count == 1:
        return said
    return f"{said} {ngettext('%(num)s comment', '%(num)s comments', count)}"


def undone(acted: Acted) -> Toast:
    """Say what became of the entries whose act was taken back."""
    if not acted.count:
        return Toast(text=gettext("Nothing had to be changed."))
    if isinstance(acted.act, CommentAct):
        return Toast(
            text=ngettext(
                "The comment is as it was.", "%(num)s comments are as they were.", acted.count
            )
        )
    words = {
        Act.READ: ngettext(
            "Marked as read again.", "%(num)s entries marked as read again.", acted.count
        ),
        Act.UNREAD: ngettext(
            "Marked as unread again.", "%(num)s entries marked as unread again.", acted.count
        ),
        Act.STAR: ngettext(
            "Kept for later again.", "%(num)s entries kept for later again.", acted.count
        ),
        Act.UNSTAR: ngettext(
            "No longer kept, as before.",
            "%(num)s entries no longer kept, as before.",
            acted.count,
        ),
    }
    return Toast(text=words[acted.act])
