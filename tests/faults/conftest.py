"""What tests of faults share: figures that are kept for docs/reliability.md."""

from collections.abc import Callable

import pytest

Figure = Callable[[str, object], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Keep a figure: in the report as a property, and on stdout for who reads with -s."""

    def keep(name: str, value: object) -> None:
        record_property(name, value)
        print(f"\nFIGURE {name}: {value}")  # noqa: T201

    return keep
