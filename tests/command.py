"""The command line, called as a shell calls it, in this process."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from aggregator.cli.main import main

QUIETED = ("apscheduler", "waitress.queue", "alembic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command printed, and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


class CommandLine:
    """Runs `veille` with arguments."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> Said:
        self._capture.readouterr()
        before, sys.argv = sys.argv, ["veille", *arguments]
        try:
            with logging_as_it_was(), pytest.raises(SystemExit) as ended:
                main()
        finally:
            sys.argv = before
        out, err = self._capture.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Said(code=code or 0, out=out, err=err)


@contextmanager
def logging_as_it_was() -> Iterator[None]:
    """Put the log back as pytest made it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIETED}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
