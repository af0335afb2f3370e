"""What each answer that cannot be used, and each trouble on the way to one, is called."""

import socket
import time
import tracemalloc

import pytest

from aggregator.ingest.fetch import Fetcher, FetchRequest
from tests.fetching import FEED, Fetchers, refused
from tests.scripted_server import Answer, Headers, ScriptedServer


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "http-401"),
        (403, "http-403"),
        (404, "http-404"),
        (410, "http-410"),
        (429, "http-429"),
        (418, "http-error"),
        (500, "http-error"),
        (503, "http-error"),
        (204, "unexpected-answer"),
        (206, "unexpected-answer"),
        (300, "unexpected-answer"),
        (304, "unexpected-answer"),
    ],
)
def test_each_refusal_has_its_code_and_its_status(
    status: int, code: str, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    body = b"" if status in {204, 304} else b"no"
    error = refused(fetcher, scripted_server.answer("/feed", Answer(status=status, body=body)))
    assert (error.code, error.http_status) == (code, status)
    assert len(scripted_server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ((("Retry-After", "7200"),), 7200),
        ((("Retry-After", "99999999999999999999"),), 366 * 86400),
        ((("Retry-After", "-5"),), None),
        ((("Retry-After", "soon"),), None),
        ((("Retry-After", "Wed, 25 Nov 2026 11:00:00 GMT"),), 7200),
        (
            (
                ("Date", "Wed, 25 Nov 2026 10:30:00 GMT"),
                ("Retry-After", "Wednesday, 25-Nov-26 11:00:00 GMT"),
            ),
            1800,
        ),
        ((("Retry-After", "Wed, 25 Nov 2026 08:00:00 GMT"),), None),
        ((), None),
    ],
)
def test_a_wish_to_be_left_alone_is_counted_from_the_servers_own_clock(
    headers: Headers, wait_s: int | None, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(status=503, headers=headers))
    assert refused(fetcher, url).retry_after_s == wait_s


def test_an_unknown_name_is_told_apart_from_a_closed_door(fetcher: Fetcher) -> None:
    assert refused(fetcher, "http://nobody.invalid/feed").code == "dns-failed"
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    assert refused(fetcher, f"http://127.0.0.1:{port}/feed").code == "refused"


def test_a_failed_secure_connection_says_why(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    error = refused(fetcher, scripted_server.url("/feed").replace("http:", "https:"))
    assert (error.code, error.params["host"]) == ("tls-failed", "127.0.0.1")
    assert error.params["detail"]


def test_a_server_that_hangs_up_is_asked_once(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    error = refused(fetcher, scripted_server.answer("/feed", Answer(hang_up=True)))
    assert error.code == "disconnected"
    assert scripted_server.paths == ["/feed"]


def test_a_body_that_breaks_off_counts_what_came(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    error = refused(fetcher, scripted_server.answer("/feed", Answer(body=FEED, cut_after=9)))
    assert (error.code, error.bytes_received) == ("disconnected", 9)


def test_silence_ends_at_the_deadline(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(held=True))
    error = refused(make_fetcher(timeout_s=0.2), url)
    assert (error.code, error.params) == ("timeout", {"seconds": 1})
    assert error.took_ms >= 200


def test_a_drip_of_bytes_does_not_outlast_the_deadline(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(body=b" ", endless=True, drip_s=0.01))
    began = time.monotonic()
    assert refused(make_fetcher(timeout_s=0.3), url).code == "timeout"
    assert time.monotonic() - began < 3


def test_headers_that_drip_do_not_outlast_the_deadline(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    slow = Answer(raw=b"HTTP/1.1 200 OK\r\n", body=b"X" * 9999, drip_s=0.01)
    error = refused(make_fetcher(timeout_s=0.3), scripted_server.answer("/feed", slow))
    assert error.code == "timeout"


@pytest.mark.parametrize(
    "headers",
    [(("X-Long", "x" * 40_000),), tuple((f"X-{n}", "x") for n in range(500))],
    ids=["one-long", "too-many"],
)
def test_headers_larger_than_any_site_needs_are_refused(
    headers: Headers, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(headers=headers, body=FEED))
    assert refused(fetcher, url).code == "header-too-large"


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (b"X-Long: ", b"x" * 60_000),
        (b"", b"X" * 60_000),
        (b"", b"X-Many: " + b"x" * 20_000 + b"\r\n"),
        (b"", b"X-More: x\r\n" * 1000),
    ],
    ids=["one-value", "one-name", "long-fields", "short-fields"],
)
def test_headers_without_end_are_refused_before_they_fill_the_memory(
    begun: bytes, more: bytes, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    raw = b"HTTP/1.1 200 OK\r\n" + begun
    url = scripted_server.answer("/feed", Answer(raw=raw, body=more, endless=True))
    tracemalloc.start()
    try:
        assert refused(fetcher, url).code == "header-too-large"
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000


def test_answers_before_the_answer_end_at_the_deadline(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    url = scripted_server.answer("/feed", Answer(raw=hint, body=hint * 100, endless=True))
    assert refused(make_fetcher(timeout_s=0.3), url).code == "timeout"


def test_what_is_no_http_is_told_without_its_bytes(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(raw=b"SSH-2.0-OpenSSH_9.2\r\n\r\n"))
    error = refused(fetcher, url)
    assert error.code == "unreachable"
    assert "\n" not in str(error.params["detail"])


@pytest.mark.parametrize("url", ["", "feed", "ftp://h.example/", "http://", "http://a..b/feed"])
def test_what_is_no_web_address_is_refused_in_words(url: str, fetcher: Fetcher) -> None:
    assert refused(fetcher, url).code == "bad-address"


def test_an_empty_answer_is_a_fault(fetcher: Fetcher, scripted_server: ScriptedServer) -> None:
    error = refused(fetcher, scripted_server.answer("/feed", Answer()))
    assert (error.code, error.http_status) == ("empty", 200)


def test_an_endless_body_is_cut_at_the_cap(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(body=b"x" * 60_000, endless=True))
    error = refused(make_fetcher(max_body_bytes=1_000_000), url)
    assert (error.code, error.params) == ("too-large", {"megabytes": 1})
    assert 1_000_000 < error.bytes_received < 2_000_000


def test_a_body_at_the_cap_is_taken(
    make_fetcher: Fetchers, scripted_server: ScriptedServer
) -> None:
    fetcher = make_fetcher(max_body_bytes=1000)
    url = scripted_server.answer("/feed", Answer(body=b"x" * 1000), Answer(body=b"x" * 1001))
    assert fetcher.fetch(FetchRequest(url=url)).bytes_received == 1000
    assert refused(fetcher, url).code == "too-large"
