"""The corpus: real, broken and hostile documents."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

from aggregator.domain.items import FeedDocument, WebPage
from aggregator.errors import ParseError
from aggregator.ingest.parse import parse
from aggregator.ingest.parsers import ParseJob, ParserPool
from tests.contested import CONTESTED, NO_FEED

pytestmark = pytest.mark.corpus

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
URL = "https://feeds.example/dir/feed"
MOST_MEMORY_BYTES = 200 * 2**20
MOST_S = 2.0


def rows(corpus: Path) -> Iterator[dict[str, str]]:
    with (corpus / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        yield from csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE)


def count(body: bytes) -> int | str:
    try:
        found = parse(body, url=URL, content_type=None, now=NOW)
    except ParseError as error:
        return error.code
    return len(found.feeds) if isinstance(found, WebPage) else len(found.items)


def test_every_agreed_file_yields_its_number(corpus: Path) -> None:
    wrong = []
    for row in rows(corpus):
        if row["status"] != "agreed" or row["format"] == "opml":
            continue
        expected: int | str = int(row["entries"])
        if row["file"] in NO_FEED:
            expected = "not-readable"
        expected, _reason = CONTESTED.get(row["file"], (expected, ""))
        found = count((corpus / row["file"]).read_bytes())
        if found != expected:
            wrong.append(f"{row['file']}: {found}, not {expected}")
    assert wrong == []


def test_no_file_makes_the_reading_crash(
    corpus: Path, assert_harmless: Callable[[str], None]
) -> None:
    for path in corpus.rglob("*.*"):
        try:
            found = parse(path.read_bytes(), url=URL, content_type=None, now=NOW)
        except ParseError:
            continue
        if isinstance(found, FeedDocument):
            assert_sound(found, assert_harmless)


def assert_sound(document: FeedDocument, assert_harmless: Callable[[str], None]) -> None:
    """Hold what is promised of every item, whatever it came from."""
    assert len({item.key for item in document.items}) == len(document.items)
    for item in document.items:
        assert item.title
        assert item.key
        assert_harmless(item.content_html)
        addresses = [item.url, item.comments_url, item.comments_feed_url]
        addresses += [author.url for author in item.authors]
        addresses += [enclosure.url for enclosure in item.enclosures]
        for address in filter(None, addresses):
            assert urlsplit(address).scheme in {"http", "https"}
        for moment in filter(None, (item.published_at, item.updated_at)):
            assert datetime(1990, 1, 1, tzinfo=UTC) <= moment <= NOW.replace(hour=10)
        assert all("@" not in author.name or " " in author.name for author in item.authors)


def test_utf_16_without_a_mark_is_read(corpus: Path) -> None:
    assert count((corpus / "hard/simplepie__feed-utf16be.xml").read_bytes()) == 1


@pytest.mark.parametrize(
    ("files", "texts"),
    [
        (["blogger-comments-page1.atom.xml", "blogger-comments-page2.atom.xml"], "author_url"),
        (["dotclear-comments.atom.xml"], "author"),
        (["wordpress-comments.rss.xml"], "author"),
    ],
)
def test_the_golden_conversation_is_read_in_full(
    corpus: Path, files: list[str], texts: str
) -> None:
    folder = corpus / "golden-thread"
    documents = [
        parse((folder / name).read_bytes(), url=URL, content_type=None, now=NOW) for name in files
    ]
    items = [
        item for found in documents if isinstance(found, FeedDocument) for item in found.items
    ]
    expected = json.loads((folder / "EXPECTED.json").read_text("utf-8"))
    assert len(items) == len(expected) == 10
    by_moment = {item.published_at: item for item in items}
    for comment in expected:
        item = by_moment[datetime.fromisoformat(comment["published_utc"])]
        (author,) = item.authors
        assert author.name == comment["author"]
        assert comment["text"] in item.text
        if texts == "author_url":
            assert author.url == comment["author_url"]


def test_every_attack_ends_in_time_and_in_bounds(
    corpus: Path, assert_harmless: Callable[[str], None]
) -> None:
    with closing(
        ParserPool(workers=1, deadline_s=MOST_S, max_memory_bytes=MOST_MEMORY_BYTES)
    ) as pool:
        pool.submit(job(b"<rss/>")).exception(timeout=30)  # loading counts for no document
        for path in sorted((corpus / "attack").iterdir()):
            begun = monotonic()
            future = pool.submit(job(path.read_bytes()))
            failure = future.exception(timeout=30)
            assert monotonic() - begun < MOST_S, path.name
            if failure is not None:
                assert isinstance(failure, ParseError)
                assert failure.code == "not-readable", path.name
                continue
            found = future.result()
            assert isinstance(found, FeedDocument)
            assert_sound(found, assert_harmless)
            assert "root:" not in repr(found)
            assert "passwd" not in repr(found)
            assert len(repr(found)) < 2**20


def job(body: bytes) -> ParseJob:
    return ParseJob(body=body, url=URL, content_type=None, now=NOW)


def test_a_body_that_is_a_path_opens_no_file(corpus: Path) -> None:
    assert count((corpus / "attack/body_is_path.bin").read_bytes()) == "not-readable"
