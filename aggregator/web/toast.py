"""The short message after an act, and the way to undo it, with and without JavaScript."""

from dataclasses import dataclass
from typing import cast

from flask import flash, get_flashed_messages, redirect, request
from flask.typing import ResponseReturnValue

from aggregator.domain.boards import Act, Acted, ActionId
from aggregator.web import hx
from aggregator.web.security import own_path
from aggregator.web.wording import gettext, ngettext


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
    words = {
        Act.READ: ngettext("Marked as read.", "%(num)s entries marked as read.", acted.count),
        Act.UNREAD: ngettext(
            "Marked as unread.", "%(num)s entries marked as unread.", acted.count
        ),
        Act.STAR: ngettext("Kept for later.", "%(num)s entries kept for later.", acted.count),
        Act.UNSTAR: ngettext("No longer kept.", "%(num)s entries no longer kept.", acted.count),
    }
    return Toast(text=words[acted.act], undo=acted.action_id)


def undone(acted: Acted) -> Toast:
    """Say what became of the entries whose act was taken back."""
    if not acted.count:
        return Toast(text=gettext("Nothing had to be changed."))
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
