"""The log of every process: one line an event on stderr, as text or as JSON."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from aggregator.settings import Settings

CHATTY: Final = ("apscheduler", "waitress.queue", "alembic")
"""Each says in a warning what is normal here: a tick that comes while a round goes on."""

_PLACE: Final = r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]"
_PARTS: Final = re.compile(
    rf"(?<!\S)(?P<key>[a-z_]\w*)=(?P<value>{_PLACE}|[^\s%]+)|(?P<bare>{_PLACE})|%%"
)
_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), 127)}


def log_as(settings: Settings, *, unless_set: str) -> None:
    """Log to stderr, in the form and from the level the settings name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if settings.log == "json" else _TextLines())
    level = (settings.log_level or unless_set).upper()
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.ERROR)


class _TextLines(logging.Formatter):
    """An event begins at the margin; what a stranger's line break begins, does not."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).translate(_CONTROLS).replace("\n", "\n    ")


class _JsonLines(logging.Formatter):
    """One object an event; what a message says as `key=value` has keys of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in _fields(record) if key not in line}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _moment(created_s: float) -> str:
    moment = datetime.fromtimestamp(created_s, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fields(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    """Give what a message says as `key=%s`, from its arguments: these may hold spaces."""
    arguments = iter(record.args if isinstance(record.args, tuple) else ())
    for part in _PARTS.finditer(str(record.msg)) if record.args else ():
        if part["bare"]:
            next(arguments, None)
        elif part["key"] and part["value"].startswith("%"):
            yield part["key"], _value(part["value"], next(arguments, None))
        elif part["key"]:
            yield part["key"], part["value"]


def _value(place: str, argument: object) -> object:
    """Keep numbers, truth and nothing as they are, to as many places as the message has."""
    if isinstance(argument, float) and place[-1] in "deEfFgGi":
        return (int if place[-1] in "di" else float)(place % argument)
    if argument is None or isinstance(argument, bool | int | float):
        return argument
    return str(argument)
