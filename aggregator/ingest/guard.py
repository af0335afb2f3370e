"""Which addresses Veille connects to: public ones, and the private ones it was opened for.

What is judged is the address a socket is about to connect to, so that no spelling, no name
and no second look-up can lead elsewhere.
"""

import socket
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import AddrInfoType, ThreadedResolver
from aiohttp.abc import AbstractResolver

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
SocketFactory = Callable[[AddrInfoType], socket.socket]

# Not for the public though Python 3.11 calls some of them global: protocol assignments,
# 6to4 relays, and every way of writing an IPv4 address inside an IPv6 one.
_NOT_PUBLIC: Final[tuple[Network, ...]] = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "2001:20::/28",
        "::/96",
        "fec0::/10",
        "3fff::/20",
        "5f00::/16",
    )
)


class AddressRefusedError(OSError):
    """The address is private; an OSError, so that the other addresses of a host are tried."""


@dataclass(slots=True, kw_only=True)
class Attempt:
    """What became of one request's wish for a connection to `host`.

    `connected` is False where a kept connection served; `refused` is the private address.
    """

    host: str
    connected: bool = False
    refused: str | None = None


_attempt: ContextVar[Attempt] = ContextVar("attempt")


def reach(host: str) -> Attempt:
    """Say for which host the running task is about to connect; the guard reports in it."""
    attempt = Attempt(host=host)
    _attempt.set(attempt)
    return attempt


class AddressGuard:
    """Opens sockets to allowed addresses only.

    `allow_private` holds host names (such a name may lead to private addresses), addresses
    and networks (private addresses anyone may lead to).
    """

    def __init__(self, allow_private: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[Network] = []
        self._inside: set[str] = set()
        for entry in allow_private:
            try:
                self._networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                self._names.add(entry.rstrip(".").lower())

    def is_allowed(self, address: str) -> bool:
        """Tell whether any host may lead to this address."""
        return is_public(address) or self._is_opened(address)

    def opens(self, host: str) -> bool:
        """Tell whether a host is one's own: opened, or last seen to lead to an opened address."""
        return host in self._names or host in self._inside or self._is_opened(host)

    async def is_inside(self, host: str, resolver: AbstractResolver | None) -> bool:
        """Tell the same, looking up where a name leads that has not been seen to lead anywhere."""
        if self.opens(host) or not self._networks:
            return self.opens(host)
        try:
            found = await (resolver or ThreadedResolver()).resolve(host)
        except OSError:
            return False
        addresses = [one["host"] for one in found]
        return any(self._is_opened(one) and not is_public(one) for one in addresses)

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """Make the socket for a connection that may also go to what was opened.

        Raises:
            AddressRefusedError: the address is private and was not opened.
        """
        attempt, address = _attempt.get(), str(info[4][0])
        if is_public(address):
            self._inside.discard(attempt.host)
        elif attempt.host in self._names or self._is_opened(address):
            self._inside.add(attempt.host)
        else:
            return _refuse(attempt, address)
        return _socket(attempt, info)

    def open_public_socket(self, info: AddrInfoType) -> socket.socket:
        """Make the socket for a connection that a public host asked for by a redirect.

        Raises:
            AddressRefusedError: the address is private, opened or not.
        """
        attempt, address = _attempt.get(), str(info[4][0])
        return _socket(attempt, info) if is_public(address) else _refuse(attempt, address)

    def _is_opened(self, address: str) -> bool:
        if not self._networks:
            return False
        plain = _plain(address)
        return plain is not None and any(plain in network for network in self._networks)


@lru_cache(4096)
def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet; what is no address does not."""
    plain = _plain(address)
    return (
        plain is not None
        and plain.is_global
        and not plain.is_multicast
        and not plain.is_reserved
        and not any(plain in network for network in _NOT_PUBLIC)
    )


@lru_cache(4096)
def _plain(address: str) -> Address | None:
    """Read an address without its zone, out of its IPv4-mapped form; None if it is none."""
    try:
        plain = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = plain.ipv4_mapped if isinstance(plain, IPv6Address) else None
    return mapped or plain


def _socket(attempt: Attempt, info: AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = info
    attempt.connected = True
    return socket.socket(family, kind, protocol)


def _refuse(attempt: Attempt, address: str) -> socket.socket:
    attempt.refused = address
    raise AddressRefusedError("a private address")
