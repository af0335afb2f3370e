"""Samples of what came: text to look at, whatever the bytes are."""

import pytest

from aggregator.domain.samples import readable, without_mail


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("<p>été</p>".encode(), "application/xml", "<p>été</p>"),
        ("été".encode("latin-1"), "text/xml; charset=ISO-8859-1", "été"),
        ("<?xml version='1.0' encoding='windows-1252'?>œ".encode("cp1252"), None, "œ"),
        ("\ufeffété".encode("utf-16"), None, "été"),
        (b"\xef\xbb\xbf<rss>", None, "<rss>"),
        ("été".encode()[:-1], None, "ét\ufffd"),
        (b"a\r\nb\tc", None, "a\nb\tc"),
        (b"\x1f\x8b\x00x\x1b[31m\x7f", None, "␟\ufffd␀x␛[31m␡"),
        ("moc\u202eexe\u200b\ufeff".encode(), None, "moc⟨U+202E⟩exe⟨U+200B⟩⟨U+FEFF⟩"),
        (b"x\x85", "text/plain; charset=latin-1", "x⟨U+0085⟩"),
        (b"abc", "text/plain; charset=zip_codec", "abc"),
        (b"abc", "text/plain; charset=utf-99", "abc"),
        (b"", None, ""),
    ],
)
def test_a_sample_is_shown_as_it_came(body: bytes, content_type: str | None, text: str) -> None:
    assert readable(body, content_type).endswith(text)
    assert len(readable(body, content_type)) >= len(text)


def test_half_a_letter_at_the_cut_is_marked_and_nothing_fails() -> None:
    assert readable("é".encode("utf-16")[:-1], None) == "\ufffd"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<author>cwm@example.org (CWM)</author>", "<author>…@… (CWM)</author>"),
        ("mailto:Philippe.B+blog@mail.example.co.uk?x", "mailto:…@…?x"),
        ("cwm&#64;example.org cwm%40example.org", "…@… …@…"),
        ("andré@exämple.org", "…@…"),
        ("cut at philippe@exa", "cut at …@…"),
        ("https://framapiaf.org/@Framasoft", "https://framapiaf.org/@Framasoft"),
        ("@media print", "@media print"),
        ("a @ b", "a @ b"),
        ("a@b@c", "…@…@c"),
    ],
)
def test_no_address_of_an_e_mail_is_in_a_sample(text: str, kept: str) -> None:
    assert without_mail(text) == kept
