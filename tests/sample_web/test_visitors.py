"""A visitor of the sample web comments and answers: on the page and in the feeds at once."""

from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode

import pytest
from lxml import etree, html
from lxml.html import FormElement

from aggregator.sample_web.server import RunningSampleWeb
from tests.sample_web.test_sample_web import GOLDEN, OPENED, delays_min, get, golden, read

ARTICLE: Final = "/cwm/article-repondre-sous-vingt-quatre-heures-9"
PAGE: Final = f"{ARTICLE}.html"
FEED: Final = f"{ARTICLE}/comments.atom"
WORDPRESS: Final = "/philippe-b/un-flux-n-est-pas-un-fleuve/"
SAYS: Final = {"author": "Magalie", "url": "https://magalie.example/", "text": "Bonjour à tous."}
"""Here is no French space before a sign: the web sets those as its pages do."""


def post(
    running: RunningSampleWeb, path: str, said: Mapping[str, str] | bytes, **headers: str
) -> tuple[int, str]:
    """Send a form; give the status and where it leads."""
    body = said if isinstance(said, bytes) else urlencode(said).encode()
    connection = HTTPConnection("127.0.0.1", running.server_port, timeout=5)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, (answer.headers["Location"] or "").removeprefix(running.address)
    finally:
        connection.close()


def form_of(page: html.HtmlElement) -> FormElement:
    form = page.get_element_by_id("respond")
    assert isinstance(form, FormElement)
    return form


def page_of(running: RunningSampleWeb, path: str) -> html.HtmlElement:
    return html.fromstring(get(running, path).body.decode())


def test_what_is_left_stands_on_the_page_and_in_the_feeds_at_once(
    sample_web: RunningSampleWeb,
) -> None:
    sample_web.publish(OPENED + timedelta(minutes=1))
    status, place = post(sample_web, PAGE, SAYS | {"parent": "9003"})
    number = place.rpartition("-")[2]
    assert (status, place) == (303, f"{PAGE}#comment-{number}")
    said = page_of(sample_web, place).get_element_by_id(f"comment-{number}")
    assert said.xpath("string(.//a[@class='url']/@href)") == "https://magalie.example/"
    answered = said.getprevious()
    assert answered is not None
    assert answered.get("id") == "comment-9003"
    for feed in (FEED, "/cwm/comments.atom"):
        newest = read(get(sample_web, feed).body).entries[0]
        assert newest.author_detail.name == "Magalie"
        assert newest.author_detail.href == "https://magalie.example/"
        assert newest.content[0].value == "<p>Bonjour à tous.</p>"
        assert newest.link == f"{sample_web.address}{place}"
        assert newest["thr_in-reply-to"]["ref"] == f"{sample_web.address}{PAGE}#comment-9003"
    counts = {
        one.link.removeprefix(sample_web.address): one.slash_comments
        for one in read(get(sample_web, "/cwm/rss").body).entries
    }
    assert counts[PAGE] == "4"


@pytest.mark.parametrize("path", [PAGE, FEED, "/cwm/comments.atom", "/cwm/rss"])
def test_what_is_left_changes_tag_and_date(sample_web: RunningSampleWeb, path: str) -> None:
    sample_web.publish(OPENED + timedelta(minutes=1))
    before = get(sample_web, path)
    sample_web.publish(OPENED + timedelta(minutes=1, seconds=5))
    post(sample_web, PAGE, SAYS)
    again = get(sample_web, path, If_None_Match=before.headers["ETag"])
    by_date = get(sample_web, path, If_Modified_Since=before.headers["Last-Modified"])
    assert (again.status, by_date.status) == (200, 200)
    changed_at = parsedate_to_datetime(again.headers["Last-Modified"])
    assert changed_at == OPENED + timedelta(minutes=1, seconds=5)
    assert get(sample_web, path, If_None_Match=again.headers["ETag"]).status == 304


def test_the_form_knows_cwm_and_whom_one_answers(sample_web: RunningSampleWeb) -> None:
    page = page_of(sample_web, PAGE)
    (link,) = page.xpath("//*[@id='comment-9003']//a[@class='comment-reply-link']/@href")
    form = form_of(page_of(sample_web, link.removeprefix(sample_web.address)))
    assert form.fields["author"] == "CWM"
    assert form.fields["url"] == f"{sample_web.address}/cwm/"
    assert form.fields["parent"] == "9003"
    assert form.action == f"{sample_web.address}{PAGE}"
    form.fields["text"] = "Lundi matin, oui."
    _, place = post(sample_web, PAGE, dict(form.form_values()))
    newest = read(get(sample_web, FEED).body).entries[0]
    assert newest.author_detail.href == f"{sample_web.address}/cwm/"
    assert newest.link.endswith(place)
    assert form_of(page).fields["parent"] == ""


@pytest.mark.parametrize("path", [WORDPRESS, "/el-annuaire/mode-d-emploi.html"])
def test_answers_to_answers_stand_inside_each_other(
    sample_web: RunningSampleWeb, path: str
) -> None:
    _, first = post(sample_web, path, SAYS)
    number = page_of(sample_web, first).xpath("//select/option[last()]/@value")[0]
    _, second = post(sample_web, path, SAYS | {"parent": number, "text": "Et encore."})
    outer, inner = (place.partition("#")[2] for place in (first, second))
    assert page_of(sample_web, path).xpath(f"//*[@id='{outer}']//*[@id='{inner}']")


