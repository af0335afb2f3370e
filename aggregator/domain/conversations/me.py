"""Which comments are mine, and who only borrows my name (PRODUCT.md, *mine*)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from aggregator.domain.conversations.comments import Mine
from aggregator.domain.conversations.names import fold

_USUAL_PORTS: Final = frozenset({None, 80, 443})


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """Who I am, ready to be compared: see `myself`."""

    names: frozenset[str]
    sites: frozenset[str]
    email_hashes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whether a comment is mine and by what; `suspect`: my name, with another's site."""

    mine: Mine | None
    suspect: bool = False


def myself(*, names: Iterable[str], sites: Iterable[str], email_hashes: Iterable[str]) -> Self:
    """Make who I am comparable; the hashes are those that storage keeps of my addresses."""
    return Self(
        names=frozenset(map(fold, names)) - {""},
        sites=frozenset(map(place, sites)) - {""},
        email_hashes=frozenset(email_hashes),
    )


def whose(
    *, name: str, url: str | None, email_hash: str | None, by_author: bool, own: bool, me: Self
) -> Whose:
    """Tell whether a comment is mine; `own` is a source marked `mine: true`."""
    if email_hash is not None and email_hash in me.email_hashes:
        return Whose(mine=Mine.EMAIL)
    site = place(url) if url else ""
    if _is_mine(site, me):
        return Whose(mine=Mine.SITE)
    if own and by_author:
        return Whose(mine=Mine.AUTHOR)
    named = fold(name) in me.names
    if own and named and not site:
        return Whose(mine=Mine.NAME)
    return Whose(mine=None, suspect=named and bool(site))


def _is_mine(site: str, me: Self) -> bool:
    """Tell whether a site is one of mine, or a page below one of them."""
    bare, _, query = site.partition("?")
    if query and site in me.sites:
        return True
    while bare:
        if bare in me.sites:
            return True
        bare = bare.rpartition("/")[0]
    return False


def place(url: str) -> str:
    """Make a site comparable: host, path and query, without scheme, `www.` and the last slash.

    Empty where it is no address of a site.
    """
    try:
        parts = urlsplit(url if ":" in url else f"//{url}")
        host, port = _host(parts), parts.port
    except ValueError:  # "http://[", a port beyond 65535, a name that no host can have
        return ""
    if parts.scheme not in {"", "http", "https"} or not host:
        return ""
    path = unquote(parts.path).rstrip("/").casefold()
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{'' if port in _USUAL_PORTS else f':{port}'}{path}{query}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    return host.removeprefix("www.")
