"""What goes through the pipes between the poller and the processes that read documents."""

import pickle
import struct
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final, Literal

from aggregator.domain.items import Reading

_LENGTH: Final = struct.Struct(">Q")
READY: Final = "ready"
"""What a reading process says first, once it has loaded what it needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseJob:
    """A body to read: whence, of which declared type, the moment that is now, and as what.

    What `expects` comments becomes a `CommentsDocument`, or a ParseError. `last` is what was
    kept of the feed document that came before.
    """

    body: bytes
    url: str
    content_type: str | None
    now: datetime
    expects: Literal["feed", "comments"] = "feed"
    last: Reading | None = None


def write_frame(pipe: IO[bytes], value: object) -> None:
    """Send one value, after its length."""
    payload = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(payload)))
    pipe.write(payload)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> Any:
    """Receive one value.

    Raises:
        EOFError: the other side is gone.
    """
    return pickle.loads(_exactly(pipe, _LENGTH.unpack(_exactly(pipe, _LENGTH.size))[0]))  # noqa: S301 - from a process of ours


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    received = pipe.read(size)
    if len(received) < size:
        raise EOFError
    return received
