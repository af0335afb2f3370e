"""Reading the body of an answer: what it may be, and the traps on the way."""

import json
from datetime import UTC, datetime

import pytest

from aggregator.domain.faults import SENTENCES
from aggregator.domain.items import FeedDocument, Item, WebPage
from aggregator.errors import ParseError
from aggregator.ingest.normalise import MOST_ITEMS
from aggregator.ingest.parse import parse

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
URL = "https://cwm.example/dir/feed"


def read(body: str | bytes, content_type: str | None = None) -> FeedDocument:
    found = parse(
        body.encode() if isinstance(body, str) else body,
        url=URL,
        content_type=content_type,
        now=NOW,
    )
    assert isinstance(found, FeedDocument)
    return found


def rss(item: str, *, before: str = "") -> Item:
    """Read an RSS document of one item."""
    return read(f"{before}<rss version='2.0'><channel><item>{item}</item></channel></rss>").items[
        0
    ]


def atom(entries: str) -> tuple[Item, ...]:
    return read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>').items


@pytest.mark.parametrize("body", [b"", b" \n ", b"\xef\xbb\xbf", b"\x00\x00"])
def test_an_empty_answer_is_said_to_be_empty(body: bytes) -> None:
    with pytest.raises(ParseError) as failure:
        parse(body, url=URL, content_type=None, now=NOW)
    assert failure.value.code == "empty"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"/etc/passwd", "text/plain"),
        (b"file:///etc/passwd", "text/plain"),
        (b"Error establishing a database connection", "text/plain"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "text/plain"),
        (b"<?xml version='1.0'?><!-- a --><opml version='2.0'/>", "<opml>"),
        (b"<x:thing xmlns:x='a'/>", "<thing>"),
        (b"{", "broken JSON"),
        (b"{}", "JSON, but not a JSON Feed"),
        (b"[1]", "JSON, but not a JSON Feed"),
        (b'{"version": 1}', "JSON, but not a JSON Feed"),
        (b"[" * 100_000, "broken JSON"),
        (b'{"version": ' + b"9" * 10_000 + b"}", "broken JSON"),
    ],
)
def test_what_is_neither_feed_nor_page_says_what_it_is(body: bytes, detail: str) -> None:
    with pytest.raises(ParseError) as failure:
        parse(body, url=URL, content_type="application/rss+xml", now=NOW)
    assert failure.value.code == "not-readable"
    assert str(failure.value.params["detail"]).startswith(detail)
    assert SENTENCES[failure.value.code] % failure.value.params


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><title>CWM</title><p>a",
        "<html><head><title>CWM</title></head></html>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "a" "b"><html xmlns="c"><title>CWM</title>',
        "<!-- hello --><head><title>CWM</title></head>",
        "<title>CWM</title><p>a",
    ],
)
def test_a_web_page_is_read_as_one(body: str) -> None:
    found = parse(body.encode(), url=URL, content_type="text/html", now=NOW)
    assert found == WebPage(title="CWM", feeds=())


@pytest.mark.parametrize(
    "before",
    [
        "\n\n<?xml version='1.0'?>",
        "\ufeff<?xml version='1.0' encoding='utf-8'?>",
        "<!DOCTYPE rss [<!ENTITY a 'b'><!-- > -->]>",
        "<br />\n<b>Warning</b>: no header in <b>/feed.php</b>\n<?xml version='1.0'?>",
        "Notice: something\n",
    ],
)
def test_what_stands_before_a_feed_does_not_hide_it(before: str) -> None:
    assert rss("<guid>1</guid><title>été</title>", before=before).title == "été"


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "image/png", "", None])
def test_a_feed_is_known_by_itself_not_by_its_declared_type(content_type: str | None) -> None:
    document = read("<rss version='2.0'><channel><item/></channel></rss>", content_type)
    assert (document.format, len(document.items)) == ("rss20", 1)


def test_the_base_of_one_entry_does_not_reach_the_next() -> None:
    first, second = atom(
        '<entry><id>1</id><content type="html" xml:base="http://one.example/">a</content></entry>'
        '<entry><id>2</id><link href="b"/><content type="html">&lt;a href="c"&gt;c&lt;/a&gt;'
        "</content></entry>"
    )
    assert (first.key, second.key) == ("1", "2")
    assert second.url == "https://cwm.example/dir/b"
    assert 'href="https://cwm.example/dir/c"' in second.content_html


