"""What is known of a feed is not read again, and what comes of it is the same."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.items import FeedDocument, Item, Reading
from aggregator.errors import ParseError
from aggregator.ingest import pieces
from aggregator.ingest.encoding import to_utf8
from aggregator.ingest.parse import parse
from aggregator.ingest.xml_feed import from_its_beginning

NOW: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
URL: Final = "https://feeds.example/dir/feed"
RSS: Final = (
    '<rss version="2.0"{root}><channel>{head}<title>CWM</title>'
    "<link>https://cwm.example/</link><language>fr</language>{items}{tail}</channel></rss>"
)
ATOM: Final = (
    '<feed xmlns="http://www.w3.org/2005/Atom"{root}><title>CWM</title>{head}'
    "<author><name>Magalie</name></author>{items}{tail}</feed>"
)


def read(body: bytes, last: Reading | None = None) -> FeedDocument:
    found = parse(body, url=URL, content_type=None, now=NOW, last=last)
    assert isinstance(found, FeedDocument)
    return found


def told(document: FeedDocument) -> FeedDocument:
    return replace(document, same_keys=(), reading=None)


def assert_same(first: FeedDocument, after: bytes) -> FeedDocument:
    """Read a document after another one: in pieces it must tell what the whole of it tells."""
    whole = read(after)
    delta = read(after, first.reading)
    items = {item.key: item for item in (*first.items, *delta.items)}
    assert len({*delta.same_keys, *(item.key for item in delta.items)}) == len(whole.items)
    merged = tuple(items[item.key] for item in whole.items)
    assert told(replace(delta, items=merged)) == told(whole)
    assert delta.reading == whole.reading
    return delta


def rss(*items: str, root: str = "", head: str = "", tail: str = "") -> bytes:
    return RSS.format(root=root, head=head, items="\n".join(items), tail=tail).encode()


def atom(*entries: str, root: str = "", head: str = "", tail: str = "") -> bytes:
    return ATOM.format(root=root, head=head, items="\n".join(entries), tail=tail).encode()


def item(number: int, more: str = "") -> str:
    return (
        f"<item><title>Article {number}</title><guid>tag:cwm.example,2026:{number}</guid>"
        f"<link>https://cwm.example/{number}</link>{more}</item>"
    )


def entry(number: int, more: str = "") -> str:
    return (
        f"<entry><title>Article {number}</title><id>tag:cwm.example,2026:{number}</id>"
        f'<link href="https://cwm.example/{number}"/>{more}</entry>'
    )


def keys(items: Sequence[Item]) -> list[str]:
    return [one.key.rpartition(":")[2] for one in items]


@pytest.mark.parametrize(("write", "one"), [(rss, item), (atom, entry)])
def test_only_what_is_new_or_edited_is_read(
    write: Callable[..., bytes], one: Callable[..., str]
) -> None:
    before = read(write(one(3), one(2), one(1)))
    delta = assert_same(before, write(one(4), one(3), one(2, "<x>corrigé</x>"), one(1)))
    assert keys(delta.items) == ["4", "2"]
    assert [key[-1] for key in delta.same_keys] == ["3", "1"]


def test_a_head_that_is_new_and_items_in_another_order_are_no_news() -> None:
    before = read(rss(item(3), item(2), item(1), head="<lastBuildDate>hier</lastBuildDate>"))
    after = rss(item(1), item(3), head="<lastBuildDate>ce matin</lastBuildDate>")
    delta = assert_same(before, after)
    assert (delta.items, len(delta.same_keys)) == ((), 2)


def test_what_was_read_in_pieces_is_known_the_next_time() -> None:
    first = read(rss(item(2), item(1)))
    second = read(rss(item(3), item(2), item(1)), first.reading)
    third = read(rss(item(4), item(3), item(2), item(1)), second.reading)
    assert keys(third.items) == ["4"]
    assert len(third.same_keys) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # what items take from their document changed
        (rss(item(1), item(2)), rss(item(1), item(2), root=' xml:lang="en"')),
        (rss(item(1)), rss(item(1), item(2), root=' xml:base="https://else.example/"')),
        (atom(entry(1)), atom(entry(1), entry(2), head="<author><name>Erick</name></author>")),
        # the name of one is that of another
        (rss(item(1), item(2)), rss(item(1), item(2), item(1, "<x/>"))),
        (
            rss("<item><title>a</title><link>https://cwm.example/1#a</link></item>", item(9)),
            rss(
                "<item><title>a</title><link>https://cwm.example/1#a</link></item>",
                "<item><title>b</title><link>https://cwm.example/1#b</link></item>",
            ),
        ),
        (
            rss("<item><link>https://cwm.example/1</link></item>", item(9)),
            rss(
                "<item><link>https://cwm.example/1</link></item>",
                "<item><guid>https://cwm.example/1</guid><title>b</title></item>",
            ),
        ),
        # what stands between
        (rss(item(1), item(2)), rss(item(1), "<image><url>/a.png</url></image>", item(2))),
        # an end that is missing
        (rss(item(1), item(2)), rss(item(1), item(2), "<item><title>c</title>")),
        (rss(item(1), item(2)), rss(item(1), item(2), item(3, "<b>c</i>"))),
    ],
)
def test_the_whole_is_read_where_pieces_depend_on_each_other(before: bytes, after: bytes) -> None:
    whole = read(after)
    again = read(after, read(before).reading)
    assert (again.items, again.same_keys) == (whole.items, ())


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(item(1), item(2)),
        rss(item(1), item(1)),
        rss(item(1), item(2, "<b>")),
        rss(item(1, '<p:a xmlns:p="urn:a"/>'), item(2, '<p:a xmlns:p="urn:b"/>')),
        rss(item(1, '<p:a xmlns:p="urn:a"/>'), item(2, '<q:a xmlns:q="urn:a"/>')),
        rss(item(1), entry(2)),
        b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        rss(),
    ],
)
def test_what_cannot_be_cut_is_read_whole_the_next_time_too(document: bytes) -> None:
    assert read(document).reading is None


def test_a_reading_of_another_version_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(rss(item(1)))
    monkeypatch.setattr(pieces, "version", lambda: 1)
    again = read(rss(item(2), item(1)), first.reading)
    assert (keys(again.items), again.same_keys) == (["2", "1"], ())


def test_words_in_comments_and_cdata_are_no_pieces() -> None:
    text = "<description><![CDATA[<item><b>x</item>]]></description><!-- </item> -->"
    before = rss(item(1, text), "<!-- <item> -->", item(2), head="<!-- <item> -->")
    cut = pieces.cut(before)
    assert cut is not None
    assert len(cut.places) == 2
    delta = assert_same(read(before), rss(item(3, text), item(1, text), item(2)))
    assert keys(delta.items) == ["3"]


def test_prefixed_entries_and_entries_within_are_cut_as_a_whole() -> None:
    def prefixed(number: int) -> str:
        text = re.sub(r"<(/?)(?=\w+[ >/])", r"<\1atom:", entry(number, "<content/>"))
        within = '<div xmlns="http://www.w3.org/1999/xhtml"><entry>x</entry></div>'
        whole = f'<atom:content type="xhtml">{within}</atom:content>'
        return text.replace("<content/>", whole).replace("<atom:content/>", whole)

    def write(*entries: str) -> bytes:
        return (
            '<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:title>CWM</atom:title>'
            f"{''.join(entries)}</atom:feed>"
        ).encode()

    delta = assert_same(read(write(prefixed(1))), write(prefixed(2), prefixed(1)))
    assert keys(delta.items) == ["2"]


def test_a_document_without_end_is_cut_in_time() -> None:
    for hostile in (b"<!--", b"<![CDATA[", b'<item "', b"<item '", b"<item/", b"<item>"):
        assert pieces.cut(b"<rss>" + hostile * 200_000) is None


WORDS: Final = st.text("abé <&]>\"'", max_size=8)
FIELDS: Final = st.sampled_from(
    [
        "<title>{}</title>",
        "<guid>{}</guid>",
        "<guid isPermaLink='false'>{}</guid>",
        "<id>{}</id>",
        "<link>https://cwm.example/{}</link>",
        "<link href='https://cwm.example/{}#b'/>",
        "<description>{}</description>",
        "<description><![CDATA[<p>{}</p><item>]]></description>",
        "<content xml:base='/b/' type='xhtml'><div xmlns='urn:a'><a href='x'/>{}</div></content>",
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{}</p></div></content>",
        "<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>{}</c:encoded>",
        "<t:total xmlns:t='http://purl.org/syndication/thread/1.0'>7{}</t:total>",
        "<u:total xmlns:u='http://purl.org/syndication/thread/1.0'>8{}</u:total>",
        "<author><name>{}</name></author>",
        "<pubDate>Mon, 05 Jan 2026 08:00:00 GMT{}</pubDate>",
        "<image><title>{}</title></image>",
        "<source url='https://other.example/'>{}</source>",
        "<category>{}</category>",
        "<unknown a='b'>{}</unknown>",
        "<i:summary xmlns:i='http://www.itunes.com/DTDs/PodCast-1.0.dtd'>{}</i:summary>",
    ]
)
HEADS: Final = st.sampled_from(
    [
        "",
        "<image><title>a</title></image>",
        "<language>en</language>",
        "<ttl>60</ttl>",
        "<summary>a</summary>",
    ]
)


@st.composite
def made_up(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Make up a document and what became of it."""
    escape = {ord("<"): "&lt;", ord("&"): "&amp;", ord(">"): "&gt;"}
    name, write = draw(st.sampled_from([("item", rss), ("entry", atom)]))
    texts = st.lists(st.tuples(FIELDS, WORDS), max_size=5).map(
        lambda fields: (
            f"<{name}>"
            + "".join(field.format(words.translate(escape)) for field, words in fields)
            + f"</{name}>"
        )
    )
    before = draw(st.lists(texts, min_size=1, max_size=5))
    new = draw(st.lists(texts, max_size=2))
    after = draw(st.permutations([*new, *draw(st.lists(st.sampled_from(before), max_size=5))]))
    return (
        write(*before, head=draw(HEADS), tail=draw(HEADS)),
        write(*after, head=draw(HEADS), tail=draw(HEADS)),
    )


