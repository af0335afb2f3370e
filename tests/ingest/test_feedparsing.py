"""Our shorter way through feedparser's strict parser, held against feedparser's own."""

import contextlib
import io
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from aggregator.errors import ParseError
from aggregator.ingest import feedparsing, xml_feed
from aggregator.ingest.feedparsing import Parsed
from aggregator.ingest.parse import parse

pytestmark = pytest.mark.corpus

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
URL = "https://feeds.example/dir/feed"
AS_ALWAYS = {
    "content-location": "about:blank",
    "content-type": "application/xml; charset=utf-8",
}
ENOUGH = 150


def long_way(document: bytes) -> feedparser.FeedParserDict:
    return feedparser.parse(
        io.BytesIO(document),
        response_headers=AS_ALWAYS,
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def told(parsed: Parsed) -> tuple[object, ...]:
    return parsed.version, parsed.feed, list(parsed.entries), parsed.namespaces


def test_the_shorter_way_gives_for_the_whole_corpus_what_feedparser_gives(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short: list[str] = []
    different: list[str] = []

    def compared(document: bytes) -> Parsed:
        parsed = feedparsing.parse_xml(document)
        if parsed.trouble is None:
            short.extend([name] if parsed.context else [])  # only that way tells one
            whole = long_way(document)
            ours = told(parsed)
            theirs = whole.version, whole.feed, whole.entries, whole.namespaces
            if whole.bozo or ours != theirs:
                different.append(name)
        return parsed

    monkeypatch.setattr(xml_feed, "parse_xml", compared)
    for path in sorted(corpus.rglob("*.*")):
        name = str(path.relative_to(corpus))
        if path.is_dir() or path.stat().st_size > 120_000:
            continue
        with contextlib.suppress(ParseError):
            parse(path.read_bytes(), url=URL, content_type=None, now=NOW)
    assert len(short) >= ENOUGH
    assert different == []
