"""Take in the body of an answer, undone of compression in bounded steps against bombs."""

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

import brotli

from aggregator.errors import FetchError

ACCEPTED: Final = "gzip, deflate, br"
STEP: Final = 65536
_MOST_MEMBERS: Final = 1000


class _DamagedError(ValueError):
    """The stream cannot be undone."""


class _Decompressor(Protocol):
    """Undoes one stream; `feed` yields pieces of about `STEP` bytes, none much larger."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...
    def finish(self) -> None: ...


class Body:
    """The body of a 200, as far as it has come; `received` counts its bytes on the wire."""

    def __init__(self, encoding: str, *, max_bytes: int) -> None:
        self.received = 0
        self._size = 0
        self._pieces: list[bytes] = []
        self._max_bytes = max_bytes
        try:
            self._stream = _decompressor(encoding)
        except _DamagedError as error:
            raise self._fault("bad-encoding") from error

    def take(self, data: bytes) -> None:
        """Take the next bytes as they came.

        Raises:
            FetchError: `too-large` or `bad-encoding`; the rest need not be read.
        """
        self.received += len(data)
        self._limit(self.received)
        try:
            for piece in self._stream.feed(data):
                self._size += len(piece)
                self._limit(self._size)
                self._pieces.append(piece)
        except _DamagedError as error:
            raise self._fault("bad-encoding") from error

    def whole(self) -> bytes:
        """Give the body after its last byte.

        Raises:
            FetchError: `empty`, or `bad-encoding`: its end is missing.
        """
        try:
            if self.received:
                self._stream.finish()
        except _DamagedError as error:
            raise self._fault("bad-encoding") from error
        if not self._size:
            raise self._fault("empty")
        return b"".join(self._pieces)

    def _limit(self, size: int) -> None:
        if size > self._max_bytes:
            raise self._fault("too-large", megabytes=max(1, self._max_bytes // 1_000_000))

    def _fault(self, code: str, **params: int) -> FetchError:
        return FetchError(code, http_status=200, bytes_received=self.received, **params)


def _decompressor(encoding: str) -> _Decompressor:
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Zlib(16 + zlib.MAX_WBITS)
        case "deflate":
            return _Zlib(zlib.MAX_WBITS)
        case "br":
            return _Brotli()
        case _:
            raise _DamagedError


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        pass


class _Zlib:
    """Gzip in one or several members, or deflate with its zlib header or without."""

    def __init__(self, window_bits: int) -> None:
        self._window_bits = window_bits
        self._stream: zlib._Decompress | None = None
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            stream = self._stream = self._stream or self._begin(data)
            try:
                piece = stream.decompress(data, STEP)
            except zlib.error as error:
                if self._members:  # what follows a whole stream is ignored, as browsers do
                    return
                raise _DamagedError from error
            if piece:
                yield piece
            data = stream.unused_data if stream.eof else stream.unconsumed_tail
            if stream.eof:
                self._end_member()
            held_back = not stream.eof and len(piece) == STEP
            if not data and not held_back:
                return

    def finish(self) -> None:
        if not self._members:
            raise _DamagedError

    def _begin(self, data: bytes) -> "zlib._Decompress":
        headerless = self._window_bits == zlib.MAX_WBITS and data[:1] and data[0] & 0x0F != 8
        return zlib.decompressobj(-zlib.MAX_WBITS if headerless else self._window_bits)

    def _end_member(self) -> None:
        self._members += 1
        self._stream = None
        if self._members > _MOST_MEMBERS:
            raise _DamagedError


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._stream.is_finished():
            try:
                piece = self._stream.process(data, output_buffer_limit=STEP)
            except brotli.error as error:
                raise _DamagedError from error
            if piece:
                yield piece
            elif self._stream.can_accept_more_data():
                return
            data = b""

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise _DamagedError
