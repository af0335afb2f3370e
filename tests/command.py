"""The command line, called as a shell calls it, in this process."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
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

    def __call__(self, *arguments: str) -> Said:
        out, err = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
        before, sys.argv = sys.argv, ["veille", *arguments]
        try:
            with (
                logging_as_it_was(),
                redirect_stdout(out),
                redirect_stderr(err),
                pytest.raises(SystemExit) as ended,
            ):
                main()
        finally:
            sys.argv = before
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Said(code=code or 0, out=_written(out), err=_written(err))


def _written(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


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
