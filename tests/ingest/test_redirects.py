"""From address to address: how far, and what comes along."""

import pytest

from aggregator.ingest.fetch import Fetcher, FetchRequest, Redirect
from tests.fetching import FEED, refused
from tests.scripted_server import Answer, ScriptedServer


@pytest.fixture
def elsewhere(scripted_server: ScriptedServer) -> ScriptedServer:
    """Give a server of another origin, which has a feed at /feed."""
    scripted_server.answer("/feed", Answer(body=FEED))
    return scripted_server


def to(location: str, status: int = 302) -> Answer:
    return Answer(status=status, headers=(("Location", location),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_each_kind_of_redirect_is_followed_and_told(
    status: int, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    there = scripted_server.answer("/feed", Answer(body=FEED))
    fetched = fetcher.fetch(FetchRequest(url=scripted_server.answer("/old", to(there, status))))
    assert (fetched.url, fetched.body) == (there, FEED)
    assert fetched.redirects == (Redirect(status=status, url=there),)
    assert [asked.method for asked in scripted_server.asked] == ["GET", "GET"]


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("feed", "/blog/feed"),
        ("/feed?x=1#top", "/feed?x=1"),
        ("../a/./b", "/a/b"),
        ("?page=2", "/blog/old?page=2"),
        ("/caf\u00e9 cr\u00e8me", "/caf%E9%20cr%E8me"),
        ("/caf\u00c3\u00a9", "/caf%C3%A9"),
    ],
)
def test_a_relative_location_is_resolved_against_where_it_stands(
    location: str, path: str, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    there = scripted_server.answer(path, Answer(body=FEED))
    url = scripted_server.answer("/blog/old", to(location))
    assert fetcher.fetch(FetchRequest(url=url)).url == there


def test_five_redirects_are_followed_and_a_sixth_is_not(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    scripted_server.answer("/0", Answer(body=FEED))
    for n in range(1, 7):
        scripted_server.answer(f"/{n}", to(f"/{n - 1}"))
    assert len(fetcher.fetch(FetchRequest(url=scripted_server.url("/5"))).redirects) == 5
    scripted_server.asked.clear()
    error = refused(fetcher, scripted_server.url("/6"))
    assert (error.code, error.params) == ("too-many-redirects", {"most": 5})
    assert len(scripted_server.asked) == 6


def test_an_address_that_leads_to_itself_ends_too(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    error = refused(fetcher, scripted_server.answer("/feed", to("/feed", 301)))
    assert error.code == "too-many-redirects"


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://h.example/feed", "data:,feed", "http://["]
)
def test_only_web_addresses_are_followed(
    location: str, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    error = refused(fetcher, scripted_server.answer("/feed", to(location)))
    assert (error.code, error.params) == ("redirect-refused", {"url": location})


def test_a_redirect_to_nowhere_is_told(fetcher: Fetcher, scripted_server: ScriptedServer) -> None:
    error = refused(fetcher, scripted_server.answer("/feed", Answer(status=301)))
    assert (error.code, error.http_status) == ("unexpected-answer", 301)


def test_name_password_and_validators_stay_with_their_origin(
    fetcher: Fetcher, elsewhere: ScriptedServer
) -> None:
    with ScriptedServer().running() as origin:
        origin.answer("/feed", to("/again"))
        origin.answer("/again", to(elsewhere.url("/feed")))
        url = origin.url("/feed").replace("//", "//Magalie:secret@")
        fetched = fetcher.fetch(FetchRequest(url=url, etag='"abc"', last_modified="yesterday"))
    private = ("Authorization", "If-None-Match", "If-Modified-Since", "Referer", "Cookie")
    for asked in origin.asked:
        assert all(asked.header(name) for name in private[:3])
    for name in private:
        assert elsewhere.asked[0].header(name) is None
    assert [redirect.url for redirect in fetched.redirects] == [
        origin.url("/again"),
        elsewhere.url("/feed"),
    ]


def test_a_password_is_not_given_back_after_a_detour(
    fetcher: Fetcher, elsewhere: ScriptedServer
) -> None:
    with ScriptedServer().running() as origin:
        origin.answer("/feed", to(elsewhere.url("/detour")))
        elsewhere.answer("/detour", to(origin.url("/back")))
        origin.answer("/back", Answer(body=FEED))
        url = origin.url("/feed").replace("//", "//Magalie:secret@")
        fetcher.fetch(FetchRequest(url=url))
    assert [asked.header("Authorization") is None for asked in origin.asked] == [False, True]


def test_a_name_and_password_in_a_location_are_not_used(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    there = scripted_server.answer("/feed", Answer(body=FEED))
    url = scripted_server.answer("/old", to(there.replace("//", "//Erick:secret@")))
    fetched = fetcher.fetch(FetchRequest(url=url))
    assert scripted_server.asked[1].header("Authorization") is None
    assert (fetched.url, fetched.redirects[0].url) == (there, there)


def test_validators_go_to_whom_they_are_from_where_the_address_leads_there(
    fetcher: Fetcher, elsewhere: ScriptedServer
) -> None:
    there = elsewhere.answer("/feed", Answer(status=304))
    with ScriptedServer().running() as origin:
        url = origin.answer("/feed", to(there))
        fetched = fetcher.fetch(FetchRequest(url=url, etag='"abc"', validated_url=there))
    assert origin.asked[0].header("If-None-Match") is None
    assert elsewhere.asked[0].header("If-None-Match") == '"abc"'
    assert (fetched.status, fetched.etag) == (304, '"abc"')


def test_a_304_from_whom_no_validator_was_sent_is_not_believed(
    fetcher: Fetcher, elsewhere: ScriptedServer
) -> None:
    there = elsewhere.answer("/feed", Answer(status=304))
    with ScriptedServer().running() as origin:
        request = FetchRequest(url=origin.answer("/feed", to(there)), etag='"abc"')
        error = refused(fetcher, request)
    assert (error.code, error.http_status) == ("unexpected-answer", 304)
