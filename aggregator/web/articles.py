"""How an entry is shown: the words of its feed, its pictures if allowed, its files, its earlier.

One template (`entries/_panel.html`) shows it, floating over the board and as a pane of the
reader: `panel` gives it what it needs.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

from flask import Flask, request, url_for
from markupsafe import Markup, escape

from aggregator.domain.conversations.comments import CommentId
from aggregator.domain.enclosures import Kind, ending_of, file_name, kind_of
from aggregator.domain.items import Article, Enclosure, EntryId
from aggregator.domain.markup import (
    count_images,
    headings_from,
    named_images,
    scrollable,
    with_images,
    words_for_images,
)
from aggregator.services import reading
from aggregator.services.conversations import showing
from aggregator.web import shares
from aggregator.web.choices import choice
from aggregator.web.current import context
from aggregator.web.numbers import read_id
from aggregator.web.wording import gettext

ONE_IMAGES: Final = "images"
"""In the query of an entry's address: its pictures may load, this once."""

LONG_TITLE: Final = 180
"""Characters of a title that is folded until one asks for all of it."""

_BELOW_THE_TITLE: Final = 3
_RIGHT_TO_LEFT: Final = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "ur", "yi"})


class Pictures(StrEnum):
    """Whether the pictures of an entry load, and why."""

    NONE = "none"
    ASKED = "asked"
    ARTICLE = "article"
    SOURCE = "source"
    ALWAYS = "always"


def show(app: Flask) -> None:
    """Teach the templates to show an article."""
    app.jinja_env.filters.update(
        prose=prose,
        kind=kind_of,
        ending=ending_of,
        file_name=file_name,
        direction=direction,
    )
    app.jinja_env.globals["long_title"] = LONG_TITLE


def panel(
    article: Article, *, back: str, address_of: Callable[[EntryId], str] | None = None
) -> dict[str, Any]:
    """Give what the panel shows of an entry.

    `back` is where closing it leads. `address_of` tells the address of an entry on the
    screen where the panel stands; it is the board's unless told. Such an address shows the
    same panel when asked by htmx, and takes `images=1` in its query.
    """
    address_of = address_of or _on_the_board
    place = address_of(article.row.id)
    at = read_id(request.args.get("comment"))
    view = showing.of_entry(context(), article.row.id, at=CommentId(at) if at else None)
    return {
        "article": article,
        "back": back,
        "place": place,
        "with_images": f"{place}{'&' if '?' in place else '?'}{ONE_IMAGES}=1",
        "address_of": address_of,
        "pictures": pictures(article),
        "picture_count": count_images(article.content_html) + len(_loose_images(article)),
        "loose_images": _loose_images(article),
        "earlier": reading.earlier(context(), article),
        "view": view,
        "troubles": () if view else showing.troubles(context(), article.row),
        "images": images_allowed(always=article.shows_images),
        "sharing": shares.of(article.row, shares.own_server()),
    }


def images_allowed(*, always: bool) -> bool:
    """Tell whether the pictures of comments load; `always` is said of their source."""
    return always or choice("images") == "always" or ONE_IMAGES in request.args


def _on_the_board(entry_id: EntryId) -> str:
    return url_for("entries.entry", entry_id=entry_id)


def pictures(article: Article) -> Pictures:
    """Decide whether the pictures of an article load: the widest permission is the reason."""
    if not count_images(article.content_html) and not _loose_images(article):
        return Pictures.NONE
    if choice("images") == "always":
        return Pictures.ALWAYS
    if article.shows_images:
        return Pictures.SOURCE
    return Pictures.ARTICLE if ONE_IMAGES in request.args else Pictures.ASKED


def _loose_images(article: Article) -> tuple[Enclosure, ...]:
    """List the pictures that came as files, but for those that the text shows already."""
    return tuple(
        enclosure
        for enclosure in article.enclosures
        if kind_of(enclosure) is Kind.IMAGE
        if f'"{escape(enclosure.url)}"' not in article.content_html
    )


def prose(article: Article, shown: Pictures) -> Markup:
    """Give an entry's HTML to a page: `ingest.sanitise` made it safe before storing."""
    images = shown not in {Pictures.ASKED, Pictures.NONE}
    return safe(article.content_html, images=images, headings=_BELOW_THE_TITLE)


def safe(html: str, *, images: bool, headings: int) -> Markup:
    """Give stored HTML to a page, its pictures where they may load, its headings from a level."""
    html = named_images(html, str(escape(gettext("Image"))))
    html = with_images(html) if images else words_for_images(html)
    html = headings_from(html, headings)
    html = scrollable(html, str(escape(gettext("Table"))))
    return Markup(html)  # noqa: S704 - sanitised on its way in, and the policy allows no script


def direction(language: str | None) -> str:
    """Tell how a language is written; where it is not known, the first letter decides."""
    main = (language or "").partition("-")[0].lower()
    return "rtl" if main in _RIGHT_TO_LEFT else "auto"
