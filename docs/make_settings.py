"""Write docs/settings.md and docs/errors.md from the code they describe: `make docs`."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from aggregator.domain.faults import SENTENCES
from aggregator.settings import Settings

FOLDER: Final = Path(__file__).parent
PLACE: Final = re.compile(r"%\((\w+)\)s")
UNITS: Final = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))

SETTINGS: Final = """\
# Settings

How an installation runs is said by environment variables, read once at the start. What is
followed is said by [feeds.yaml](feeds-yaml.md). None is needed: Veille runs as it is.

A value that cannot be used stops the start, with a sentence that names the variable.
A duration is written `20s`, `15m`, `1h` or `2d`. An option of a command (`--port 9000`) goes
before its variable. This page is made from the code by `make docs`.

| variable | unless set | what it says |
|---|---|---|
"""

ERRORS: Final = """\
# Errors of a source

A source that could not be read keeps what it has, says why in its box and on the page of
sources, and is tried again. The sentence comes in the reader's language; the code stays
the same for ever, and is `error_code` in `--json`, where `error` is always the English
sentence. The words in italics are filled in. This page is made from the code by `make docs`.

| `error_code` | what is said |
|---|---|
"""


def settings_page() -> str:
    """Describe every setting, in the order of the code."""
    rows = [
        f"| `VEILLE_{name.upper()}` | {_default(field)} | {_description(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return SETTINGS + "\n".join(rows) + "\n"


def errors_page() -> str:
    """List every fault of a source with its sentence."""
    rows = [
        f"| `{code}` | {filled} |"
        for code, sentence in SENTENCES.items()
        for filled in (PLACE.sub(r"*\1*", sentence),)
    ]
    return ERRORS + "\n".join(rows) + "\n"


def pages() -> Mapping[Path, str]:
    """Give each page with what it must hold."""
    return {FOLDER / "settings.md": settings_page(), FOLDER / "errors.md": errors_page()}


def _description(field: FieldInfo) -> str:
    choices = [
        value
        for part in (field.annotation, *get_args(field.annotation))
        if get_origin(part) is Literal
        for value in get_args(part)
    ]
    listed = f" One of {', '.join(f'`{value}`' for value in choices)}." if choices else ""
    return (field.description or "") + listed


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "the user's data folder"
    value: Any = field.default
    if isinstance(value, timedelta):
        unit, length_s = next(
            (unit, length_s) for unit, length_s in UNITS if not value.total_seconds() % length_s
        )
        return f"`{value.total_seconds() / length_s:.0f}{unit}`"
    return "" if value in {None, ()} else f"`{value}`"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.name)
