"""Measure work in CPU seconds, and print what came of it as a small table."""

import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median


@dataclass(slots=True)
class Spent:
    """CPU seconds of ended child processes (and theirs), and seconds by the clock."""

    cpu_s: float = 0.0
    wall_s: float = 0.0


@contextmanager
def children() -> Iterator[Spent]:
    """Measure the child processes that begin and end within the block."""
    spent, began, before = Spent(), time.perf_counter(), _cpu_s()
    yield spent
    spent.cpu_s, spent.wall_s = _cpu_s() - before, time.perf_counter() - began


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def middle(values: Sequence[float]) -> float:
    """Give the median; nan where nothing was measured."""
    return median(values) if values else float("nan")


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str | float]]) -> None:
    """Print rows under their columns, numbers with two decimals."""
    texts = [[f"{cell:.2f}" if isinstance(cell, float) else cell for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    print(f"\n{title}")
    for row in (columns, *texts):
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([row[0].ljust(len(first)), *others]))
