"""Fetchers for tests, which may reach this machine, and a look at what they refuse."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.domain.faults import SENTENCES, Fault
from aggregator.errors import FetchError
from aggregator.ingest.fetch import Fetcher, FetchRequest
from aggregator.ingest.guard import AddressGuard
from aggregator.translations import translator

FEED = b"<rss version='2.0'><channel><title>CWM</title></channel></rss>"


class Fetchers:
    """Makes fetchers; a test names what is different in its own."""

    def __init__(self) -> None:
        self._made: list[Fetcher] = []

    def __call__(
        self, *, allow_private: Sequence[str] = ("127.0.0.0/8",), **different: Any
    ) -> Fetcher:
        usual: dict[str, Any] = {
            "guard": AddressGuard(allow_private),
            "user_agent": "Veille/0.1.0 (+https://cwm.example/contact)",
            "concurrency": 256,
            "host_delay": None,
            "host_concurrency": None,
            "timeout_s": 10.0,
            "clock": lambda: datetime(2026, 11, 25, 9, 0, tzinfo=UTC),
        }
        self._made.append(Fetcher(**(usual | different)))
        return self._made[-1]

    def close(self) -> None:
        for fetcher in self._made:
            fetcher.close()


def refused(fetcher: Fetcher, request: FetchRequest | str) -> FetchError:
    """Fetch what must fail, and check that its fault can be said in words."""
    if isinstance(request, str):
        request = FetchRequest(url=request)
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(request)
    assert caught.value.code in SENTENCES
    assert "%(" not in Fault(code=caught.value.code, params=caught.value.params).sentence(
        translator("en")
    )
    return caught.value
