"""The sample web: every kind of feed, the golden conversation, and something new all the time."""

import dataclasses
import io
import json
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection

import feedparser
import pytest
from lxml import etree, html
from ruamel.yaml import YAML

from aggregator.sample_web.edition import IN_A_FEED
from aggregator.sample_web.prepared import PLACE, SITES
from aggregator.sample_web.server import RunningSampleWeb, serve
from aggregator.sample_web.timeline import PARIS, Article, golden_friday
from aggregator.sample_web.web import SampleWeb

OPENED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
GOLDEN = "etre-partout-ou-etre-quelque-part"
COMING = 49
"""Articles that are prepared to come, before any comes again."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    status: int
    headers: Message
    body: bytes


def get(running: RunningSampleWeb, path: str, **headers: str) -> Got:
    connection = HTTPConnection("127.0.0.1", running.server_port, timeout=5)
    try:
        connection.request(
            "GET", path, headers={name.replace("_", "-"): said for name, said in headers.items()}
        )
        answer = connection.getresponse()
        return Got(status=answer.status, headers=answer.headers, body=answer.read())
    finally:
        connection.close()


def read(body: bytes) -> feedparser.FeedParserDict:
    return feedparser.parse(io.BytesIO(body))


def standing_at(moment: datetime, started_at: datetime = OPENED) -> SampleWeb:
    return SampleWeb(now=lambda: moment, started_at=started_at, slow_s=0)


def golden(web: SampleWeb) -> Article:
    return next(one for one in web.edition("cwm").articles if one.slug == GOLDEN)


def delays_min(article: Article) -> list[float]:
    written = {one.number: one.written_at for one in article.comments}
    return [
        (one.written_at - written[one.parent]).total_seconds() / 60
        for one in article.comments
        if one.parent is not None
    ]


@pytest.fixture
def recovered(sample_web: RunningSampleWeb) -> RunningSampleWeb:
    sample_web.publish(OPENED + timedelta(minutes=2))
    return sample_web


@pytest.mark.parametrize(
    ("path", "version", "entries"),
    [
        ("/cwm/rss", "rss20", 10),
        ("/philippe-b/feed/", "rss20", 5),
        ("/nadia/atom.xml", "atom10", 5),
        ("/el-annuaire/feeds/posts/default", "atom10", 4),
        ("/erick/rss.xml", "rss20", 5),
        ("/harbour-notes/atom.xml", "atom10", 4),
        ("/magalie/index.rdf", "rss10", 5),
        ("/courant-alternatif/actualites.xml", "rss20", 3),
        ("/nouvelle-adresse/rss", "rss20", 3),
        ("/escargot/rss", "rss20", 3),
        ("/sans-date/flux.xml", "rss20", 4),
        ("/cwm/comments.atom", "atom10", 25),
        (f"/cwm/article-{GOLDEN}-6/comments.atom", "atom10", 10),
        ("/el-annuaire/feeds/3/comments/default", "atom10", 3),
        ("/philippe-b/comments/feed/", "rss20", 6),
        ("/philippe-b/comments/feed/atom/", "atom10", 6),
        ("/philippe-b/un-flux-n-est-pas-un-fleuve/feed/", "rss20", 3),
    ],
)
def test_each_feed_is_well_formed_and_of_its_kind(
    sample_web: RunningSampleWeb, path: str, version: str, entries: int
) -> None:
    sample_web.publish(OPENED)
    web = dataclasses.replace(sample_web.web, recovers_after=timedelta(0))
    sample_web.web = web
    got = get(sample_web, path)
    document = read(got.body)
    assert got.status == 200
    assert etree.fromstring(got.body).tag
    assert (document.version, document.bozo) == (version, False)
    assert len(document.entries) == entries
    assert PLACE.encode() not in got.body


def test_the_json_feed_says_its_version_and_has_a_note_without_title(
    sample_web: RunningSampleWeb,
) -> None:
    got = get(sample_web, "/atelier/feed.json")
    document = json.loads(got.body)
    assert got.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert ["title" in item for item in document["items"]] == [True, False, True, True]


def test_the_golden_article_is_of_a_friday_at_six_thirty_three_in_paris() -> None:
    local = golden(standing_at(OPENED)).published_at.astimezone(PARIS)
    assert (local.date().isoformat(), f"{local:%a %H:%M}") == ("2026-11-20", "Fri 06:33")


def test_the_golden_conversation_has_its_exact_delays() -> None:
    article = golden(standing_at(OPENED))
    delays = delays_min(article)
    assert [one.author for one in article.comments if one.parent is None] == [
        "Magalie",
        "Erick",
        "Philippe B",
        "El annuaire",
        "Philippe B",
    ]
    assert {one.author for one in article.comments if one.parent is not None} == {"CWM"}
    assert delays == [140, 74, 646, 368, 172]
    assert (statistics.median(delays), statistics.mean(delays), max(delays)) == (172, 280, 646)
    first = article.comments[0].written_at - article.published_at
    assert first == timedelta(hours=8, minutes=37)
    assert [f"{one.written_at.astimezone(PARIS):%a %H:%M}" for one in article.comments] == [
        "Fri 15:10",
        "Fri 17:30",
        "Fri 18:27",
        "Fri 19:41",
        "Sun 00:04",
        "Sun 04:43",
        "Sun 10:50",
        "Sun 10:51",
        "Sun 11:45",
        "Sun 14:37",
    ]


def test_the_delays_stay_exact_when_the_clocks_change_in_the_weekend() -> None:
    clocks_changed = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
    article = golden(standing_at(clocks_changed, started_at=clocks_changed))
    assert article.published_at == datetime(2026, 10, 23, 4, 33, tzinfo=UTC)
    assert delays_min(article) == [140, 74, 646, 368, 172]


@pytest.mark.parametrize(
    ("opened", "friday"),
    [
        (datetime(2026, 11, 22, 13, 36, tzinfo=UTC), datetime(2026, 11, 13, 5, 33, tzinfo=UTC)),
        (datetime(2026, 11, 22, 13, 37, tzinfo=UTC), datetime(2026, 11, 20, 5, 33, tzinfo=UTC)),
    ],
    ids=["a minute before its last answer", "at its last answer"],
)
def test_the_golden_weekend_is_the_last_that_is_over(opened: datetime, friday: datetime) -> None:
    assert golden_friday(opened, timedelta(hours=56, minutes=4)) == friday


def test_the_golden_feed_names_parents_and_the_sites_of_authors(
    sample_web: RunningSampleWeb,
) -> None:
    article_url = f"{sample_web.address}/cwm/article-{GOLDEN}-6.html"
    entries = read(get(sample_web, f"/cwm/article-{GOLDEN}-6/comments.atom").body).entries
    sites = {one.author_detail.name: one.author_detail.href for one in entries}
    parents = [one["thr_in-reply-to"]["ref"] for one in reversed(entries)]
    comment = f"{article_url}#comment-60"
    assert sites == {
        name: f"{sample_web.address}/{slug}/"
        for name, slug in {
            "CWM": "cwm",
            "Erick": "erick",
            "Magalie": "magalie",
            "Philippe B": "philippe-b",
            "El annuaire": "el-annuaire",
        }.items()
    }
    assert parents == [
        article_url,
        f"{comment}01",
        article_url,
        f"{comment}03",
        article_url,
        article_url,
        f"{comment}05",
        f"{comment}06",
        article_url,
        f"{comment}09",
    ]


def test_el_annuaire_links_to_her_article_with_a_full_stop_after_the_address(
    sample_web: RunningSampleWeb,
) -> None:
    path = "/el-annuaire/pourquoi-j-ai-ferme-ma-page.html"
    said = get(sample_web, f"/cwm/article-{GOLDEN}-6/comments.atom").body.decode()
    assert f"{sample_web.address}{path}. " in said
    assert get(sample_web, path).status == 200


def test_the_page_of_the_golden_article_shows_the_latest_comment_first_and_answers_below(
    sample_web: RunningSampleWeb,
) -> None:
    page = html.fromstring(get(sample_web, f"/cwm/article-{GOLDEN}-6.html").body.decode())
    shown = [
        " ".join(one.text_content().split())
        for one in page.xpath('//div[contains(@class, "ob-comment")]/p[@class="ob-h4"]')
    ]
    assert shown == [
        "Philippe B 22/11/2026 11:45",
        "CWM 22/11/2026 14:37",
        "El annuaire 22/11/2026 04:43",
        "CWM 22/11/2026 10:51",
        "Philippe B 22/11/2026 00:04",
        "CWM 22/11/2026 10:50",
        "Erick 20/11/2026 18:27",
        "CWM 20/11/2026 19:41",
        "Magalie 20/11/2026 15:10",
        "CWM 20/11/2026 17:30",
    ]


def test_counts_and_comment_feeds_are_announced_and_true(sample_web: RunningSampleWeb) -> None:
    wordpress = read(get(sample_web, "/philippe-b/feed/").body).entries
    blogger = read(get(sample_web, "/el-annuaire/feeds/posts/default").body).entries
    overblog = read(get(sample_web, "/cwm/rss").body).entries
    for entry, count, feed in [
        *((one, one.slash_comments, one.wfw_commentrss) for one in wordpress + overblog),
        *((one, one.thr_total, one.links[0].href) for one in blogger),
    ]:
        path = feed.removeprefix(sample_web.address)
        assert len(read(get(sample_web, path).body).entries) == int(count), entry.title
    assert [int(one.slash_comments) for one in overblog] == [0, 3, 1, 4, 10, 2, 0, 1, 4, 0]


def test_wordpress_tells_answers_in_words_and_pingbacks_apart(
    sample_web: RunningSampleWeb,
) -> None:
    said = read(get(sample_web, "/philippe-b/comments/feed/").body).entries
    bodies = [one.content[0].value for one in said]
    assert sum("En réponse à <a href=" in body for body in bodies) == 2
    assert sum("[…]" in body for body in bodies) == 2
    page = html.fromstring(get(sample_web, "/philippe-b/un-flux-n-est-pas-un-fleuve/").body)
    assert len(page.xpath('//li[contains(@class, "pingback")]')) == 1
    assert page.xpath('//ol[@class="children"]/li//b[@class="fn"]/a/text()') == ["Philippe B"]


def test_the_address_of_a_site_announces_its_feed(sample_web: RunningSampleWeb) -> None:
    page = html.fromstring(get(sample_web, "/cwm/").body.decode())
    announced = page.xpath('//link[@rel="alternate"]')
    assert [(link.get("type"), link.get("href")) for link in announced] == [
        ("application/rss+xml", f"{sample_web.address}/cwm/rss"),
        ("application/atom+xml", f"{sample_web.address}/cwm/comments.atom"),
    ]


def test_ericks_feed_is_in_windows_1252_and_reads_well(sample_web: RunningSampleWeb) -> None:
    got = get(sample_web, "/erick/rss.xml")
    text = got.body.decode("windows-1252")
    assert 'encoding="windows-1252"' in text
    assert "1 840 €" in text
    assert "l’œuf" in text
    assert "l’œuf" in read(got.body).entries[0].summary


def test_the_undated_site_has_neither_dates_nor_ids(sample_web: RunningSampleWeb) -> None:
    entries = read(get(sample_web, "/sans-date/flux.xml").body).entries
    assert not any("published" in one or "updated" in one or "id" in one for one in entries)
    assert ["title" in one for one in entries] == [True, True, False, True]


def test_nadia_has_arabic_a_sound_a_picture_and_a_long_title(
    sample_web: RunningSampleWeb,
) -> None:
    entries = read(get(sample_web, "/nadia/atom.xml").body).entries
    (sound,) = (link for one in entries for link in one.links if link.rel == "enclosure")
    played = get(sample_web, sound.href.removeprefix(sample_web.address))
    picture = get(sample_web, "/pictures/port.svg")
    assert [one.content[0].language for one in entries].count("ar") == 1
    assert max(len(one.title) for one in entries) > 200
    assert (len(played.body), played.body[:4]) == (int(sound.length), b"RIFF")
    assert etree.fromstring(picture.body).tag == "{http://www.w3.org/2000/svg}svg"
    assert b'dir="rtl"' in get(sample_web, "/nadia/carnets/sabah-al-khayr").body


def test_something_new_is_published_every_interval() -> None:
    seen: set[str] = set()
    for tick in range(COMING + 15):
        web = standing_at(OPENED + tick * timedelta(seconds=20))
        now = {
            web_edition.address(article)
            for web_edition in map(web.edition, SITES)
            for article in web_edition.articles
        }
        assert len(now - seen) == (1 if tick else 58)
        seen = now


def comments(web: SampleWeb) -> list[tuple[str, str, str]]:
    return [
        (article.title, comment.author, comment.html)
        for slug in SITES
        for article in web.edition(slug).articles
        for comment in article.comments
    ]


def test_one_comment_comes_every_interval_but_never_under_the_golden_article() -> None:
    before, after = (standing_at(OPENED + timedelta(minutes=passed)) for passed in (0, 15))
    assert len(comments(after)) - len(comments(before)) == 45
    assert len(golden(after).comments) == 10


def test_nobody_says_the_same_twice_under_one_article() -> None:
    said = comments(standing_at(OPENED + timedelta(days=1)))
    assert len(said) == len(set(said))


def test_what_was_published_stays_as_it_was() -> None:
    early = {one.number: one for one in standing_at(OPENED).edition("magalie").articles}
    late = standing_at(OPENED + timedelta(hours=1)).edition("magalie")
    kept = {one.number: one for one in late.articles if one.number in early}
    assert kept == early
    assert len(late.latest) == IN_A_FEED


@pytest.mark.parametrize("minutes", [0, 17, 240])
def test_nothing_is_dated_in_the_future(minutes: int) -> None:
    moment = OPENED + timedelta(minutes=minutes)
    web = standing_at(moment)
    for slug in SITES:
        for article in web.edition(slug).articles:
            assert article.published_at <= moment
            for comment in article.comments:
                assert article.published_at < comment.written_at <= moment


@pytest.mark.parametrize("path", ["/cwm/rss", "/atelier/feed.json", "/cwm/", "/magalie/index.rdf"])
def test_what_did_not_change_is_not_sent_again(sample_web: RunningSampleWeb, path: str) -> None:
    first = get(sample_web, path)
    by_tag = get(sample_web, path, If_None_Match=first.headers["ETag"])
    by_date = get(sample_web, path, If_Modified_Since=first.headers["Last-Modified"])
    assert [(one.status, one.body) for one in (by_tag, by_date)] == [(304, b""), (304, b"")]
    assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_what_changed_is_sent_again(sample_web: RunningSampleWeb) -> None:
    first = get(sample_web, "/cwm/rss")
    sample_web.publish(OPENED + timedelta(seconds=20))
    by_tag = get(
        sample_web,
        "/cwm/rss",
        If_None_Match=first.headers["ETag"],
        If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT",
    )
    by_date = get(sample_web, "/cwm/rss", If_Modified_Since=first.headers["Last-Modified"])
    assert (by_tag.status, by_date.status) == (200, 200)
    assert len(read(by_tag.body).entries) == 11
    changed_at = parsedate_to_datetime(by_tag.headers["Last-Modified"])
    assert changed_at == OPENED + timedelta(seconds=20)


def test_a_date_that_is_none_is_ignored(sample_web: RunningSampleWeb) -> None:
    assert get(sample_web, "/cwm/rss", If_Modified_Since="hier").status == 200


def test_gzip_is_sent_to_who_accepts_it(sample_web: RunningSampleWeb) -> None:
    plain = get(sample_web, "/cwm/rss")
    packed = get(sample_web, "/cwm/rss", Accept_Encoding="deflate, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Content-Encoding"] is None
    assert len(packed.body) * 2 < len(plain.body)
    assert packed.headers["ETag"] == plain.headers["ETag"]


def test_the_closed_site_is_gone(sample_web: RunningSampleWeb) -> None:
    assert get(sample_web, "/fermee/rss").status == 410


def test_the_moved_site_leads_to_its_new_address(sample_web: RunningSampleWeb) -> None:
    got = get(sample_web, "/demenage/rss")
    assert got.status == 301
    assert got.headers["Location"] == f"{sample_web.address}/nouvelle-adresse/rss"


def test_the_failing_site_fails_then_recovers(sample_web: RunningSampleWeb) -> None:
    failing = get(sample_web, "/courant-alternatif/actualites.xml")
    sample_web.publish(OPENED + timedelta(minutes=2))
    assert (failing.status, failing.headers["Retry-After"]) == (503, "20")
    assert get(sample_web, "/courant-alternatif/actualites.xml").status == 200


def test_only_the_slow_site_lets_one_wait() -> None:
    web = SampleWeb(now=lambda: OPENED, started_at=OPENED)
    slow = {site.slug for site in web.sites if web.answer(f"/{site.slug}/{site.feed}").delay_s}
    assert slow == {"escargot"}
    assert web.answer("/escargot/rss").delay_s == 3


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/cwm/nowhere", "/pictures/../x.svg", "/%00", "//", "/cwm/rss/more", "/?x"],
)
def test_an_unknown_address_is_answered_in_words(sample_web: RunningSampleWeb, path: str) -> None:
    got = get(sample_web, path)
    assert (got.status, b"Page introuvable" in got.body) in {(404, True), (200, False)}


def test_every_page_that_the_web_links_to_is_there(recovered: RunningSampleWeb) -> None:
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        got = get(recovered, path)
        expected = {"/demenage": 301, "/fermee/": 410, "/fermee": 410}
        assert got.status == expected.get(path.rstrip("/").removesuffix("/rss"), 200), path
        if got.headers["Content-Type"].startswith("text/html") and got.status == 200:
            for link in new_links(got, recovered.address, seen):
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 80


def new_links(got: Got, address: str, seen: set[str]) -> Iterator[str]:
    page = html.fromstring(got.body.decode())
    for where in set(page.xpath("//@href | //@src")):
        path = where.split("#")[0].removeprefix(address)
        if path not in seen:
            yield path


@pytest.mark.parametrize(("language", "first"), [("fr", "Mon blog"), ("en", "My blog")])
def test_the_feeds_yaml_follows_what_is_there(
    recovered: RunningSampleWeb, language: str, first: str
) -> None:
    text = recovered.feeds_yaml("fr" if language == "fr" else "en")
    written = YAML(typ="safe", pure=True).load(text)
    statuses = {
        source["url"]: get(recovered, source["url"].removeprefix(recovered.address)).status
        for source in written["sources"]
    }
    assert "{" not in text
    assert written["pages"][0]["name"] == first
    assert {source["page"] for source in written["sources"]} == {
        page["name"] for page in written["pages"]
    }
    assert written["me"] == {"names": ["CWM"], "sites": [f"{recovered.address}/cwm/"]}
    assert written["settings"]["answer_within"] == "24h"
    assert written["settings"]["office_hours"]["to"] == "18:00"
    assert sorted(statuses.values()) == [200] * 12 + [301, 410]


def test_two_webs_of_the_same_moment_say_the_same() -> None:
    moment = OPENED + timedelta(minutes=3)
    one, other = standing_at(moment), standing_at(moment)
    assert all(
        one.answer(f"/{site.slug}/{site.feed}") == other.answer(f"/{site.slug}/{site.feed}")
        for site in one.sites
    )


def test_the_server_ends_with_its_block() -> None:
    with serve(standing_at(OPENED)) as running:
        port = running.server_port
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")


def test_about_half_of_the_sites_have_an_icon(sample_web: RunningSampleWeb) -> None:
    with_icon = []
    for slug in SITES:
        home = get(sample_web, f"/{slug}/").body
        if icon := html.fromstring(home).xpath("string(//link[@rel='icon']/@href)"):
            with_icon.append(slug)
            got = get(sample_web, icon.removeprefix(sample_web.address))
            assert (got.status, got.headers["Content-Type"]) == (200, "image/png")
            assert got.body.startswith(b"\x89PNG")
    assert len(SITES) / 3 < len(with_icon) < len(SITES) * 2 / 3
