"""Send header values byte for byte, whatever their encoding.

A validator is the server's own and goes back as it came. The HTTP client writes all it sends
as UTF-8, so what it writes is put right on its way into the socket.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Connected(Protocol):
    """Whatever writes through a transport of its own."""

    transport: asyncio.Transport | None


@contextmanager
def bytewise(connected: Connected, values: Iterable[str]) -> Iterator[None]:
    """Write these values, within the block, with one byte a character (RFC 9110 §5.5)."""
    transport, swaps = connected.transport, {}
    for value in values:
        if not value.isascii():
            swaps[value.encode()] = value.encode("latin-1", "replace")
    connected.transport = _Swapping(transport, swaps)  # type: ignore[assignment]
    try:
        yield
    finally:
        connected.transport = transport


class _Swapping:
    """A transport that writes other bytes in place of some; all else is the transport's."""

    def __init__(self, transport: asyncio.Transport | None, swaps: dict[bytes, bytes]) -> None:
        self._transport = transport
        self._swaps = swaps

    def write(self, data: bytes) -> None:
        for written, meant in self._swaps.items():
            data = data.replace(written, meant)
        if self._transport is not None:
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
