"""Write what is made from the model of feeds.yaml: its JSON Schema, and `docs/feeds-yaml.md`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from aggregator.resources import packaged
from aggregator.subscriptions.feeds_yaml import read
from aggregator.subscriptions.schema import FILE_NAME, schema, schema_text

TARGET: Final = Path(__file__).with_name("feeds-yaml.md")

INTRODUCTION: Final = """\
# feeds.yaml

<!-- Made by docs/make_reference.py from the model of feeds.yaml. -->

`feeds.yaml` says what Veille follows. It is a plain text that you edit; Veille reads it again
within five seconds of your saving it. `veille init` writes a first one with comments, and
`veille check` tells what is wrong with yours. The smallest useful file:

```yaml
sources:
  - https://example.org/blog
```

- The file is UTF-8, at most 1 MB. Anchors, aliases and tags of YAML are not used.
- A key that is left empty is as if it were absent. An unknown key is refused.
- A duration is a number with `s`, `m`, `h` or `d`: `20s`, `15m`, `1h`, `2d`.
- `${NAME}` in an address, in a key or in `params` stands for an environment variable, so that
  secrets stay out of the file. Names are made of capitals, digits and `_`. The value is never
  shown, logged or exported; where it is missing, only that source fails, and says so.
- A source is known by its address as it is written here, without user info and fragment. The
  same address twice is refused; case of the host, `:443`, a lone final `/` and what follows `#`
  make no difference.
- A source without a `page` stands on the first page. Without any page there is one, “Veille”.
- What belongs to a later version is checked and kept, and `veille check` lists it as unused.

An editor with a YAML language server completes and checks the keys while you type if the first
line names the schema that is shipped with Veille:

```yaml
# yaml-language-server: $schema=aggregator/subscriptions/feeds.schema.json
```
"""

ORDER: Final = (
    ("Me", "me"),
    ("Settings", "settings"),
    ("OfficeHours", "settings.office_hours"),
    ("Source", "sources"),
    ("Retired", "sources.N.retired"),
    ("Page", "pages"),
    ("Bridge", "bridges.NAME"),
    ("Watch", "watches"),
)

SLIPS_INTRODUCTION: Final = """
## Slips of typing

YAML is picky, and says nothing of some mistakes. Veille looks for these and shows the line that
was probably meant. Problems are told as `file:line:column: path: sentence`, lines and columns
counted from 1, the places in a list from 0.

| You write | Veille says |
|---|---|
"""

SLIPS: Final = (
    "  - name: Magalie : bio\n    url: https://example.org",
    "  - name: @compte\n    url: https://example.org",
    "  - name: & Co\n    url: https://example.org",
    "  - name: *vibes\n    url: https://example.org",
    "  - name: !Alerte\n    url: https://example.org",
    "  - name: %promo\n    url: https://example.org",
    "  - name: [Client] Dupont\n    url: https://example.org",
    "  - name: 'L'agence'\n    url: https://example.org",
    "  - name: “L'agence”\n    url: https://example.org",
    "  - name:x\n    url: https://example.org",
    "  -https://example.org",
    "  https://example.org",
    "  - example.org/blog",
    "  - #netvibes",
    "  -\u00a0https://example.org",
    "\t- https://example.org",
    "  - {name: x, url: https://example.org?key=${KEY}}",
    "  - url: https://example.org\n    retired: {since: 2026-11-01, why: page fan, fermée}",
    "  - url: https://example.org\n    every: 30 min",
    "  - url: https://example.org\n    mine: oui",
    "  - url: https://example.org\n    nom: Magalie",
    "  - url: https://example.org\n    name: a\n    name: b",
)

TIMES: Final = ("18h", "9:00")

AFTERWORD: Final = """
A no-break space, which French keyboards type before a colon or after a dash, looks like any
other: delete it and press the space bar.

