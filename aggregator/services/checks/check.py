"""What a look comes to."""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.services.context import Context
from aggregator.translations import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: in order or not, in words, and how to mend it."""

    name: str
    ok: bool
    message: str
    mend: str | None = None


Look = Callable[[Context, Translator], Check]