def test_a_blog_without_a_feed_of_comments_takes_none(sample_web: RunningSampleWeb) -> None:
    path = "/nadia/carnets/le-port-au-petit-matin"
    assert not page_of(sample_web, path).xpath("//form")
    assert post(sample_web, path, SAYS)[0] == 404
    assert post(sample_web, "/cwm/nowhere", SAYS)[0] == 404
    assert post(sample_web, "/cwm/rss", SAYS)[0] == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"author": " ", "text": "Bonjour"}, 400),
        ({"author": "Magalie", "text": "\n"}, 400),
        ({}, 400),
        (b"&".join([b"a=b"] * 30), 400),
        (b"text=" + b"x" * 20_000, 413),
    ],
    ids=["no name", "no text", "nothing", "many fields", "a flood"],
)
def test_what_says_nothing_or_too_much_is_refused(
    sample_web: RunningSampleWeb, said: Mapping[str, str] | bytes, status: int
) -> None:
    assert post(sample_web, PAGE, said)[0] == status
    assert len(read(get(sample_web, FEED).body).entries) == 3


def test_another_page_of_the_browser_cannot_comment_here(sample_web: RunningSampleWeb) -> None:
    assert post(sample_web, PAGE, SAYS, Origin="http://elsewhere.example")[0] == 403
    assert post(sample_web, PAGE, SAYS, Origin=sample_web.address)[0] == 303


def test_the_book_has_an_end(sample_web: RunningSampleWeb) -> None:
    kept = [
        sample_web.web.receive(PAGE, SAYS | {"text": f"Encore {nth}"}).status for nth in range(201)
    ]
    assert (kept.count(303), kept[-1]) == (200, 400)


def test_hostile_words_stay_words(sample_web: RunningSampleWeb) -> None:
    said = {
        "author": "]]><script>alert(1)</script>" + "x" * 100,
        "url": "javascript:alert(1)",
        "text": '<img src=x onerror=alert(1)> ]]> \x00\x1b http://a.example/?a=1&b=2"onload="x.',
        "parent": "12345",
    }
    post(sample_web, WORDPRESS, said)
    feeds = [f"{WORDPRESS}feed/", f"{WORDPRESS}feed/atom/", "/philippe-b/comments/feed/"]
    for feed in feeds:
        assert etree.fromstring(get(sample_web, feed).body).tag
        entry = read(get(sample_web, feed).body).entries[0]
        assert entry.author == said["author"][:80]
    page = page_of(sample_web, WORDPRESS)
    assert not page.xpath("//script | //img | //*[@onload]")
    assert page.xpath("//*[@class='comment-content']//a/@href") == ["http://a.example/?a=1&b=2"]


def test_the_golden_conversation_stays_exact_as_others_are_answered(
    sample_web: RunningSampleWeb,
) -> None:
    post(sample_web, PAGE, SAYS)
    assert delays_min(golden(sample_web.web)) == [140, 74, 646, 368, 172]
    assert len(read(get(sample_web, f"/cwm/article-{GOLDEN}-6/comments.atom").body).entries) == 10


def test_the_articles_of_wordpress_answer_304_though_a_comment_came(
    sample_web: RunningSampleWeb,
) -> None:
    for feed in ("/philippe-b/feed/", "/philippe-b/feed/atom/"):
        before = get(sample_web, feed)
        post(sample_web, WORDPRESS, SAYS)
        known = before.headers["ETag"], before.headers["Last-Modified"]
        assert get(sample_web, feed, If_None_Match=known[0]).status == 304
        assert get(sample_web, feed, If_Modified_Since=known[1]).status == 304
    comments = get(sample_web, "/philippe-b/comments/feed/atom/")
    assert len(read(comments.body).entries) == 8


def test_wordpress_and_typepad_announce_replies_in_atom(sample_web: RunningSampleWeb) -> None:
    for feed, count in (("/philippe-b/feed/atom/", 3), ("/harbour-notes/atom.xml", 2)):
        entry = read(get(sample_web, feed).body).entries[1]
        replies = [link for link in entry.links if link.rel == "replies"]
        assert [link.type for link in replies] == ["text/html", "application/atom+xml"]
        assert entry.thr_total == str(count)
        path = replies[1].href.removeprefix(sample_web.address)
        assert len(read(get(sample_web, path).body).entries) == count


def test_blogger_turns_pages_and_relates_answers(sample_web: RunningSampleWeb) -> None:
    article = "/el-annuaire/les-gagnants-de-la-rentree.html"
    feed = "/el-annuaire/feeds/3/comments/default"
    answered = page_of(sample_web, article).xpath("//select/option[2]/@value")[0]
    for nth in range(30):
        post(sample_web, article, SAYS | {"text": f"Encore {nth}", "parent": answered})
    first = read(get(sample_web, feed).body)
    (following,) = (link.href for link in first.feed.links if link.rel == "next")
    following = following.removeprefix(sample_web.address)
    second = read(get(sample_web, following).body)
    assert (len(first.entries), len(second.entries)) == (25, 8)
    assert (first.feed.opensearch_totalresults, second.feed.opensearch_startindex) == ("33", "26")
    assert not [link for link in second.feed.links if link.rel == "next"]
    newest = first.entries[0]
    (related,) = (link.href for link in newest.links if link.rel == "related")
    assert related == f"{sample_web.address}{feed}/{answered}"
    assert newest["thr_in-reply-to"]["ref"].endswith(".post-3")
    assert newest.author_detail.email == "noreply@blogger.com"
    assert "showComment=" in newest.link
    assert get(sample_web, newest.link.removeprefix(sample_web.address)).status == 200
    assert len(read(get(sample_web, f"{feed}?max-results=500").body).entries) == 33
    assert len(read(get(sample_web, f"{feed}?max-results=x&start-index=-2").body).entries) == 25
