import gzip
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aggregator.domain.changes import Changes
from aggregator.domain.items import Item
from aggregator.services import following, sources
from aggregator.services.context import Context
from aggregator.storage import entries
from aggregator.web.app import create_app
from tests.web.world import NOW, opened

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
MOST_BYTES = 120_000
BOXES = 24
WORDS = [
    "agence",
    "avis",
    "billet",
    "client",
    "commentaire",
    "conversation",
    "crise",
    "image",
    "lecteur",
    "marque",
    "message",
    "mesure",
    "outil",
    "page",
    "plainte",
    "presse",
    "question",
    "rumeur",
    "réponse",
    "réseau",
    "semaine",
    "site",
    "sujet",
    "temps",
    "veille",
    "voix",
]


def test_a_page_is_sent_gzipped_to_who_asks_so(client: FlaskClient) -> None:
    plain, packed = client.get("/"), client.get("/", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("asked", [None, "br", "gzip;q=0", "identity"])
def test_who_does_not_take_gzip_gets_the_page_as_it_is(
    client: FlaskClient, asked: str | None
) -> None:
    answer = client.get("/", headers={"Accept-Encoding": asked} if asked else {})
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_caches_are_told_that_the_encoding_matters(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert "Accept-Encoding" in client.get("/", headers=headers).headers["Vary"]


def test_a_file_is_packed_and_known_again_by_its_tag(client: FlaskClient) -> None:
    path = "/static/css/veille.css"
    with client.get(path) as plain, client.get(path, headers=GZIP) as packed:
        assert gzip.decompress(packed.data) == plain.data
        tag = packed.headers["ETag"]
        assert tag == f"W/{plain.headers['ETag']}"
    with client.get(path, headers=GZIP) as twice:
        assert gzip.decompress(twice.data) == plain.data
    with client.get(path, headers={**GZIP, "If-None-Match": tag}) as known:
        assert known.status_code == 304
        assert known.data == b""


def test_a_font_is_packed_already_and_sent_as_it_is(client: FlaskClient) -> None:
    path = "/static/vendor/inter/inter-latin-400-700.woff2"
    with client.get(path, headers=GZIP) as answer:
        assert "Content-Encoding" not in answer.headers


def test_what_is_short_is_not_worth_it(client: FlaskClient) -> None:
    with client.get("/static/icon.svg", headers=GZIP) as answer:
        assert len(answer.data) < 1000
        assert "Content-Encoding" not in answer.headers


def test_an_answer_to_head_tells_the_size_of_the_packed_page(client: FlaskClient) -> None:
    answer = client.head("/", headers=GZIP)
    assert answer.data == b""
    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.fixture
def full_board(tmp_path: Path) -> Iterator[Context]:
    """Fill a board of 24 boxes with eight lines each, no two alike."""
    urls = [f"https://blog-{number}.example.org/flux.rss" for number in range(BOXES)]
    (tmp_path / "feeds.yaml").write_text("sources:\n" + "".join(f"  - {url}\n" for url in urls))
    with opened(tmp_path) as context:
        following.refresh(context)
        with context.database.write() as session:
            for source in sources.list_sources(context):
                items = tuple(_item(source.id, number) for number in range(8))
                entries.apply(
                    session,
                    source_id=source.id,
                    page_id=source.page_id,
                    changes=Changes(new=items, altered=()),
                    now=NOW,
                    rules=1,
                )
        yield context


def _item(source: int, number: int) -> Item:
    start = source * 37 + number * 11
    title = " ".join(WORDS[(start + step * (number + 3)) % len(WORDS)] for step in range(8))
    return Item(
        key=f"key-{number}",
        title=f"{title} {start}".capitalize(),
        url=f"https://blog-{source}.example.org/{number}",
        authors=(),
        published_at=NOW - timedelta(minutes=start * 7),
        updated_at=None,
        content_html=f"<p>{title}</p>",
        text=title,
        categories=(),
        enclosures=(),
        language="fr",
        comments_url=None,
        comments_feed_url=None,
        comment_count=number,
        fingerprint=f"{source}-{number}",
    )


class _Loaded(HTMLParser):
    """The addresses that a browser loads with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.addresses.add(given.get("src") or "")
        elif tag == "link":
            self.addresses.add(given.get("href") or "")
        elif tag == "use":
            self.addresses.add((given.get("href") or "").partition("#")[0])


def test_all_that_a_first_visit_loads_is_at_most_120_kb(full_board: Context) -> None:
    client = create_app(full_board).test_client()
    page = client.get("/", headers=GZIP)
    loaded = _Loaded()
    loaded.feed(gzip.decompress(page.data).decode())
    assert len(loaded.addresses) >= 6
    font = "/static/vendor/inter/inter-latin-400-700.woff2"
    sizes = {"/": len(page.data)}
    for address in [*loaded.addresses, font]:
        with client.get(address, headers=GZIP) as answer:
            assert answer.status_code == 200, address
            sizes[address] = len(answer.data)
    assert sum(sizes.values()) <= MOST_BYTES, sizes
