"""Where an entry can be shared: a list of plain links, and one's own Mastodon server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from aggregator.domain.items import EntryId, EntryRow
from aggregator.domain.sharing import server_name, short_title, without_tracking
from aggregator.errors import InvalidInputError
from aggregator.services import reading
from aggregator.translations import N_
from aggregator.web import cookies, hx
from aggregator.web.current import context
from aggregator.web.security import own_path

screens: Final = Blueprint("shares", __name__)

COOKIE: Final = "mastodon"
YEAR_S: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place to share at. `address` has {url}, {title} and {server} for what is shared.

    `name` is translated, which leaves proper names as they are. `at_server` is the address
    where one's own server is known. `icon` None stands for the initial of the name.
    """

    id: str
    name: str
    address: str
    icon: str | None = None
    at_server: str | None = None


TARGETS: Final = (
    Target(
        id="mail",
        name=N_("E-mail"),
        address="mailto:?subject={title}&body={title}%0D%0A%0D%0A{url}",
        icon="mail",
    ),
    Target(
        id="mastodon",
        name="Mastodon",
        address="https://share.joinmastodon.org/#text={title}%0A{url}",
        at_server="https://{server}/share?text={title}%0A{url}",
    ),
    Target(
        id="bluesky",
        name="Bluesky",
        address="https://bsky.app/intent/compose?text={title}%0A{url}",
    ),
    Target(
        id="linkedin",
        name="LinkedIn",
        address="https://www.linkedin.com/sharing/share-offsite/?url={url}",
    ),
    Target(
        id="facebook",
        name="Facebook",
        address="https://www.facebook.com/sharer/sharer.php?u={url}",
    ),
    Target(id="x", name="X", address="https://x.com/intent/post?text={title}&url={url}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What one shares of an entry, and the link of each target by its id."""

    url: str
    title: str
    server: str | None
    links: Mapping[str, str]
    targets: tuple[Target, ...] = TARGETS


def of(row: EntryRow, server: str | None) -> Sharing | None:
    """Give what is shared of an entry; None where it has no address.

    `server` is one's own Mastodon server, None where it is not known.
    """
    if row.url is None:
        return None
    url, title = without_tracking(row.url), short_title(row.title)
    words = {"url": quote(url, safe=""), "title": quote(title, safe=""), "server": server or ""}
    links = {
        target.id: (target.at_server if server and target.at_server else target.address).format(
            **words
        )
        for target in TARGETS
    }
    return Sharing(url=url, title=title, server=server, links=links)


def own_server() -> str | None:
    """Tell one's Mastodon server; a cookie may hold anything, and is read as such."""
    return server_name(request.cookies.get(COOKIE, ""))


@screens.post("/entries/<int:entry_id>/mastodon")
def remember(entry_id: int) -> ResponseReturnValue:
    """Keep the name of one's Mastodon server in a cookie; an empty one is forgotten."""
    row = reading.article(context(), EntryId(entry_id)).row
    written = request.form.get("server", "").strip()
    server = server_name(written)
    if written and server is None:
        raise InvalidInputError(
            N_("%(written)s is not the name of a server: write it like mamot.fr."),
            written=written[:80],
        )
    answer = _answer(row, server)
    if server is None:
        cookies.drop(answer, COOKIE)
    else:
        cookies.put(answer, COOKIE, server, max_age_s=YEAR_S)
    return answer


def _answer(row: EntryRow, server: str | None) -> Response:
    place = own_path(request.form.get("next")) or url_for("entries.entry", entry_id=row.id)
    if not hx.wants_part():
        return redirect(place, 303)
    sharing = of(row, server)
    return hx.part("entries/_share.html", row=row, sharing=sharing, place=place, is_open=True)
