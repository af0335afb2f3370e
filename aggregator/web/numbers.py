"""Numbers that come from outside: an id is no larger than the database can hold."""

from typing import Any, Final

from werkzeug.routing import IntegerConverter, Map

GREATEST: Final = 2**63 - 1


class Id(IntegerConverter):
    """An id in an address; one that is too large is the address of nothing."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": GREATEST, **options})


def read_id(text: str | None) -> int | None:
    """Read an id of a form or a query; None where it is none."""
    if text is None or not text.isdecimal() or len(text) > len(str(GREATEST)):
        return None
    number = int(text)
    return number if number <= GREATEST else None
