"""Addresses are read one way only, and keep to themselves what is nobody's business."""

import pytest

from aggregator.errors import FetchError
from aggregator.ingest.urls import host_of, resolve, target, without_user_info


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://cwm.example", "cwm.example", 80, "/"),
        ("HTTPS://CWM.example.?x", "cwm.example", 443, "/?x"),
        ("  http://cwm.example:8080/a#b ", "cwm.example", 8080, "/a"),
        ("http://[::1]:81/feed?", "::1", 81, "/feed?"),
        ("http://Magalie:a@b@cwm.example/x@y", "cwm.example", 80, "/x@y"),
        ("http://müller.example/é", "xn--mller-kva.example", 80, "/%C3%A9"),
        ("https://cwm.example:/feed", "cwm.example", 443, "/feed"),
    ],
)
def test_an_address_is_taken_apart(url: str, host: str, port: int, path: str) -> None:
    parts = target(url)
    assert (parts.host, parts.port, parts.path) == (host, port, path)
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        *("", "cwm.example", "//cwm.example/", "http:/cwm.example", "http:cwm.example"),
        *(
            "ftp://cwm.example/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "http://",
            "http:///x",
        ),
        *("http://cwm.example:0/", "http://cwm.example:65536/", "http://cwm.example:http/"),
        *("http://a b/", "http://a\\b/", "http://a\n.example/", "http://::1/", "http://[::1/"),
        *("http://\ud800.example/", "http://cwm.example/\ud800"),
    ],
)
def test_what_is_no_web_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        target(url.replace("://", "://Magalie:secret@", 1))
    assert caught.value.code == "bad-address"
    assert "secret" not in str(caught.value)
    str(caught.value.params["url"]).encode()


def test_only_name_and_password_leave_an_address() -> None:
    assert without_user_info("https://a:b@cwm.example:81/x?y=@z#@") == (
        "https://cwm.example:81/x?y=@z#@"
    )
    assert without_user_info("https://cwm.example/a@b") == "https://cwm.example/a@b"
    assert without_user_info("no address") == "no address"


def test_a_reference_is_resolved_where_it_stands() -> None:
    assert resolve("http://cwm.example/a/b?c", "../d") == "http://cwm.example/d"
    assert resolve("http://cwm.example/a", " //magalie.example/ ") == "http://magalie.example/"
    with pytest.raises(FetchError):
        resolve("http://cwm.example/", "http://[")