def test_ids_stay_as_written_whatever_the_base() -> None:
    (entry,) = atom('<entry xml:base="http://one.example/"><id>a/b</id><link href="c"/></entry>')
    assert entry.key == "a/b"
    assert entry.url == "http://one.example/c"


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>http://a.example/1</guid>", "http://a.example/1"),
        ("<guid isPermaLink='false'>http://a.example/1</guid>", None),
        ("<guid>not-an-address</guid>", None),
        ("<guid>/1</guid>", "https://cwm.example/1"),
        ("<link>1.html</link>", "https://cwm.example/dir/1.html"),
        ("<link>//a.example/1</link>", "https://a.example/1"),
        ("<link>HTTP://a.example/1</link>", "http://a.example/1"),
        ("<link>http://a.example/un deux</link>", "http://a.example/un%20deux"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>http://</link>", None),
        ("<link>http://[a/</link>", None),
        ("<link>http://a&lt;b.example/</link>", None),
        ("<link>http://a.example:port/</link>", None),
        ("<link>http://a.example:/</link>", "http://a.example:/"),
        ("<link>http://été.example/</link>", "http://été.example/"),
        ("<link>http://a.example/" + "x" * 5_000 + "</link>", None),
    ],
)
def test_an_entry_leads_to_a_web_address_or_nowhere(item: str, url: str | None) -> None:
    assert rss(item).url == url


@pytest.mark.parametrize(
    ("item", "authors"),
    [
        ("<author>cwm@example.org (CWM)</author>", [("CWM", "cwm@example.org")]),
        ("<author>CWM &lt;cwm@example.org&gt;</author>", [("CWM", "cwm@example.org")]),
        ("<author>cwm@example.org</author>", [("cwm", "cwm@example.org")]),
        ("<author>CWM</author>", [("CWM", None)]),
        ("<author>cwm@example.technology (CWM)</author>", [("CWM", "cwm@example.technology")]),
        ("<author>noreply@blogger.com (CWM)</author>", [("CWM", None)]),
        ("<author></author>", []),
    ],
)
def test_an_author_is_a_name_and_perhaps_an_address(
    item: str, authors: list[tuple[str, str | None]]
) -> None:
    assert [(author.name, author.email) for author in rss(item).authors] == authors


def test_an_author_known_by_an_address_alone_is_named_after_its_host() -> None:
    (entry,) = atom("<entry><author><uri>http://erick.example/blog</uri></author></entry>")
    assert [(author.name, author.url) for author in entry.authors] == [
        ("erick.example", "http://erick.example/blog")
    ]


@pytest.mark.parametrize("count", ["", "-1", "beaucoup", "9" * 30, "1.5"])
def test_a_count_of_comments_that_is_no_number_is_unknown(count: str) -> None:
    item = f"<s:comments xmlns:s='http://purl.org/rss/1.0/modules/slash/'>{count}</s:comments>"
    assert rss(item).comment_count is None


def test_the_same_entry_has_the_same_fingerprint_and_a_changed_one_another() -> None:
    item = "<guid>1</guid><link>http://a.example/</link><description>{}</description>{}"
    first = rss(item.format("un", ""))
    assert rss(item.format("un", "")).fingerprint == first.fingerprint
    assert rss(item.format("deux", "")).fingerprint != first.fingerprint
    counted = "<s:comments xmlns:s='http://purl.org/rss/1.0/modules/slash/'>4</s:comments>"
    assert rss(item.format("un", counted)).fingerprint == first.fingerprint
    author = "<author>CWM</author>"
    assert rss(item.format("un", author)).fingerprint != first.fingerprint


def test_film_and_sound_are_written_in_the_same_way_each_time() -> None:
    item = "<description>&lt;video src='a'&gt;&lt;/video&gt;&lt;img src='b'&gt;</description>"
    assert len({rss(item).fingerprint for _ in range(20)}) == 1


@pytest.mark.parametrize("language", ["fr", "fr-CA", "pt_BR"])
def test_a_language_is_kept_as_declared(language: str) -> None:
    channel = f"<language>{language}</language><item/>"
    document = read(f"<rss version='2.0'><channel>{channel}</channel></rss>")
    assert document.items[0].language == document.language == language


