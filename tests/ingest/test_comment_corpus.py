"""Comments of the corpus: the golden conversation in every feed, and whatever else is there."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from aggregator.domain.conversations.comments import CommentItem, CommentsDocument, Kind
from aggregator.errors import ParseError
from aggregator.ingest.comments.reading import read_comments

pytestmark = pytest.mark.corpus

NOW: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
NUMBER: Final = re.compile(r"\d+$")


def read(path: Path, url: str) -> CommentsDocument:
    return read_comments(path.read_bytes(), url=url, content_type=None, now=NOW)


@dataclass(frozen=True, kw_only=True)
class Format:
    """One form of the golden conversation, what it carries, and what names its article."""

    platform: str
    pages: dict[str, str]
    about: tuple[str, ...]
    sites: bool = False
    parents: bool = False


GOLDEN: Final = {
    "wordpress": Format(
        platform="wordpress",
        pages={"wordpress-comments.rss.xml": "http://blog.example/quantite-ou-qualite/feed/"},
        about=("http://blog.example/?p=150", "http://blog.example/quantite-ou-qualite/"),
        parents=True,
    ),
    "blogger": Format(
        platform="blogger",
        pages={
            "blogger-comments-page1.atom.xml": "http://cwm.blogspot.com/feeds/150/comments/default",
            "blogger-comments-page2.atom.xml": (
                "http://www.blogger.com/feeds/100/150/comments/default?start-index=6&max-results=5"
            ),
        },
        about=(
            "tag:blogger.com,1999:blog-100.post-150",
            "http://cwm.blogspot.com/2010/09/quantite-ou-qualite.html",
        ),
        sites=True,
        parents=True,
    ),
    "dotclear": Format(
        platform="dotclear",
        pages={"dotclear-comments.atom.xml": "http://dc.example/feed/atom/comments/150"},
        about=("http://dc.example/post/2010/09/17/Quantite",),
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_golden_conversation_is_what_is_expected_in_every_feed(
    corpus: Path, name: str
) -> None:
    form = GOLDEN[name]
    folder = corpus / "golden-thread"
    documents = [read(folder / file, url) for file, url in form.pages.items()]
    assert {document.platform for document in documents} == {form.platform}
    items = [item for document in documents for item in document.items]
    expected = json.loads((folder / "EXPECTED.json").read_text("utf-8"))
    numbers = {item.key: number for number, item in enumerate(in_order(items), start=1)}
    assert len(numbers) == 10
    assert [as_expected(item, numbers) for item in in_order(items)] == [
        {
            "author": told["author"],
            "author_url": told["author_url"] if form.sites else None,
            "published_utc": told["published_utc"],
            "text": told["text"],
            "parent": told["parent"] if form.parents else None,
        }
        for told in expected
    ]
    for item in items:
        assert item.about == form.about
        assert item.about_title == "Quantité ou qualité ?"
        assert item.kind is Kind.COMMENT
        assert item.author.email is None


def as_expected(item: CommentItem, numbers: dict[str, int]) -> dict[str, Any]:
    assert item.published_at
    return {
        "author": item.author.name,
        "author_url": item.author.url,
        "published_utc": item.published_at.isoformat().replace("+00:00", "Z"),
        "text": item.text,
        "parent": numbers[item.in_reply_to[0]] if item.in_reply_to else None,
    }


def in_order(items: list[CommentItem]) -> list[CommentItem]:
    """Order comments by the number that ends their address."""
    return sorted(
        items, key=lambda item: int((item.url or "").rpartition("#")[2].lstrip("coment-"))
    )


def test_the_pages_of_blogger_are_counted_and_go_on(corpus: Path) -> None:
    folder = corpus / "golden-thread"
    urls = list(GOLDEN["blogger"].pages.values())
    first = read(folder / "blogger-comments-page1.atom.xml", urls[0])
    second = read(folder / "blogger-comments-page2.atom.xml", urls[1])
    assert [first.total, second.total] == [10, 10]
    assert [first.next_url, second.next_url] == [urls[1], None]
    assert not first.whole
    assert not second.whole


def test_the_page_of_the_golden_conversation_is_no_feed(corpus: Path) -> None:
    with pytest.raises(ParseError, match="not-comments"):
        read(corpus / "golden-thread/wordpress-comments.html", "http://blog.example/")


def test_a_real_comment_of_blogger_names_its_post(corpus: Path) -> None:
    document = read(
        corpus / "comments/feedparser__atomthreadingwithentry.xml",
        "http://salmon-test.blogspot.com/feeds/3861663258538857954/comments/default",
    )
    (item,) = document.items
    assert (document.platform, document.total, document.whole) == ("blogger", 30, False)
    assert item.in_reply_to == ()
    assert item.about[0] == "tag:blogger.com,1999:blog-893591374313312737.post-3861663258538857954"


def test_an_entry_and_its_answer_in_one_feed_are_threaded(corpus: Path) -> None:
    document = read(corpus / "comments/rome__threading-main.xml", "http://www.example.org/replies")
    first, answer = document.items
    assert first.in_reply_to == ()
    assert answer.in_reply_to[0] == first.key


def test_no_file_makes_the_reading_of_comments_crash(
    corpus: Path, assert_harmless: Callable[[str], None]
) -> None:
    for path in corpus.rglob("*.*"):
        # as comments of somebody, so that as much as can be is taken for comments
        try:
            document = read(path, "https://feeds.example/dir/comments")
        except ParseError:
            continue
        assert len({item.key for item in document.items}) == len(document.items)
        for item in document.items:
            assert item.key
            assert 0 < len(item.author.name) <= 200
            assert_harmless(item.content_html)
            for address in filter(None, (item.url, item.author.url, item.image)):
                assert address.startswith(("http://", "https://"))
            for moment in filter(None, (item.published_at, item.updated_at)):
                assert datetime(1990, 1, 1, tzinfo=UTC) <= moment <= NOW.replace(hour=10)
            assert item.key not in item.in_reply_to