A file saved as UTF-16 or windows-1252 (“ANSI”) is refused with a sentence: in Notepad, choose
*File, Save as* and *Encoding UTF-8*. A byte order mark at the beginning does no harm.
"""


def reference() -> str:
    """Write the whole reference."""
    whole = schema()
    for described in whole["properties"].values():
        shape = whole["$defs"].get(_named(described), {})
        described.setdefault("description", shape.get("description", ""))
    parts = [INTRODUCTION, "\n## The whole file\n\n", *_table(whole)]
    for name, path in ORDER:
        shape = whole["$defs"][name]
        parts += [f"\n## `{path}`\n\n{shape['description']}\n\n", *_table(shape)]
    return "".join([*parts, SLIPS_INTRODUCTION, *_slips(), AFTERWORD])


def _table(shape: dict[str, Any]) -> Iterator[str]:
    yield "| Key | What it is | Type | Default | Example |\n|---|---|---|---|---|\n"
    for key, described in shape["properties"].items():
        needed = " (needed)" if key in shape.get("required", ()) else ""
        default = described.get("default")
        example = described.get("examples", [None])[0]
        cells = (
            f"`{key}`{needed}",
            described.get("description", ""),
            _kind(described),
            "" if default in (None, []) else _code(default),
            "" if example is None else _code(example),
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _named(described: dict[str, Any]) -> str | None:
    """Give the name of the shape that a value refers to, if it does."""
    choices = (described, *described.get("anyOf", ()))
    named = (choice["$ref"].rsplit("/", 1)[-1] for choice in choices if "$ref" in choice)
    return next(named, None)


def _kind(described: dict[str, Any]) -> str:
    """Say the type of a value in words."""
    if "$ref" in described:
        return f"keys of *{_named(described)}*"
    if "anyOf" in described:
        kinds = [_kind(choice) for choice in described["anyOf"]]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind))
    if "enum" in described:
        return ", ".join(f"`{value}`" for value in described["enum"])
    if "const" in described:
        return _code(described["const"])
    return _simple_kind(described)


def _simple_kind(described: dict[str, Any]) -> str:
    kinds = described["type"] if isinstance(described["type"], list) else [described["type"]]
    if "array" in kinds:
        return f"list of: {_kind(described['items'])}"
    if "object" in kinds:
        return f"names, each with {_kind(described['additionalProperties'])}"
    pattern = described.get("pattern", "")
    special = next((word for sign, word in _PATTERNS if sign in pattern), None)
    return special or next((_WORDS[kind] for kind in kinds if kind != "null"), "")


_PATTERNS: Final = (
    ("://", "address"),
    ("smhd", "duration"),
    ("[0-9]{4}-", "day"),
    (":[0-5]", "time"),
    ("@", "e-mail address"),
)
_WORDS: Final = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "`true` or `false`",
}


def _code(value: object) -> str:
    """Write a value as YAML on one line; JSON is YAML too, but for needless quotes."""
    if isinstance(value, str):
        return f"`{value}`" if not value[:2].isdigit() or value[2:3] != ":" else f'`"{value}"`'
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _slips() -> Iterator[str]:
    for text in SLIPS:
        yield _slip(f"sources:\n{text}\n", text)
    for time in TIMES:
        hours = f"    from: {time}\n    to: '18:00'\n"
        yield _slip(f"settings:\n  office_hours:\n{hours}", f"from: {time}")


def _slip(whole: str, text: str) -> str:
    problems = read(whole.encode(), file="feeds.yaml", language="en").problems
    problem = next(each for each in problems if "nothing is followed" not in each.message)
    line = whole.split("\n")[problem.line - 1].strip().replace("\u00a0", "(no-break space)")
    line = f"(tab){line}" if "\t" in text else line
    said = problem.message.replace("|", "\\|")
    return f"| `{line}` | {said[0].upper()}{said[1:]} |\n"


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
    packaged(f"subscriptions/{FILE_NAME}").write_text(schema_text(), encoding="utf-8")
