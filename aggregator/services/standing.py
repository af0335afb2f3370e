"""Where a source stands in feeds.yaml, so that a person finds it there."""

import re
from typing import Final

from aggregator.domain.sources import SourceHealth
from aggregator.errors import InvalidInputError
from aggregator.services import following
from aggregator.services.context import Context

_AROUND: Final = re.compile(r"^[\s-]*(url:)?[\s\"']*|[\s\"']*(\s#.*)?$")
"""What stands around an address on its line: a dash, a key, quotes, a remark."""


def line_of(context: Context, source: SourceHealth) -> int | None:
    """Give the line of feeds.yaml, from 1, with the address of a source; None where none has it.

    Looked for in the text: a long list would take seconds to be read as YAML for it.
    """
    listed = following.current(context).list.sources
    address = next((one.address for one in listed if one.url == source.url), source.url)
    try:
        content = following.read_now(context.settings.feeds_path)
    except InvalidInputError:
        return None
    lines = content.decode("utf-8-sig", "replace").splitlines()
    holding = [number for number, line in enumerate(lines, 1) if address in line]
    exactly = (number for number in holding if _AROUND.sub("", lines[number - 1]) == address)
    return next(exactly, holding[0] if holding else None)
