"""Whole documents: each stands beside what it must become."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.domain.items import FeedDocument
from aggregator.ingest.parse import parse

FOLDER = Path(__file__).parent / "documents"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
URL = "https://feeds.example/dir/feed"
DOCUMENTS = sorted(path for path in FOLDER.glob("*.*") if path.suffixes[-2:-1] != [".expected"])


def read(body: bytes) -> FeedDocument:
    document = parse(body, url=URL, content_type=None, now=NOW)
    assert isinstance(document, FeedDocument)
    return document


def as_json(document: FeedDocument) -> Any:
    """Give a document as its expectation is written: what is empty is left out."""
    found = asdict(replace(document, reading=None))
    for item in found["items"]:
        assert len(item.pop("fingerprint")) == 64
    return json.loads(json.dumps(_filled(found), default=_written))


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        filled = {name: _filled(one) for name, one in value.items()}
        empty: tuple[Any, ...] = (None, [], {}, "", frozenset())
        return {name: one for name, one in filled.items() if one not in empty}
    return [_filled(one) for one in value] if isinstance(value, tuple) else value


def _written(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value.isoformat()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.name))
def test_a_document_becomes_what_stands_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    assert as_json(read(path.read_bytes())) == expected
