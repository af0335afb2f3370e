"""Lists cut to what one statement bears."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

MOST: Final = 500
"""Of values in one statement: SQLite takes only so many parameters."""


def chunks(values: Iterable[T]) -> Sequence[list[T]]:
    """Cut values into pieces for one statement each."""
    every = list(values)
    return [every[start : start + MOST] for start in range(0, len(every), MOST)]
