"""`${NAME}` in feeds.yaml: read from the environment, and never seen again."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, quote_plus

from aggregator.errors import SourceError

_NAME: Final = re.compile(r"\$\{([A-Z0-9_]+)\}")


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
    spellings: dict[str, str] = {}
    for name in _NAME.findall(template):
        value = environment.get(name, "")
        for spelling in (value, quote(value), quote(value, safe=""), quote_plus(value)):
            if spelling:
                spellings.setdefault(spelling, f"${{{name}}}")
    if not spellings:
        return text
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    values = re.compile("|".join(re.escape(spelling) for spelling in longest_first))
    return values.sub(lambda found: spellings[found[0]], text)
