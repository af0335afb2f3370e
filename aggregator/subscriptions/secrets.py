"""`${NAME}` in feeds.yaml: read from the environment, and never seen again."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, quote_plus

from aggregator.errors import SourceError

_NAME: Final = re.compile(r"\$\{([A-Z0-9_]+)\}")
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F)))
"""What an address is sent with as it is written: see `ingest.urls`."""


def expand(text: str, environment: Mapping[str, str]) -> str:
    """Put the values of the environment in the places of `${NAME}`.

    Raises:
        SourceError: `secret-missing`, a name is not defined.
    """

    def value_of(found: re.Match[str]) -> str:
        if (value := environment.get(found[1])) is None:
            raise SourceError("secret-missing", name=found[1])
        return value

    return _NAME.sub(value_of, text)


def restore(text: str, environment: Mapping[str, str], template: str) -> str:
    """Undo `redact`: put the values back in the places of the names that `template` holds.

    What else looks like a `${NAME}` is a stranger's, who may not ask for what it stands for.
    """
    names = set(_NAME.findall(template))
    return _NAME.sub(
        lambda found: environment.get(found[1], found[0]) if found[1] in names else found[0], text
    )


def redact(text: str, environment: Mapping[str, str], template: str) -> str:
    """Put `${NAME}` back wherever a text to be stored or shown holds a value it stood for.

    `template` is what was expanded. A value is found as it is and as an address encodes it,
    the longest first.
    """
    names: dict[str, str] = {}
    for name in names_in(template):
        for spelling in spellings(environment.get(name, "")):
            names.setdefault(spelling, f"${{{name}}}")
    if not names:
        return text
    longest_first = sorted(names, key=lambda spelling: (-len(spelling), spelling))
    values = re.compile("|".join(re.escape(spelling) for spelling in longest_first))
    return values.sub(lambda found: names[found[0]], text)


def names_in(template: str) -> list[str]:
    """List the names that a text asks the environment for."""
    return _NAME.findall(template)


def spellings(value: str) -> list[str]:
    """Write a value in each way that addresses do; none of an empty one."""
    encoded = (quote(value, safe=safe) for safe in ("", "/", _PRINTABLE))
    return [*dict.fromkeys((value, *encoded, quote_plus(value)))] if value else []
