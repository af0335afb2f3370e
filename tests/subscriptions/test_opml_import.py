"""OPML of other readers, careless ones too."""

import pytest

from aggregator.domain.exchange import LeftOut, OpmlFolder, OpmlOutline, Subscription
from aggregator.errors import InvalidInputError
from aggregator.subscriptions import opml
from aggregator.subscriptions.lists.gathering import MOST, NO_ADDRESS, SECRET, TWICE
from aggregator.subscriptions.lists.reading import MOST_BYTES, read
from tests.world import NOW

A = "https://a.example/rss"


def document(body: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?><opml version="2.0">'
    return f"{head}<body>{body}</body></opml>".encode()


def test_folders_become_pages_and_names_are_kept() -> None:
    content = document(
        f'<outline text="Métier"><outline type="rss" text="A &amp; Cie" xmlUrl="{A}"/></outline>'
        '<outline title="B" text="b" xmlUrl="https://b.example/"/>'
    )
    assert read(content).subscriptions == (
        Subscription(url=A, name="A & Cie", page="Métier"),
        Subscription(url="https://b.example/", name="B"),
    )


def test_of_folders_in_folders_the_innermost_counts() -> None:
    content = document(
        f'<outline text="Un"><outline text="Deux"><outline xmlUrl="{A}"/></outline></outline>'
    )
    assert read(content).subscriptions == (Subscription(url=A, page="Deux"),)


def test_what_veille_exports_comes_back() -> None:
    folders = [OpmlFolder(name="Un", outlines=(OpmlOutline(name="A", feed_url=A),))]
    content = opml.export("Veille", folders, created_at=NOW)
    assert read(content).subscriptions == (Subscription(url=A, name="A", page="Un"),)


@pytest.mark.parametrize(
    "body",
    [
        f'<outline text="A & B" xmlUrl="{A}"/>',
        f'<outline TEXT="A" XMLURL="{A}"/>',
        f'<outline text="A" xmlUrl="{A}"',
        f'<outline xmlns="urn:x" text="A" xmlUrl="{A}"/>',
        f'<outline text="A" type="link" url="{A}"/>',
        f'<outline text="A" htmlUrl="{A}"/>',
        f'<outline text="A" xmlUrl="feed:{A}"/>',
    ],
)
def test_careless_opml_is_read(body: str) -> None:
    assert [one.url for one in read(document(body)).subscriptions] == [A]


def test_duplicates_and_what_is_no_address_are_left_out_and_said() -> None:
    spelled_otherwise = A.replace("https://a", "HTTPS://A")
    body = "".join(
        f'<outline xmlUrl="{url}"/>'
        for url in (A, spelled_otherwise, "javascript:alert(1)", "https://x.example/${HOME}")
    )
    made = read(document(body))
    assert [one.url for one in made.subscriptions] == [A]
    assert made.left_out == (
        LeftOut(address=spelled_otherwise, why=TWICE),
        LeftOut(address="javascript:alert(1)", why=NO_ADDRESS),
        LeftOut(address="https://x.example/${HOME}", why=SECRET),
    )


@pytest.mark.parametrize(
    "head", ["<!DOCTYPE opml>", '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>']
)
def test_a_document_type_is_refused(head: str) -> None:
    content = f'{head}<opml><body><outline text="&x;" xmlUrl="{A}"/></body></opml>'
    with pytest.raises(InvalidInputError, match="DOCTYPE"):
        read(content.encode())


def test_what_is_too_deep_too_long_or_too_large_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="too deep"):
        read(document('<outline text="x">' * 60 + "</outline>" * 60))
    with pytest.raises(InvalidInputError, match="more than"):
        read(document("".join(f'<outline xmlUrl="{A}?{n}"/>' for n in range(MOST + 1))))
    with pytest.raises(InvalidInputError, match="larger than"):
        read(b"<opml>" + b" " * MOST_BYTES)


def test_opml_in_utf_16_and_in_latin_1_is_read() -> None:
    text = f'<?xml version="1.0" encoding="%s"?><opml><outline text="Été" xmlUrl="{A}"/></opml>'
    for encoding in ("UTF-16", "ISO-8859-1"):
        made = read((text % encoding).encode(encoding))
        assert made.subscriptions == (Subscription(url=A, name="Été"),)
