"""What a document is written in."""

import codecs

import pytest

from aggregator.ingest.encoding import declare_utf8, to_utf8

WORDS = "Référencement : l’œuvre à 5 €"


def declared(name: str, words: str = WORDS) -> str:
    return f'<?xml version="1.0" encoding="{name}"?><t>{words}</t>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(declared("utf-8").encode(), None, id="as it says"),
        pytest.param(declared("iso-8859-1").encode(), None, id="UTF-8 that says Latin-1"),
        pytest.param(declared("bogus").encode(), None, id="an encoding that does not exist"),
        pytest.param(declared("punycode").encode(), None, id="one that is none"),
        pytest.param(declared("zlib").encode(), None, id="one of bytes"),
        pytest.param(declared("utf-16").encode(), None, id="UTF-8 that says UTF-16"),
        pytest.param(declared("iso-8859-1").encode("cp1252"), None, id="windows-1252 as Latin-1"),
        pytest.param(declared("utf-8").encode("cp1252"), None, id="windows-1252 as UTF-8"),
        pytest.param(f"<t>{WORDS}</t>".encode("cp1252"), None, id="says nothing"),
        pytest.param(codecs.BOM_UTF8 + declared("x").encode(), None, id="UTF-8 mark"),
        pytest.param(declared("utf-16").encode("utf-16"), None, id="UTF-16 mark"),
        pytest.param(declared("utf-16").encode("utf-16-be"), None, id="UTF-16 without a mark"),
        pytest.param(f"<t>{WORDS}</t>".encode("utf-16-le"), None, id="nor a declaration"),
        pytest.param(declared("utf-32").encode("utf-32"), None, id="UTF-32 mark"),
        pytest.param(declared("utf-32").encode("utf-32-le"), None, id="UTF-32 without a mark"),
        pytest.param(
            declared("utf-8").encode("mac-roman"), 'text/xml; charset="macintosh"', id="HTTP says"
        ),
    ],
)
def test_the_words_survive_whatever_they_are_written_in(
    body: bytes, content_type: str | None
) -> None:
    assert WORDS in to_utf8(body, content_type).decode("utf-8")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("iso-8859-15", "l'œuvre à 5 €"),
        ("windows-1251", "Привет"),
        ("koi8-r", "Привет"),
        ("Shift_JIS", "日本語"),
        ("euc-jp", "日本語"),
        ("iso-2022-jp", "日本語"),
        ("gb2312", "汉语"),
        ("big5", "漢語"),
        ("euc-kr", "한국어"),
    ],
)
def test_a_declared_encoding_is_believed(name: str, words: str) -> None:
    assert words in to_utf8(declared(name, words).encode(name)).decode("utf-8")
    plain = f"<t>{words}</t>".encode(name)
    assert words in to_utf8(plain, f"text/xml; charset={name}").decode("utf-8")


def test_a_page_declares_its_encoding_in_a_meta_element() -> None:
    page = '<!doctype html><meta charset="windows-1251"><title>Привет</title>'
    assert "Привет" in to_utf8(page.encode("cp1251")).decode("utf-8")


def test_one_bad_byte_does_not_spoil_the_others() -> None:
    body = declared("utf-8").encode() + b"<t>caf\xe9 et th\xc3.</t>"
    text = to_utf8(body).decode("utf-8")
    assert WORDS in text
    assert "café et th\ufffd." in text


def test_one_bad_byte_does_not_spoil_utf_8_that_says_latin_1() -> None:
    body = declared("iso-8859-1", WORDS * 10).encode() + b"caf\xe9"
    assert WORDS in to_utf8(body).decode("utf-8")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"a\x00b\x08c\x1bd\te\nf", b"abcd\te\nf"),
        (b"a&#0;b&#8;c&#x1F;d&#x0;e&#31;f", b"abcdef"),
        (b"&#9;&#10;&#13;&#233;&#xE9;&#8217;&#128512;&#x1F600;", None),
        (b"a&#xD800;b&#xFFFF;c&#1114112;d&#99999999999999;e", b"abcde"),
        (b"a&#" + b"9" * 5_000 + b";b", b"ab"),
        ("a\ufeffb\uffffc".encode(), b"abc"),
        (b"\n \t<a/> \n", b"<a/>"),
    ],
)
def test_what_xml_forbids_is_dropped(raw: bytes, kept: bytes | None) -> None:
    assert to_utf8(raw) == (raw if kept is None else kept)


def test_a_document_comes_to_say_that_it_is_utf_8() -> None:
    assert declare_utf8(b"<?xml version='1.1' encoding='latin1' ?><a/>") == declare_utf8(b"<a/>")
    assert declare_utf8(b"<a/>").startswith(b'<?xml version="1.0" encoding="utf-8"?><a')
