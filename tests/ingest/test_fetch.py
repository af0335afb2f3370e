"""One request and its good answer, asked from any thread."""

import hashlib
from concurrent.futures import CancelledError

import pytest

from aggregator.ingest.fetch import Fetcher, FetchRequest, user_agent
from tests.fetching import FEED, Fetchers
from tests.scripted_server import Answer, ScriptedServer


def test_the_program_names_itself_and_a_contact() -> None:
    assert user_agent("0.1.0", "https://cwm.example/contact") == (
        "Veille/0.1.0 (+https://cwm.example/contact)"
    )


def test_a_first_request_carries_exactly_these_headers(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    fetcher.fetch(FetchRequest(url=scripted_server.answer("/feed", Answer(body=FEED))))
    [asked] = scripted_server.asked
    assert (asked.method, asked.path) == ("GET", "/feed")
    assert {name for name, _ in asked.headers} == {
        "Host",
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Connection",
    }
    assert asked.header("User-Agent") == "Veille/0.1.0 (+https://cwm.example/contact)"
    assert asked.header("Accept-Encoding") == "gzip, deflate, br"
    accept = asked.header("Accept") or ""
    for kind in ("atom+xml", "rss+xml", "feed+json", "/xml"):
        assert kind in accept
    assert accept.endswith("*/*;q=0.1")


@pytest.mark.parametrize(
    "path",
    [
        "/feed?",
        "/feed?x=1&a=%7e&b=a+b",
        "/a/../b//c/./d",
        "/a;v=1,2?q=[1]|2&z={}",
        "/%zz?%e9=%C3%A9",
        "/?a=b?c=d",
    ],
)
def test_an_address_is_sent_as_it_is_written(
    path: str, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer(path, Answer(body=FEED))
    assert fetcher.fetch(FetchRequest(url=f"{url}#comments")).url == url
    assert scripted_server.paths == [path]


def test_what_no_request_may_hold_is_percent_encoded(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    scripted_server.answer("/cr%C3%A9%20mes?q=%22", Answer(body=FEED))
    fetcher.fetch(FetchRequest(url=scripted_server.url("/cré mes?q=%22")))
    assert scripted_server.paths == ["/cr%C3%A9%20mes?q=%22"]


def test_name_and_password_become_a_header(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(body=FEED))
    fetched = fetcher.fetch(FetchRequest(url=url.replace("//", "//Magalie:p%40ss@")))
    assert scripted_server.asked[0].header("Authorization") == "Basic TWFnYWxpZTpwQHNz"
    assert fetched.url == url


def test_cookies_are_never_sent_back(fetcher: Fetcher, scripted_server: ScriptedServer) -> None:
    cookie = Answer(headers=(("Set-Cookie", "a=b; Path=/"),), body=FEED)
    url = scripted_server.answer("/feed", cookie)
    for _ in range(2):
        fetcher.fetch(FetchRequest(url=url))
    assert [asked.header("Cookie") for asked in scripted_server.asked] == [None, None]


def test_proxies_of_the_environment_are_ignored(
    fetcher: Fetcher, scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    monkeypatch.delenv("no_proxy", raising=False)
    url = scripted_server.answer("/feed", Answer(body=FEED))
    assert fetcher.fetch(FetchRequest(url=url)).body == FEED


def test_a_body_comes_with_its_hash_its_type_and_its_size(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    headers = (("Content-Type", "application/rss+xml; charset=utf-8"),)
    url = scripted_server.answer("/feed", Answer(headers=headers, body=FEED))
    fetched = fetcher.fetch(FetchRequest(url=url))
    assert (fetched.status, fetched.body, fetched.bytes_received) == (200, FEED, len(FEED))
    assert fetched.body_hash == hashlib.sha256(FEED).digest()
    assert fetched.content_type == "application/rss+xml; charset=utf-8"
    assert fetched.redirects == ()
    assert 0 <= fetched.took_ms < 10_000


def test_early_hints_before_the_answer_are_skipped(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    raw = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + Answer(body=FEED).head() + FEED
    url = scripted_server.answer("/feed", Answer(raw=raw))
    assert fetcher.fetch(FetchRequest(url=url)).body == FEED


def test_many_answers_come_at_once(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    fetcher = make_fetcher()
    urls = [scripted_server.answer(f"/{n}", Answer(body=b"%d" % n)) for n in range(50)]
    futures = [fetcher.submit(FetchRequest(url=url)) for url in urls]
    assert [future.result(timeout=10).body for future in futures] == [b"%d" % n for n in range(50)]
    assert scripted_server.connections <= 20


def test_a_kept_connection_that_ended_is_not_held_against_the_server(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    ended = Answer(raw=Answer(body=FEED).head() + FEED)  # looks kept, and is closed
    fetcher = make_fetcher(host_concurrency=1)
    url = scripted_server.answer("/feed", ended)
    futures = [fetcher.submit(FetchRequest(url=url)) for _ in range(5)]
    assert [future.result(timeout=10).body for future in futures] == [FEED] * 5


def test_closing_breaks_off_what_runs_and_refuses_what_comes(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    fetcher = make_fetcher()
    future = fetcher.submit(FetchRequest(url=scripted_server.answer("/f", Answer(held=True))))
    fetcher.close()
    with pytest.raises(CancelledError):
        future.result(timeout=0)
    with pytest.raises(RuntimeError, match="closed"):
        fetcher.submit(FetchRequest(url=scripted_server.url("/f")))
    fetcher.close()


def test_a_fetcher_that_never_fetched_closes_without_a_thread(make_fetcher: Fetchers) -> None:
    make_fetcher().close()
