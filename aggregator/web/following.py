"""Following from the browser: an address or a list, looked at first, then written.

Nothing is kept between the steps but in the forms themselves; what they say is judged again.
"""

import json
from typing import Any, Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aggregator.domain.exchange import Subscription
from aggregator.errors import InvalidInputError, UnavailableError
from aggregator.services import editing, finding, importing, reading, reverting
from aggregator.translations import N_
from aggregator.web import hx, toast
from aggregator.web.current import context, follow_list
from aggregator.web.frame import screen
from aggregator.web.wording import fault_sentence, gettext, language, mistake, ngettext

screens: Final = Blueprint("following", __name__)

MOST_FORM_BYTES: Final = 6 * 1024 * 1024
"""What a form of these pages may hold: a list, or a feeds.yaml."""


@screens.before_request
def _allow_lists() -> None:
    request.max_content_length = MOST_FORM_BYTES
    request.max_form_memory_size = MOST_FORM_BYTES


@screens.get("/add")
def add() -> ResponseReturnValue:
    """Ask what to follow; `url` is filled in."""
    return _step("ask", typed=request.args.get("url", "")[:2_000])


@screens.post("/add")
def look() -> ResponseReturnValue:
    """Look for the feeds of an address, or read a list."""
    typed, file = request.form.get("what", "").strip(), request.files.get("file")
    content = file.read() if file is not None and file.filename else b""
    if not content and not typed:
        return _step("ask", problem=gettext("Type an address, paste a list, or choose a file."))
    try:
        if not content and len(typed.split()) == 1 and not typed.startswith("<"):
            return _look_at(typed, everywhere="everywhere" in request.form)
        return _read_list(content or typed.encode(), typed)
    except UnavailableError:
        raise
    except InvalidInputError as error:
        return _step("ask", typed=typed, problem=mistake(error))


def _look_at(typed: str, *, everywhere: bool) -> ResponseReturnValue:
    found = finding.find(context(), typed, everywhere=everywhere)
    there = importing.already(context(), [found.address, *(feed.url for feed in found.usable[:1])])
    if there is not None:
        return _step("ask", typed=typed, there=there)
    if not found.usable:
        said = fault_sentence(found.fault, typed=True) if found.fault else ""
        return _step("ask", typed=typed, problem=said, found=found)
    best = found.usable[0]
    wanted = Subscription(url=best.url, name=best.title)
    near = importing.of_site(context(), found.address)
    return _step("choose", typed=typed, found=found, chosen=wanted, near=near, **_lines([wanted]))


def _read_list(content: bytes, typed: str) -> ResponseReturnValue:
    read = importing.read_list(context(), content)
    if not read.new and not read.followed:
        problem = gettext("No address that can be followed was found in it.")
        return _step("ask", typed=typed, problem=problem, left_out=read.left_out)
    if _is_first():
        return _first(read.new, read=read)
    return _step("list", typed=typed, read=read, **_lines(read.new))


@screens.post("/add/lines")
def lines() -> ResponseReturnValue:
    """Show the lines that the choices of a form will add."""
    try:
        values = _lines(_chosen())
    except UnavailableError:
        raise
    except InvalidInputError as error:
        values = {"problem": mistake(error)}
    if hx.wants_part():
        return hx.part("following/_lines.html", **values)
    return _step("list", read=None, **values)


@screens.post("/follow")
def follow() -> ResponseReturnValue:
    """Write the chosen sources into feeds.yaml, unless it changed since it was shown."""
    wanted = _chosen()
    if _is_first():
        return _first(wanted)
    if request.form.get("digest") != editing.digest(context()):
        return _step("list", read=None, changed=True, **_lines(wanted))
    before = editing.digest(context())
    added = editing.follow(context(), wanted)
    said = ngettext(
        "Followed: the first entries come in a moment.",
        "%(num)s sources are followed: their first entries come in a moment.",
        len(added),
    )
    undo = url_for(".undo", before=before, after=editing.digest(context()))
    done = toast.Toast(text=said, undo_path=undo)
    return toast.after(done, hx.CHANGED, back=_place_of(wanted))


