"""Whole documents of comments, one a platform: each stands beside what it must become."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.ingest.comments.reading import read_comments

FOLDER = Path(__file__).parent / "documents" / "comments"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FOUND_AT: Final = {
    "blogger.atom": "https://faros.blogspot.com/feeds/31/comments/default",
    "discourse.rss": "https://talk.example/t/reading-feeds-on-a-train/45.rss",
    "disqus.rss": "https://harbour.disqus.com/latest.rss",
    "dotclear.atom": "https://quai.example/index.php?feed/atom/comments",
    "isso.atom": "https://comments.petit.example/feed?uri=/carnet/lampe",
    "mastodon.json": "https://social.example/api/v1/statuses/113500000000000001/context",
    "reddit.atom": "https://www.reddit.com/r/feeds/comments/1abcde/.rss",
    "replies.rss": "https://lamps.example/new.rss",
    "wordpress.atom": "https://carnet.example/2026/11/veilleurs/feed/atom/",
    "wordpress.json": "https://carnet.example/wp-json/wp/v2/comments?post=150&per_page=100",
    "wordpress.rss": "https://hafen.example/comments/feed/",
}


def as_json(document: CommentsDocument) -> Any:
    """Give a document as its expectation is written: what is empty is left out."""
    found = asdict(document)
    for item in found["items"]:
        assert len(item.pop("fingerprint")) == 64
    return json.loads(json.dumps(_filled(found), default=lambda moment: moment.isoformat()))


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        empty = (None, (), "", False)
        return {name: _filled(one) for name, one in value.items() if one not in empty}
    return [_filled(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("name", FOUND_AT)
def test_a_document_of_comments_becomes_what_stands_beside_it(name: str) -> None:
    body = (FOLDER / name).read_bytes()
    document = read_comments(body, url=FOUND_AT[name], content_type=None, now=NOW)
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text("utf-8"))
    assert as_json(document) == expected


def test_every_document_of_the_folder_is_read() -> None:
    assert {path.name for path in FOLDER.iterdir() if ".expected" not in path.name} == {*FOUND_AT}
