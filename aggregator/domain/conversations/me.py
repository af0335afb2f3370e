"""Which comments are mine, and who only borrows my name (PRODUCT.md, *mine*)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.domain.conversations.comments import Mine


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """Who I am, ready to be compared: `email_hashes` as storage keeps them."""

    names: frozenset[str]
    sites: frozenset[str]
    email_hashes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whether a comment is mine and by what; `suspect`: my name, with another's site."""

    mine: Mine | None
    suspect: bool = False


def whose(
    *, name: str, url: str | None, email_hash: str | None, by_author: bool, own: bool, me: Self
) -> Whose:
    """Tell whether a comment is mine; `own` is a source marked `mine: true`."""
    if email_hash is not None and email_hash in me.email_hashes:
        return Whose(mine=Mine.EMAIL)
    if url is not None and place(url) in me.sites:
        return Whose(mine=Mine.SITE)
    if own and by_author:
        return Whose(mine=Mine.AUTHOR)
    if own and url is None and name.casefold() in me.names:
        return Whose(mine=Mine.NAME)
    return Whose(mine=None, suspect=name.casefold() in me.names)


def place(url: str) -> str:
    """Make a site comparable: host and path, without scheme, `www.` and the last slash."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port else ""
    return f"{host}{port}{parts.path.rstrip('/')}"