def test_what_is_no_language_is_none() -> None:
    document = read("<rss><channel><language>le français</language><item/></channel></rss>")
    assert document.language is None


def test_a_broken_feed_gives_what_can_be_read_and_a_remark() -> None:
    document = read("<rss version='2.0'><channel><item><title>a & b</title><guid>1</item>")
    assert document.items[0].title == "a & b"
    assert document.remarks[0].startswith("line ")


@pytest.mark.parametrize(
    "title", ["&#99999999999;", "&#x110000;", "&#0;", "&#xD800;", "&nbsp;&bogus;"]
)
def test_no_reference_makes_the_reading_fail(title: str) -> None:
    assert rss(f"<title>a{title}b</title><guid>1</guid>").title.startswith("a")


def test_the_words_of_an_atom_title_are_left_alone() -> None:
    (entry,) = atom('<entry><title type="text">How to close &lt;b></title></entry>')
    assert entry.title == "How to close <b>"


def test_no_escape_of_json_brings_in_what_is_no_text() -> None:
    version = "https://jsonfeed.org/version/1.1"
    bad = "a\x00b\ud800c"
    item = {
        "id": bad,
        "title": bad,
        "content_html": bad,
        "tags": [bad],
        "authors": [{"name": bad}],
    }
    (entry,) = read(json.dumps({"version": version, "items": [item]})).items
    assert (entry.key, entry.title, entry.text, entry.categories) == (
        "abc",
        "abc",
        "abc",
        ("abc",),
    )
    assert entry.authors[0].name == "abc"


@pytest.mark.parametrize("value", [None, 1, 1.5, True, "x", [], {}, [1], [None], {"a": 1}, [[]]])
@pytest.mark.parametrize(
    "name", ["title", "items", "authors", "hubs", "home_page_url", "language", "author"]
)
def test_json_of_a_wrong_type_is_absent(name: str, value: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}], name: value}
    assert read(json.dumps(feed)).format == "json11"


@pytest.mark.parametrize("value", [None, 1, 1.5, 1e308, True, "x", [], {}, [1], {"a": 1}, [[]]])
@pytest.mark.parametrize(
    "name",
    ["id", "url", "title", "content_html", "date_published", "tags", "authors", "attachments"],
)
def test_an_item_of_json_survives_any_type(name: str, value: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "items": [{name: value}]}
    assert len(read(json.dumps(feed)).items) == 1


def test_of_a_document_without_end_only_the_first_entries_are_kept() -> None:
    listed = "".join(f"<item><guid>{number}</guid></item>" for number in range(MOST_ITEMS + 2))
    found = read(f"<rss version='2.0'><channel>{listed}</channel></rss>")
    assert len(found.items) == MOST_ITEMS
    assert found.items[-1].key == str(MOST_ITEMS - 1)
    assert found.remarks == (f"only the first {MOST_ITEMS} entries are kept",)


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<guid>un</guid>", "un"),
        ("<enclosure url='https://cwm.example/1.mp3'/>", "https://cwm.example/1.mp3"),
        ("<pubDate>Fri, 17 Sep 2010 06:33:00 GMT</pubDate>", "…"),
    ],
)
def test_an_item_without_words_is_called_by_what_it_has(item: str, title: str) -> None:
    assert rss(item).title == title


@pytest.mark.parametrize(
    ("told", "generator"),
    [
        ("<generator>https://wordpress.org/?v=6.4</generator>", "https://wordpress.org/?v=6.4"),
        (
            '<generator uri="https://wordpress.org/" version="6.4">WordPress</generator>',
            "WordPress",
        ),
        ('<generator uri="https://a.example/" />', "https://a.example/"),
        (f"<generator>{'a' * 10_000}</generator>", "a" * 199 + "…"),
        ("<generator></generator>", None),
        ("", None),
    ],
)
def test_the_program_that_wrote_a_feed_is_told(told: str, generator: str | None) -> None:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{told}</feed>'
    found = parse(body.encode(), url=URL, content_type=None, now=NOW)
    assert isinstance(found, FeedDocument)
    assert found.generator == generator
