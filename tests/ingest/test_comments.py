"""Comments out of documents: the odd, the broken and the hostile ones."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from html import escape
from typing import Final

import pytest

from aggregator.domain.conversations.comments import (
    ANONYMOUS,
    CommentItem,
    CommentsDocument,
    Kind,
)
from aggregator.errors import ParseError
from aggregator.ingest.comments import items
from aggregator.ingest.comments.reading import read_comments
from aggregator.ingest.parsers import ParseJob, ParserPool

NOW: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ARTICLE: Final = "https://carnet.example/veilleurs/"


def read(body: str | bytes, url: str = f"{ARTICLE}feed/") -> CommentsDocument:
    body = body.encode() if isinstance(body, str) else body
    return read_comments(body, url=url, content_type=None, now=NOW)


def fault(body: str | bytes, url: str = f"{ARTICLE}feed/") -> str:
    with pytest.raises(ParseError) as error:
        read(body, url)
    return error.value.code


def wordpress(*comments: str, title: str = "Comments on: Night", generator: bool = True) -> str:
    by = "<generator>https://wordpress.org/?v=6.4</generator>" if generator else ""
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>{ARTICLE}</link>{by}{''.join(comments)}</channel></rss>"
    )


def comment(number: int, said: str, *, name: str = "Ida", more: str = "") -> str:
    return (
        f"<item><title>By: {name}</title><link>{ARTICLE}#comment-{number}</link>"
        f"<dc:creator><![CDATA[{name}]]></dc:creator>"
        f'<guid isPermaLink="false">http://carnet.example/?p=150#comment-{number}</guid>'
        f"<pubDate>Tue, 24 Nov 2026 08:{number % 60:02}:00 +0000</pubDate>{more}"
        f"<content:encoded><![CDATA[{said}]]></content:encoded></item>"
    )


def link(number: int, name: str) -> str:
    return f'<a href="{ARTICLE}#comment-{number}">{name}</a>'


def only(document: CommentsDocument) -> CommentItem:
    (item,) = document.items
    return item


@pytest.mark.parametrize(
    "sentence",
    [
        "In reply to {}.",
        "En réponse à {}.",
        "Als Antwort auf {}.",
        "En respuesta a {}.",
        "In risposta a {}.",
        "Em resposta a {}.",
        "In antwoord op {}.",
        "W odpowiedzi na {}.",
        "В ответ на {}.",  # noqa: RUF001 - Russian
        "{} への返信。",
        "Como risposta a {}.",
    ],
)
@pytest.mark.parametrize("around", ["<p>{}</p>\n<p>Yes.</p>", "{}\n\nYes."])
def test_the_sentence_of_an_answer_becomes_its_parent_in_any_language(
    sentence: str, around: str
) -> None:
    said = around.format(sentence.format(link(1, "Ida")))
    answer, _ = read(wordpress(comment(2, said, name="Ole"), comment(1, "<p>No?</p>"))).items
    assert answer.text == "Yes."
    assert answer.in_reply_to == (
        "http://carnet.example/?p=150#comment-1",
        f"{ARTICLE}#comment-1",
    )


def test_the_sentence_is_read_where_what_is_answered_is_not_in_the_document() -> None:
    known = only(read(wordpress(comment(9, f"<p>In reply to {link(1, 'Ida')}.</p><p>Yes.</p>"))))
    assert (known.text, len(known.in_reply_to)) == ("Yes.", 2)
    strange = f"<p>Erantzunez honi: {link(1, 'Ida')}.</p><p>Bai.</p>"
    unknown = only(read(wordpress(comment(9, strange))))
    assert unknown.text == "Erantzunez honi: Ida.\nBai."
    assert len(unknown.in_reply_to) == 2


@pytest.mark.parametrize(
    "said",
    [
        "<p>See what {} said, and more than that.</p>",
        "<p>See {}.</p><p>Indeed.</p>",
        "<p>{}</p>",
        "<p>A long beginning, longer than any translation of a few words would ever be: {}.</p>",
    ],
)
def test_words_of_a_person_with_a_link_to_a_comment_stay(said: str) -> None:
    said = said.format(link(1, "this"))
    found = read(wordpress(comment(2, said, name="Ole"), comment(1, "<p>No?</p>"))).items[0]
    assert "this" in found.text
    assert found.in_reply_to == ()


def test_a_link_to_a_comment_of_another_page_names_no_parent() -> None:
    said = '<p>In reply to <a href="https://else.example/x/#comment-1">Ida</a>.</p><p>Yes.</p>'
    assert only(read(wordpress(comment(2, said)))).in_reply_to == ()


def test_pingbacks_are_told_from_comments() -> None:
    said = [
        "<p>[&#8230;] as this one says [&#8230;]</p>",
        "[...] as this one says [...]",
        "<p><strong>Lamps</strong></p>\n<p>A walk by the sea&#8230;</p>",
        "<p>I wonder&#8230;</p>",
        "<p><strong>No.</strong></p><p>Never.</p>",
        "<p>[&#8230;] is where I stopped.</p>",
    ]
    document = read(wordpress(*(comment(number, one) for number, one in enumerate(said))))
    assert [item.kind for item in document.items] == [Kind.PINGBACK] * 3 + [Kind.COMMENT] * 3


def test_an_article_s_feed_of_wordpress_is_whole_only_while_it_is_short() -> None:
    four = [comment(number, "<p>So.</p>") for number in range(4)]
    assert read(wordpress(*four)).whole
    assert not read(wordpress(*four, comment(5, "<p>So.</p>"))).whole
    assert not read(wordpress(*four), "https://carnet.example/comments/feed/").whole
    assert not read(wordpress(*four[:2]), "https://carnet.example/?feed=comments-rss2").whole
    assert read(wordpress()).whole


def test_an_answer_of_the_rest_interface_goes_on_while_its_pages_are_full() -> None:
    one = {"id": 1, "post": 5, "parent": 0, "author_name": "Ida", "content": {"rendered": "A"}}
    url = "https://carnet.example/wp-json/wp/v2/comments?post=5&per_page=2"
    full = read(json.dumps([one, one | {"id": 2}]), url)
    assert full.next_url == f"{url}&page=2"
    assert not full.whole
    last = read(json.dumps([one | {"id": 3}]), full.next_url)
    assert (last.next_url, last.whole, len(last.items)) == (None, False, 1)
    assert read("[]", url).whole
    assert only(last).key == "https://carnet.example/?p=5#comment-3"


def test_a_reader_of_the_rest_interface_without_fine_addresses_names_the_same_articles() -> None:
    one = {"id": 7, "post": 5, "parent": 6, "author_name": "Ida", "content": {"rendered": "A"}}
    found = only(read(json.dumps([one]), "https://c.example/blog/?rest_route=/wp/v2/comments"))
    assert found.key == "https://c.example/blog/?p=5#comment-7"
    assert found.about == ("https://c.example/blog/?p=5",)
    assert found.in_reply_to == ("https://c.example/blog/?p=5#comment-6",)


def test_a_blogger_feed_is_whole_only_if_it_holds_as_many_as_it_counts() -> None:
    def feed(total: int, start: int = 1) -> CommentsDocument:
        return read(
            '<feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/">'
            "<title>Comments on A: B</title><generator>Blogger</generator>"
            f"<openSearch:totalResults>{total}</openSearch:totalResults>"
            f"<openSearch:startIndex>{start}</openSearch:startIndex><entry>"
            "<id>tag:blogger.com,1999:blog-1.post-9</id>"
            '<link rel="alternate" href="https://a.example/b.html?showComment=1#c9"/>'
            "<content>So.</content></entry></feed>",
            "https://a.example/feeds/8/comments/default",
        )

    assert (feed(1).whole, feed(1).total) == (True, 1)
    assert not feed(2).whole
    assert not feed(2, start=2).whole
    assert only(feed(1)).about_title == "B"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("<!doctype html><html><body>Gone fishing</body></html>", "not-comments"),
        ("a path", "not-readable"),
        ('{"code": "rest_no_route", "message": "No route"}', "not-comments"),
        ('[{"id": 1, "title": {"rendered": "A post"}}]', "not-comments"),
        ("[1, 2]", "not-comments"),
        ('{"descendants": 1}', "not-comments"),
        ("[{", "not-readable"),
        ("[" * 100_000, "not-readable"),
        ('{"items": [{"id": 1}]}', "not-readable"),
    ],
)
def test_what_is_no_document_of_comments_says_so(body: str, code: str) -> None:
    assert fault(body) == code


@pytest.mark.parametrize(
    ("generator", "item"),
    [
        ("https://wordpress.org/?v=6.4", f"<link>{ARTICLE}</link><guid>{ARTICLE}?p=1</guid>"),
        ("Dotclear", "<link>https://quai.example/post/1</link>"),
        ("Blogger", "<guid>tag:blogger.com,1999:blog-1.post-2</guid>"),
        ("", "<link>https://a.example/1</link><category>lamps</category>"),
        ("", "<link>https://a.example/1</link><comments>https://a.example/1#c</comments>"),
    ],
)
def test_a_feed_of_articles_is_not_taken_for_comments(generator: str, item: str) -> None:
    body = (
        f"<rss version='2.0'><channel><title>A blog</title><generator>{generator}</generator>"
        f"<item><title>An article</title>{item}</item></channel></rss>"
    )
    assert fault(body, "https://a.example/rss") == "not-comments"


def test_hostile_comments_are_harmless(assert_harmless: Callable[[str], None]) -> None:
    said = (
        '<p onclick="x()">a<script>alert(1)</script>'
        '<svg><a xlink:href="javascript:x()">b</a></svg>'
        '<a href="java&#x09;script:x()">c</a><img src=x onerror=x()><form action="//evil"></p>'
    )
    more = f"<author>{escape('<b>x</b>@evil')}</author>"
    found = only(read(wordpress(comment(1, said, name="<script>x</script>Eve", more=more))))
    assert_harmless(found.content_html)
    assert "script" not in found.author.name


def test_long_names_are_cut_and_missing_ones_marked() -> None:
    said = [comment(1, "A", name="N" * 10_000), comment(2, "B", name="")]
    long, none = read(wordpress(*said)).items
    assert len(long.author.name) == 200
    assert none.author.name == ANONYMOUS


def test_who_has_an_address_but_no_name_is_named_by_its_host() -> None:
    found = only(
        read(
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>Comments</title><entry><id>1</id>'
            "<author><name/><uri>https://ida.example/me</uri></author>"
            '<link href="https://a.example/1#c1"/><content>So.</content></entry></feed>'
        )
    )
    assert (found.author.name, found.author.url) == ("ida.example", "https://ida.example/me")


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00", "3026-01-01"])
def test_absurd_dates_are_none(date: str) -> None:
    body = wordpress(comment(1, "A").replace("Tue, 24 Nov 2026 08:01:00 +0000", date))
    assert only(read(body)).published_at is None


def test_two_comments_with_one_id_are_both_kept() -> None:
    first, second = read(wordpress(comment(1, "<p>A</p>"), comment(1, "<p>B</p>"))).items
    assert first.key != second.key
    assert [first.text, second.text] == ["A", "B"]


def test_a_comment_told_twice_is_one_and_keeps_its_name() -> None:
    once = read(wordpress(comment(1, "<p>A</p>"))).items
    assert read(wordpress(comment(1, "<p>A</p>"), comment(1, "<p>A</p>"))).items == once
    first, second = read(
        wordpress(comment(1, "<p>A</p>"), comment(1, "<p>B</p>", name="Ida"))
    ).items
    assert once[0].key in {first.key, second.key}


def test_two_thousand_comments_of_one_id_are_told_apart() -> None:
    found = read(wordpress(*(comment(1, f"<p>{number}</p>") for number in range(2_000)))).items
    assert len({item.key for item in found}) == 2_000
    assert max(len(item.key) for item in found) < 100


def test_an_edited_comment_has_another_fingerprint_and_a_dated_anew_one_has_not() -> None:
    before = only(read(wordpress(comment(1, "<p>A</p>"))))
    edited = only(read(wordpress(comment(1, "<p>B</p>"))))
    dated = only(read(wordpress(comment(1, "<p>A</p>").replace("08:01", "08:02"))))
    assert before.fingerprint == dated.fingerprint != edited.fingerprint


def test_the_name_of_a_comment_does_not_change_with_how_many_there_are() -> None:
    def feed(*places: str) -> list[str]:
        entries = "".join(f"<item><link>https://a.example/1#{one}</link></item>" for one in places)
        body = f"<rss version='2.0'><channel><title>Comments</title>{entries}</channel></rss>"
        return [item.key for item in read(body).items]

    assert feed("c1") == ["https://a.example/1#c1"]
    assert feed("c2", "c1") == ["https://a.example/1#c2", "https://a.example/1#c1"]


def test_no_more_comments_are_kept_than_can_be_stored_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(items, "MOST_COMMENTS", 2)
    document = read(wordpress(*(comment(number, "<p>A</p>") for number in range(3))))
    assert len(document.items) == 2
    assert not document.whole
    assert document.remarks[-1] == "only the first 2 comments are kept"


def test_a_reply_without_attributes_and_under_any_prefix_is_read() -> None:
    def feed(prefix: str, answer: str) -> CommentsDocument:
        return read(
            f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:{prefix}='
            f'"http://purl.org/syndication/thread/1.0"><title>x</title><entry><id>tag:a,1:2</id>'
            f'<link href="https://a.example/1#c2"/>{answer}</entry></feed>'
        )

    as_text = feed("thr", "<thr:in-reply-to>tag:a,1:1</thr:in-reply-to>")
    assert only(as_text).in_reply_to == ("tag:a,1:1",)
    as_attribute = feed("t", '<t:in-reply-to ref="tag:a,1:1"/>')
    assert only(as_attribute).in_reply_to == ("tag:a,1:1",)


def test_an_answer_to_the_article_itself_names_no_parent() -> None:
    found = only(
        read(
            '<feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:thr="http://purl.org/syndication/thread/1.0"><entry><id>tag:a,1:2</id>'
            '<link href="https://a.example/1#c2"/>'
            '<thr:in-reply-to ref="tag:a,1:article" href="https://a.example/1"/></entry></feed>'
        )
    )
    assert found.in_reply_to == ()
    assert found.about == ("tag:a,1:article", "https://a.example/1")


def test_markup_made_to_be_read_slowly_is_read_at_once() -> None:
    said = [
        "<a " + " href=" * 60_000 + ">",
        "<a href=" + "#comment-/href=" * 30_000 + ">x</a>.",
        "<p>" + "<strong>" * 60_000,
        "<aside " * 60_000,
        "<blockquote>" * 400 + "</blockquote>" * 400,
    ]
    assert len(read(wordpress(*(comment(n, one) for n, one in enumerate(said)))).items) == 5


def test_a_parser_is_asked_for_comments_or_for_a_feed() -> None:
    body = wordpress(comment(1, "<p>A</p>")).encode()
    with closing(ParserPool(workers=1, deadline_s=20, max_memory_bytes=2**30)) as pool:

        def ask(body: bytes, expects: str) -> object:
            told = ParseJob(
                body=body,
                url=f"{ARTICLE}feed/",
                content_type=None,
                now=NOW,
                expects="comments" if expects == "comments" else "feed",
            )
            return pool.submit(told).result(timeout=60)

        assert isinstance(ask(body, "comments"), CommentsDocument)
        assert not isinstance(ask(body, "feed"), CommentsDocument)
        with pytest.raises(ParseError, match="not-comments"):
            ask(b"<html><body>Gone</body></html>", "comments")