@screens.post("/follow/undo/<after>/<before>")
def undo(after: str, before: str) -> ResponseReturnValue:
    """Put back the feeds.yaml that was there before following, unless it was edited since."""
    if reverting.take_back(context(), before=before, after=after):
        said = gettext("Undone: feeds.yaml is as it was before.")
    else:
        said = gettext("feeds.yaml was edited since: take out by hand what you do not want.")
    return toast.on_page(toast.Toast(text=said), url_for("pages.first"))


@screens.post("/welcome")
def write_first() -> ResponseReturnValue:
    """Write the first feeds.yaml as the person left it in the form."""
    text = request.form.get("text", "")
    problems = editing.write_first(context(), text)
    if problems:
        return _step("first", text=text, problems=problems, read=None)
    said = gettext("feeds.yaml is written: the first entries come in a moment.")
    return toast.after(toast.Toast(text=said), hx.CHANGED, back=url_for("pages.first"))


@screens.post("/feeds-yaml")
def write_again() -> ResponseReturnValue:
    """Write the list in use to feeds.yaml again, which has been deleted."""
    editing.write_again(context())
    said = toast.Toast(text=gettext("feeds.yaml is written again."))
    return toast.after(said, hx.CHANGED, back=url_for("pages.first"))


def welcome() -> ResponseReturnValue:
    """Show how to begin, where nothing is followed yet."""
    return _step("ask")


def _step(step: str, **values: Any) -> ResponseReturnValue:
    shown = {"is_first": _is_first(), "step": step, **values}
    shown["following"] = follow_list()
    shown["example"] = context().settings.example
    shown["page_names"] = importing.pages(context())
    if hx.wants_part():
        return render_template(f"following/_{step}.html", **shown)
    return screen("following/index.html", **shown)


def _first(wanted: Any, read: importing.Import | None = None) -> ResponseReturnValue:
    text = editing.first_text(wanted, language())
    return _step("first", text=text, problems=(), read=read)


def _is_first() -> bool:
    """Tell whether no feeds.yaml is in use, nor one there that cannot be used yet."""
    followed = follow_list()
    return not followed.exists and not followed.list.sources


def _lines(wanted: Any) -> dict[str, Any]:
    """Give what a form shows of the lines to come, and what it says again when they are sent."""
    carried = json.dumps([[one.url, one.name, one.page] for one in wanted], ensure_ascii=False)
    if _is_first() or not wanted:
        return {"draft": None, "wanted": carried, "count": len(wanted)}
    draft = editing.draft_of_following(context(), wanted)
    return {"draft": draft, "wanted": carried, "count": len(wanted)}


def _chosen() -> list[Subscription]:
    """Read what a form wishes to follow: one source by its fields, or those of a list."""
    form = request.form
    if "url" in form:
        return [_subscription(form["url"], form.get("name"), form.get("page"))]
    try:
        return [_subscription(*one) for one in json.loads(form.get("wanted", ""))]
    except (ValueError, TypeError):
        abort(400)


def _subscription(url: object, name: object, page: object) -> Subscription:
    said = [one.strip() or None if isinstance(one, str) else None for one in (url, name, page)]
    if said[0] is None:
        raise InvalidInputError(N_("An address is missing: go back and choose one."))
    if "${" in said[0]:
        raise InvalidInputError(
            N_("Addresses with a ${NAME} are written into feeds.yaml by hand: %(url)s"),
            url=said[0],
        )
    return Subscription(url=said[0], name=said[1], page=said[2])


def _place_of(wanted: list[Subscription]) -> str:
    """Find the page on which what was just followed stands."""
    name = wanted[0].page if wanted else None
    slug = next((tab.slug for tab in reading.tabs(context()) if tab.name == name), None)
    return url_for("pages.page", slug=slug) if slug else url_for("pages.first")
