"""What the head of a feed says of when to come back."""

import time

import pytest

from aggregator.domain.hints import NO_HINTS, Hints
from aggregator.ingest.hints import read_hints

SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"


def rss(head: str, *, attributes: str = "", tail: str = "") -> bytes:
    return (
        f"<?xml version='1.0'?><rss version='2.0' {attributes}><channel><title>CWM</title>"
        f"{head}{tail}<item><title>Un</title><ttl>999</ttl></item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("head", "hints"),
    [
        ("<ttl>180</ttl>", Hints(ttl_s=10_800)),
        ("<ttl>\n 60 \n</ttl>", Hints(ttl_s=3600)),
        ("<ttl><![CDATA[60]]></ttl>", Hints(ttl_s=3600)),
        (
            "<skipHours><hour>0</hour><hour> 7 </hour></skipHours>",
            Hints(skip_hours=frozenset({0, 7})),
        ),
        ("<skipHours><hour>24</hour></skipHours>", Hints(skip_hours=frozenset({0}))),
        (
            "<skipDays><day>Saturday</day><day>sunday</day></skipDays>",
            Hints(skip_days=frozenset({5, 6})),
        ),
        (
            "<ttl>30</ttl><skipDays><day>Monday</day></skipDays>",
            Hints(ttl_s=1800, skip_days=frozenset({0})),
        ),
    ],
)
def test_the_hints_of_rss(head: str, hints: Hints) -> None:
    assert read_hints(rss(head)) == hints


@pytest.mark.parametrize(
    "head",
    [
        "<ttl>0</ttl>",
        "<ttl>-5</ttl>",
        "<ttl>an hour</ttl>",
        "<ttl>12345678</ttl>",
        "<ttl/>",
        "<ttl>٣</ttl>",
        "<skipHours><hour>25</hour><hour>-1</hour><hour>noon</hour></skipHours>",
        "<skipDays><day>Samedi</day></skipDays>",
        "<hour>5</hour><day>Monday</day>",
        "<image><ttl>60</ttl></image>",
        "<media:ttl>60</media:ttl>",
        "<!-- <ttl>60</ttl> -->",
        "<description><![CDATA[<ttl>60</ttl>]]></description>",
        "<description>&lt;ttl>60&lt;/ttl></description>",
        "<?php <ttl>60</ttl> ?>",
        "<item><ttl>60</ttl></item>",
        "<item/><ttl>60</ttl>",
    ],
)
def test_what_is_no_hint_of_a_feed_is_none(head: str) -> None:
    assert read_hints(rss(head)) == NO_HINTS


@pytest.mark.parametrize(
    ("head", "every_s"),
    [
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod> Daily </sy:updatePeriod>", 86_400),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            43_200,
        ),
        ("<sy:updateFrequency>4</sy:updateFrequency>", 21_600),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", 604_800),
        ("<sy:updatePeriod>monthly</sy:updatePeriod>", 2_592_000),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 31_536_000),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            3600,
        ),
        ("<sy:updateBase>2000-01-01T12:00+00:00</sy:updateBase>", None),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
    ],
)
def test_the_syndication_module(head: str, every_s: int | None) -> None:
    assert read_hints(rss(head, attributes=SY)).update_every_s == every_s


@pytest.mark.parametrize(
    ("attributes", "prefix", "every_s"),
    [
        ('xmlns:updates="http://purl.org/rss/1.0/modules/syndication/"', "updates", 86_400),
        ("", "sy", 86_400),
        ("xmlns:sy='https://cwm.example/other'", "sy", None),
        (SY, "syn", None),
    ],
)
def test_its_prefix_is_the_one_that_is_bound_to_it(
    attributes: str, prefix: str, every_s: int | None
) -> None:
    head = f"<{prefix}:updatePeriod>daily</{prefix}:updatePeriod>"
    assert read_hints(rss(head, attributes=attributes)).update_every_s == every_s


def test_rdf_and_atom_have_hints_too() -> None:
    rdf = f"<rdf:RDF {SY}><channel><sy:updatePeriod>daily</sy:updatePeriod></channel></rdf:RDF>"
    atom = f"<feed {SY}><sy:updatePeriod>daily</sy:updatePeriod><ttl>9</ttl><entry/></feed>"
    for text in (rdf, atom):
        assert read_hints(text.encode()) == Hints(update_every_s=86_400)


def test_a_feed_that_is_not_well_formed_has_hints_too() -> None:
    assert read_hints(b"<rss><channel><title>A & B &nbsp;<br></title><ttl>60</ttl>") == Hints(
        ttl_s=3600
    )
    assert read_hints(b"<rss><channel><a><b></title></a><ttl>60</ttl>").ttl_s == 3600


@pytest.mark.parametrize(
    "evil",
    [
        b"<!--" * 50_000,
        b"<![CDATA[" * 50_000,
        b"<?" * 50_000,
        b"<a " * 50_000,
        b"<a b='" * 50_000,
        b"<a b=\"'" * 50_000,
        b"<a>" * 50_000,
        b"</a>" * 50_000,
        b"<rss><channel>" + b"<x>" * 50_000,
        b"<" * 200_000,
        b"<a xmlns:" * 30_000,
        b"<a " + b"xmlns:a=" * 30_000 + b">",
    ],
)
def test_no_text_takes_long(evil: bytes) -> None:
    began = time.process_time()
    assert read_hints(evil) == NO_HINTS
    assert time.process_time() - began < 0.5
