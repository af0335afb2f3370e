"""The icon that a page announces, and what is taken for a picture."""

import pytest

from aggregator.domain.items import WebPage
from aggregator.ingest.discover import read_page
from aggregator.ingest.icons import MOST_BYTES, recognised, usual
from aggregator.sample_web.media import icon as drawn

URL = "https://cwm.example/blog/"
PNG = drawn("cwm")


def announced(*links: str) -> str | None:
    page = read_page(f"<html><head>{''.join(links)}</head></html>".encode(), url=URL)
    assert isinstance(page, WebPage)
    return page.icon


def link(href: str, sizes: str = "", rel: str = "icon", media_type: str = "image/png") -> str:
    return f'<link rel="{rel}" type="{media_type}" sizes="{sizes}" href="{href}">'


@pytest.mark.parametrize("rel", ["icon", "shortcut icon", "ICON", "Shortcut Icon"])
def test_an_icon_is_announced_in_several_ways(rel: str) -> None:
    assert announced(link("/i.png", rel=rel)) == "https://cwm.example/i.png"


def test_of_several_the_one_nearest_to_32_pixels_is_taken() -> None:
    links = [link("/16.png", "16x16"), link("/192.png", "192x192"), link("/48.png", "48x48")]
    assert announced(*links, link("/32.png", "32x32")) == "https://cwm.example/32.png"
    assert announced(*links) == "https://cwm.example/48.png"
    assert announced(link("/16.png", "16x16"), link("/x.ico", "16x16 32x32")) == (
        "https://cwm.example/x.ico"
    )


def test_the_icon_of_a_telephone_is_taken_only_where_there_is_no_other() -> None:
    touch = link("/touch.png", "180x180", rel="apple-touch-icon")
    assert announced(touch) == "https://cwm.example/touch.png"
    assert announced(touch, link("/16.png", "16x16")) == "https://cwm.example/16.png"


@pytest.mark.parametrize(
    "passed_over",
    [
        link("/i.svg", media_type=""),
        link("/i.svg?v=2#x", media_type=""),
        link("/i", media_type="image/svg+xml"),
        link("data:image/png;base64,iVBORw0KGgo="),
        link("javascript:alert(1)"),
        link("file:///etc/passwd"),
        link("http://[::1"),
        link("http://"),
        link("/mask", rel="mask-icon"),
        link("/style.css", rel="stylesheet"),
        "<link rel=icon>",
    ],
)
def test_what_is_no_picture_of_the_web_is_passed_over(passed_over: str) -> None:
    assert announced(passed_over) is None
    assert announced(passed_over, link("/good.png")) == "https://cwm.example/good.png"


def test_an_address_is_relative_to_the_base_of_the_page() -> None:
    assert announced('<base href="https://a.example/b/">', link("i.png")) == (
        "https://a.example/b/i.png"
    )


@pytest.mark.parametrize(
    "sizes", ["any", "0x0", "99999999999x1", "-1x-1", "axb", "x", "१६x१६", "16x16 " * 9999]
)
def test_any_words_for_the_size_are_borne(sizes: str) -> None:
    assert announced(link("/i.png", sizes)) == "https://cwm.example/i.png"


def test_a_page_of_nothing_but_icons_is_read_to_a_bound() -> None:
    assert announced(*(link(f"/{n}.png", "16x16") for n in range(5000))) is not None
    assert announced("<div>" * 5000, link("/i.png")) in {None, "https://cwm.example/i.png"}


def test_a_site_that_announces_none_has_it_at_the_usual_place() -> None:
    assert usual("https://cwm.example:8443/blog/?x=1") == "https://cwm.example:8443/favicon.ico"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (PNG, "image/png"),
        (b"GIF89a\x10\0\x10\0", "image/gif"),
        (b"GIF87a\x10\0\x10\0", "image/gif"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"RIFF\x1a\0\0\0WEBPVP8L", "image/webp"),
        (b"\0\0\1\0\1\0\x10\x10", "image/x-icon"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(body: bytes, media_type: str) -> None:
    found = recognised(body)
    assert found is not None
    assert (found.media_type, found.content) == (media_type, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"<!doctype html><title>404</title>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<?xml version='1.0'?><svg/>",
        b"\xef\xbb\xbf<svg/>",
        b"\x1f\x8b\x08\0",
        b"\0\0\2\0\1\0",
        b"\0\0\1\0\0\0",
        b"\x89PNG",
        b" " + PNG,
        b"RIFF\x1a\0\0\0WAVEfmt ",
        b"%PDF-1.4",
    ],
)
def test_what_is_none_is_refused(body: bytes) -> None:
    assert recognised(body) is None


def test_a_picture_of_more_than_50_kb_is_refused() -> None:
    most = PNG + b"\0" * (MOST_BYTES - len(PNG))
    assert recognised(most) is not None
    assert recognised(most + b"\0") is None


def test_pictures_that_are_the_same_have_the_same_name() -> None:
    one, same, other = recognised(PNG), recognised(drawn("cwm")), recognised(drawn("nadia"))
    assert one is not None
    assert other is not None
    assert one == same
    assert one.digest != other.digest
