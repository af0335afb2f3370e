"""Bookmarks of a browser, and addresses pasted as they come."""

import pytest

from aggregator.domain.exchange import LeftOut, Subscription
from aggregator.errors import InvalidInputError
from aggregator.subscriptions.lists.gathering import NO_ADDRESS
from aggregator.subscriptions.lists.reading import read

BOOKMARKS = """\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Menu des marque-pages</H1>
<DL><p>
    <DT><H3 ADD_DATE="1" PERSONAL_TOOLBAR_FOLDER="true">Barre personnelle</H3>
    <DL><p>
        <DT><A HREF="https://a.example/" ICON="data:image/png;base64,AA">A &amp; Cie</A>
        <DT><H3>Blogs</H3>
        <DL><p>
            <DT><A HREF="https://b.example/">B</A>
            <DT><A HREF="https://c.example/" FEEDURL="https://c.example/rss">C</A>
        </DL><p>
        <DT><A HREF="javascript:void(0)">Un outil</A>
        <DT><A HREF="https://d.example/">D</A>
    </DL><p>
    <DT><A HREF="place:sort=8">Récents</A>
</DL><p>
"""


def test_folders_of_bookmarks_become_pages() -> None:
    made = read(BOOKMARKS.encode())
    assert made.kind == "bookmarks"
    assert made.subscriptions == (
        Subscription(url="https://a.example/", name="A & Cie"),
        Subscription(url="https://b.example/", name="B", page="Blogs"),
        Subscription(url="https://c.example/rss", name="C", page="Blogs"),
        Subscription(url="https://d.example/", name="D"),
    )
    assert made.left_out == (
        LeftOut(address="javascript:void(0)", why=NO_ADDRESS),
        LeftOut(address="place:sort=8", why=NO_ADDRESS),
    )


def test_bookmarks_that_lie_too_deep_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="too deep"):
        read(b"<DL>" * 60)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("https://a.example/\nhttps://b.example/\n", ["https://a.example/", "https://b.example/"]),
        ("www.a.example\n- b.example/blog\n", ["https://www.a.example", "https://b.example/blog"]),
        ("Voyez (https://a.example/x_(y)), puis https://b.example/.", None),
        ("sources:\n  - https://a.example/\n  - url: https://b.example/", None),
        ("Bonjour, rien ici. 12.5 %", []),
        ("", []),
    ],
)
def test_addresses_are_found_in_a_text(text: str, urls: list[str] | None) -> None:
    found = [one.url for one in read(text.encode()).subscriptions]
    if urls is None:
        assert [url[:18] for url in found] == ["https://a.example/", "https://b.example/"]
        assert not any(url.endswith((").", ".", "),")) for url in found)
    else:
        assert found == urls


def test_a_text_of_windows_is_read() -> None:
    assert (
        read("é https://a.example/".encode("cp1252")).subscriptions[0].url == "https://a.example/"
    )
