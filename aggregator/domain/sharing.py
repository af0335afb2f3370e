"""What is shared of an entry: its address without what follows people, its title cut short."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit, urlunsplit

_TRACKING: Final = re.compile(
    r"(?:utm_\w+|at_(?:medium|campaign|custom\d|creation|link_\w+|ptr_\w+|bbc_team)|pk_\w+|mtm_\w+"
    r"|mc_[ce]id|_hs(?:enc|mi)|hsa_\w+|vero_(?:id|conv)|oly_(?:anon|enc)_id|fbclid|gclid|gclsrc"
    r"|dclid|gbraid|wbraid|msclkid|yclid|ymclid|twclid|ttclid|igshid?|li_fat_id|srsltid|xtor"
    r"|wt_zmc|cmpid|mkt_tok|rb_clickid|s_cid|__s)",
    re.IGNORECASE,
)
"""Names of what campaigns and networks add to an address to follow who passes it on."""

MOST_TITLE: Final = 200
"""Characters of a title that are shared: a post on a network has room for 280 or so."""


def without_tracking(url: str) -> str:
    """Take out of an address what only follows readers; all else stays as it is written."""
    parts = urlsplit(url)
    query = "&".join(_kept(parts.query.split("&")))
    fragment = parts.fragment
    if "=" in fragment:  # some put it there: #xtor=RSS-1
        fragment = "&".join(_kept(fragment.split("&")))
    if (query, fragment) == (parts.query, parts.fragment):
        return url
    return urlunsplit(parts._replace(query=query, fragment=fragment))


def _kept(pairs: Iterable[str]) -> list[str]:
    return [pair for pair in pairs if not _TRACKING.fullmatch(pair.partition("=")[0])]


def short_title(title: str) -> str:
    """Cut a title at a word to what a post has room for."""
    if len(title) <= MOST_TITLE:
        return title
    cut = title[: MOST_TITLE - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) > MOST_TITLE // 2 else cut) + "…"


_MOST_HOST: Final = 253
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def server_name(written: str) -> str | None:
    """Read the name of somebody's Mastodon server from how it was written; None if it is none.

    An address of a page there, or a full account name, does too.
    """
    rest = written.strip().rpartition("//")[2].partition("/")[0].rpartition("@")[2].lower()
    host, _, port = rest.partition(":")
    if port and not port.isdecimal():
        return None
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = ascii_host.split(".")
    if len(labels) < 2 or len(ascii_host) > _MOST_HOST or not all(map(_LABEL.fullmatch, labels)):
        return None
    return f"{ascii_host}:{port}" if port else ascii_host
