"""Secrets of one source's address: where they go, and what may be kept of texts they got into."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from html import escape
from typing import Any, Final, TypeVar, cast

from aggregator.domain.faults import Fault
from aggregator.errors import SourceError
from aggregator.ingest.urls import signed_like, without_user_info
from aggregator.subscriptions.secrets import expand, names_in, redact, restore, spellings

T = TypeVar("T")

SHORTEST: Final = 6
"""Characters of a value worth hiding in a whole document; a shorter one is a part of words."""

_WINDOW: Final = 8
"""Times as much of a body is looked at as is kept: a secret at the end is not cut in two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What `${NAME}` and the user info of one address stand for; `address` is as written."""

    address: str
    environment: Mapping[str, str]

    def written(self) -> str:
        """Give the address of feeds.yaml as it is asked for.

        Raises:
            SourceError: `secret-missing`, a name of it is not defined.
        """
        return expand(self.address, self.environment)

    def found(self, url: str) -> str:
        """Give an address that was found and kept as it is asked for.

        Only what feeds.yaml names is put in its places: the rest is the word of a stranger.
        """
        restored = restore(url, self.environment, self.address)
        return signed_like(self.written(), restored)

    def hidden(self, text: str) -> str:
        """Make a text fit to be stored and shown: without user info and expanded secrets."""
        kept = redact(text, self.environment, self.address)
        return without_user_info(kept) if "://" in kept else kept

    def hidden_fault(self, error: SourceError) -> Fault:
        """Make a fault that may be stored and shown."""
        params = {
            name: self.hidden(value) if isinstance(value, str) else value
            for name, value in error.params.items()
        }
        return Fault(code=error.code, params=params)

    def beginning(self, body: bytes, most: int) -> bytes:
        """Give how a body begins, without expanded secrets, however it is encoded."""
        if "${" not in self.address:
            return body[:most]
        start = body[: most * _WINDOW]
        for name in names_in(self.address):
            value = self.environment.get(name, "")
            if len(value) < SHORTEST:
                continue
            for spelled in (*spellings(value), escape(value)):
                for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                    shown = f"${{{name}}}".encode(encoding)
                    start = start.replace(spelled.encode(encoding), shown)
        return start[:most]

    def hidden_in(self, told: T) -> T:
        """Hide secrets in all that a document says: feeds repeat the address they are asked by."""
        if "${" not in self.address:
            return told
        worth = {name: value for name, value in self.environment.items() if len(value) >= SHORTEST}
        return _hidden(told, self.address, worth)


def _hidden(told: T, address: str, environment: Mapping[str, str]) -> T:
    value: Any = told
    if isinstance(value, Enum):
        pass  # one of ours, though it may be a text too
    elif isinstance(value, str):
        value = redact(value, environment, address)
    elif isinstance(value, tuple):
        value = tuple(_hidden(part, address, environment) for part in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {
            field.name: _hidden(getattr(value, field.name), address, environment)
            for field in fields(value)
        }
        value = replace(value, **parts)
    return cast("T", value)
