"""Every error that Veille raises on purpose."""

from functools import partial
from typing import Any, Final


class VeilleError(Exception):
    """The root of our errors."""


class NotFoundError(VeilleError):
    """What was asked for does not exist (any more)."""


class InvalidInputError(VeilleError):
    """Something a person can mend; the message says how, and is shown to them.

    The message is an English gettext id; `params` fill its `%(name)s` places.
    """

    def __init__(self, message: str, **params: str | int) -> None:
        super().__init__(message % params if params else message)
        self.message: Final = message
        self.params: Final = params


class UnavailableError(InvalidInputError):
    """What is asked for cannot be had now, and may be had later without any mending of ours."""


class SourceError(VeilleError):
    """Why a source could not be read: a stable code, said in words by `domain.faults`."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(f"{code} {params}" if params else code)
        self.code: Final = code
        self.params: Final = params

    def __reduce__(self) -> tuple[Any, ...]:
        # an exception pickles its message alone; one raised in a parser process comes home whole
        return partial(type(self), self.code, **self.params), (), self.__dict__


class FetchError(SourceError):
    """The network or the server refused; `http_status` is None where there was no answer.

    `took_ms` leaves out waiting for one's turn; it is set by whoever asked.
    """

    def __init__(
        self,
        code: str,
        *,
        http_status: int | None = None,
        retry_after_s: int | None = None,
        bytes_received: int = 0,
        **params: str | int,
    ) -> None:
        super().__init__(code, **params)
        self.http_status: Final = http_status
        self.retry_after_s: Final = retry_after_s
        self.bytes_received: Final = bytes_received
        self.took_ms = 0


class HeldBackError(VeilleError):
    """A request was not made: its host asks to be left alone, or nobody wants it any more."""

    def __init__(self, host: str) -> None:
        super().__init__(f"held back host={host}")
        self.host: Final = host


class ParseError(SourceError):
    """A body came, and it cannot be read as a feed."""