@given(made_up())
@settings(max_examples=100, deadline=None)
def test_made_up_feeds_tell_the_same_in_pieces(documents: tuple[bytes, bytes]) -> None:
    before, after = documents
    assert_same(read(before), after)


MANY: Final = 15
"""Items of a document of the corpus that is not varied in each way by itself."""


def variations(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Write what may become of a document by the next poll."""
    cut = pieces.cut(from_its_beginning(text))
    if cut is None:
        return
    text = cut.text
    slices = [text[begin:end] for begin, end in cut.places]
    head, tail = text[: cut.places[0][0]], text[cut.places[-1][1] :]

    def joined(*parts: bytes, head: bytes = head) -> bytes:
        return head + b"\n".join(parts) + tail

    edited = re.sub(rb"(</(?:\w+:)?title>)", "(corrigé)".encode() + rb"\1", slices[-1], count=1)
    new = re.sub(rb"(</(?:\w+:)?(?:guid|id|link|title)>)", rb"-new\1", slices[0])
    new = re.sub(rb"(<(?:\w+:)?link[^>]*href=.)", rb"\1/new", new)
    yield "removed", joined(*slices[1:]) if slices[1:] else joined(*slices)
    yield "added", joined(new, *slices)
    yield "edited", joined(*slices[:-1], edited)
    yield "head", joined(*slices, head=head + b"<lastBuildDate>now</lastBuildDate>")
    yield "reordered", joined(*reversed(slices))
    yield "language", joined(*slices, head=head + b"<language>en</language>")
    yield "all", joined(new, *reversed(slices[1:]), edited)


@pytest.mark.corpus
def test_every_feed_of_the_corpus_tells_the_same_in_pieces(corpus: Path) -> None:
    tried = in_pieces = 0
    for path in sorted(corpus.rglob("*.*")):
        body = path.read_bytes()
        try:
            first = parse(body, url=URL, content_type=None, now=NOW)
        except ParseError:
            continue
        if not isinstance(first, FeedDocument) or first.reading is None:
            continue
        text = to_utf8(body)
        for name, after in variations(text):
            if len(first.items) > MANY and name not in {"head", "all"}:
                continue
            tried += 1
            try:
                delta = assert_same(first, after)
            except AssertionError as error:
                raise AssertionError(f"{path.name}, {name}: {error}") from error
            in_pieces += bool(delta.same_keys)
    assert in_pieces > 500
    assert in_pieces > tried / 2
