"""Worlds for the rows of politeness."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from aggregator.ingest import guard
from aggregator.ingest.fetch import Fetcher, user_agent
from aggregator.ingest.guard import AddressGuard
from tests.world import World

Worlds = Callable[..., World]


@pytest.fixture
def public_world(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worlds]:
    """Make the world one whose web is others', with settings of the fetcher as given."""
    monkeypatch.setattr(guard, "is_public", "127.0.0.1".__eq__)
    made: list[Fetcher] = []

    def make(**different: Any) -> World:
        usual: dict[str, Any] = {
            "guard": AddressGuard(()),
            "user_agent": user_agent("0", "https://cwm.example/contact"),
            "concurrency": 64,
            "host_delay": None,
            "host_concurrency": None,
            "timeout_s": 5,
            "clock": world.clock,
        }
        made.append(Fetcher(**(usual | different)))
        return replace(world, context=replace(world.context, fetcher=made[-1]))

    yield make
    for fetcher in made:
        fetcher.close()
