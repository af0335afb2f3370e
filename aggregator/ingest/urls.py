"""Web addresses: what is sent of them, to whom, and what is kept to oneself."""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urljoin

from yarl import URL

from aggregator.errors import FetchError

_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?:(?P<user>[^/?#\\]*)@)?(?P<host>\[[^/?#\\@\s\[\]]+\]|[^/?#\\@\s:\[\]]+)"
    r"(?::(?P<port>[0-9]{0,5}))?(?P<rest>(?:[/?][^#]*)?)(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_USER: Final = re.compile(r"^([^/?#]*://)[^/?#]*@")
_PORTS: Final = {"http": 80, "https": 443}
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F)))
_UNSENDABLE: Final = re.compile(r"[^!-~]")

Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One address, taken apart for a request.

    `url` has no user info and no fragment; but for what cannot be sent it is the text that
    was given. `path` is all that follows the authority. `authorization` is the header that
    the user info stands for. `host` is lower-case, without port, brackets and final dot.
    """

    url: str
    scheme: str
    authority: str
    host: str
    port: int
    path: str
    authorization: str | None

    @property
    def origin(self) -> Origin:
        """Tell the origin (RFC 6454 §4)."""
        return self.scheme, self.host, self.port


def target(url: str) -> Target:
    """Take an address apart.

    No general parser is asked: two that read one address differently are how guards are
    got around, so one strict pattern decides what is host, port and path.

    Raises:
        FetchError: `bad-address`, it is no web address.
    """
    found = _ADDRESS.fullmatch(url.strip())
    if found is None:
        raise _bad(url)
    scheme = found["scheme"].lower()
    port = int(found["port"] or _PORTS[scheme])
    try:
        host, rest = _sendable_host(found["host"]), _sendable(found["rest"])
    except ValueError as error:
        raise _bad(url) from error
    if not 0 < port < 2**16:
        raise _bad(url)
    authority = f"{host}:{port}" if found["port"] else host
    return Target(
        url=f"{scheme}://{authority}{rest}",
        scheme=scheme,
        authority=authority,
        host=host.strip("[]").rstrip(".").lower(),
        port=port,
        path=rest if rest.startswith("/") else "/" + rest,
        authorization=_basic(found["user"]) if found["user"] else None,
    )


def host_of(url: str) -> str:
    """Tell the host of an address, lower-case and without port.

    Raises:
        FetchError: `bad-address`, it is no web address.
    """
    return target(url).host


def without_user_info(url: str) -> str:
    """Take name and password out of an address; all else stays as it is."""
    return _USER.sub(r"\1", url.strip())


def signed_like(written: str, url: str) -> str:
    """Give `url` the user info of `written`, if both are of one origin and it has none."""
    found = _ADDRESS.fullmatch(written.strip())
    if not found or not found["user"] or target(written).origin != target(url).origin:
        return url
    return without_user_info(url).replace("://", f"://{found['user']}@", 1)


def resolve(base: str, reference: str) -> str:
    """Make a reference found at `base` absolute.

    Raises:
        FetchError: `bad-address`, they make no address.
    """
    try:
        return urljoin(base, reference.strip())
    except ValueError as error:
        raise _bad(reference) from error


def _bad(url: str) -> FetchError:
    shown = without_user_info(url).encode("utf-8", "replace").decode("utf-8")
    return FetchError("bad-address", url=shown)


def _sendable(path: str) -> str:
    """Percent-encode what cannot be sent, undecodable bytes of a header as what they were."""
    if not _UNSENDABLE.search(path):
        return path
    return quote(path.encode("utf-8", "surrogateescape"), safe=_PRINTABLE)


def _sendable_host(host: str) -> str:
    """Write a host as DNS knows it (IDNA 2008); an ASCII one is left as it is."""
    return host if host.isascii() else URL.build(scheme="http", host=host).raw_host or host


def _basic(user_info: str) -> str:
    name, _, password = user_info.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}"
    return "Basic " + b64encode(pair.encode()).decode("ascii")
