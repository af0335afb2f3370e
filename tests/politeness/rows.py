"""What politeness is measured by: 63 rows, 100 points; a must that fails takes all points away.

A row that is not met stands in `NOT_MET` with the reason; its test is then expected to fail,
and would fail the gate if it did not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., Any])

SECTIONS: Final[Mapping[str, str]] = {
    "A": "Asking only for what changed",
    "B": "When to come back",
    "C": "Errors, and being told to go away",
    "D": "The request itself",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: what a server (or a person) does, and what must follow from it."""

    id: str
    weight: int
    must: bool
    when: str
    then: str


def _row(id: str, weight: int, when: str, then: str, *, must: bool = False) -> Row:
    return Row(id=id, weight=weight, must=must, when=when, then=then)


def _must(id: str, weight: int, when: str, then: str) -> Row:
    return _row(id, weight, when, then, must=True)


ROWS: Final = (
    _must(
        "A1",
        3,
        "an answer comes with both validators, and nothing changes for five polls",
        "each later request carries both, byte for byte; none is unconditional",
    ),
    _must(
        "A2",
        2,
        "Last-Modified alone, in an old, odd or local form",
        "it is sent back as it came, never written anew",
    ),
    _must(
        "A3",
        2,
        "no validator at all",
        "no If- header is made up from dates of the feed, of the answer or of ours",
    ),
    _row(
        "A4",
        2,
        "a second edit within the same second: a new ETag, the same Last-Modified",
        "the new ETag is sent from then on",
    ),
    _must(
        "A5",
        3,
        "the file is touched: the same bytes, both validators new",
        "the new ones are sent, although nothing else is stored",
    ),
    _row("A6", 2, "a 304 names newer validators", "they replace the older ones"),
    _row(
        "A7",
        2,
        "an ETag that is weak, unquoted, not ASCII, or has spaces and commas; one of 8 kB",
        "it goes back exactly as it came; one too long is dropped whole, never cut",
    ),
    _row("A8", 2, "a later answer has no ETag any more", "the old one is sent no more"),
    _row("A9", 2, "an ETag that names its compression (-gzip)", "the ending goes back with it"),
    _must(
        "A10",
        2,
        "Veille is started again, or was killed",
        "its first request is conditional",
    ),
    _row(
        "A11",
        2,
        "a document with validators that cannot be read, then a repaired one",
        "the repaired one arrives: the validators of the broken one were not kept",
    ),
    _row(
        "A12",
        2,
        "Veille is killed while it stores",
        "entries and validators are stored together or not at all; nothing is lost",
    ),
    _row(
        "A13",
        2,
        "a 304 that nobody asked for, an empty 200, a 206",
        "each is an error: entries stay, and the next try is later",
    ),
    _row(
        "A14",
        2,
        "a server that heeds its ETag only",
        "both validators are sent in one request all the same",
    ),
    _must(
        "B1",
        3,
        "nothing is said of when to come back",
        "an hour or more lies between two scheduled requests; chance only adds to it",
    ),
    _must(
        "B2",
        2,
        "a person writes “every: 1m”",
        "the floor (15 minutes, a setting) counts, and a warning says so",
    ),
    _row("B3", 2, "max-age of twelve hours on a 200", "no request sooner"),
    _row("B4", 2, "max-age of twelve hours on a 304", "no request sooner either"),
    _row(
        "B5",
        1,
        "Expires six hours after Date, by a clock that is wrong",
        "the difference of the two counts",
    ),
    _row(
        "B6",
        1,
        "fresh for a year, or until 2041",
        "the wait is capped at a week",
    ),
    _row(
        "B7",
        1,
        "no-cache, max-age=0, Expires in the past, or nonsense",
        "the usual interval counts",
    ),
    _row("B8", 1, "an RSS ttl of three hours", "no request sooner"),
    _row("B9", 1, "updates twice a day, says the feed", "twelve hours or more between requests"),
    _row("B10", 1, "skipHours 0 to 7", "no request in those hours (UTC)"),
    _row("B11", 1, "skipDays Saturday and Sunday", "no request on those days (UTC)"),
    _must(
        "B12",
        2,
        "Veille is started fifty times in an hour, or crashes in a loop",
        "one request per address at most",
    ),
    _row(
        "B13",
        2,
        "a person asks for a poll thirty times",
        "one request per five minutes at most, and the page says when",
    ),
    _row(
        "B14",
        2,
        "hundreds of feeds are due after half a day's rest, eight may be asked at once",
        "never more than eight, never two on one host, each feed once",
    ),
    _row("B15", 1, "several processes poll the same list", "each feed is asked once all the same"),
    _row(
        "B16",
        1,
        "the clock jumps a day ahead, then a day back",
        "neither a burst of requests nor a silence longer than an interval and its cap",
    ),
    _row(
        "B17",
        2,
        "nothing new for thirty days",
        "the interval grows, to a day at most; something new makes it short again",
    ),
    _must("C1", 3, "429 with Retry-After of two hours", "no request for two hours"),
    _row(
        "C2",
        2,
        "503 with a Retry-After that is a date, by a clock that is wrong",
        "the wait is counted from the server's own Date",
    ),
    _row(
        "C3",
        1,
        "429 without Retry-After",
        "the wait doubles at least, and is never shorter than usual",
    ),
    _row(
        "C4",
        2,
        "429 for one of twenty feeds of a host",
        "the whole host rests if it is public; the feed alone if it is one's own",
    ),
    _row(
        "C5",
        1,
        "a Retry-After of years, below zero, or nonsense",
        "capped at a week, or ignored",
    ),
    _must(
        "C6",
        2,
        "410",
        "polling ends after two confirmations, each a day later or more; a person is asked",
    ),
    _row(
        "C7",
        2,
        "404, 403 or 500 again and again",
        "each wait is twice the last, up to a day (404: up to a week); a success resets it",
    ),
    _row(
        "C8",
        1,
        "no such name, refused, bad certificate, silence",
        "the same waits, and no second try at once",
    ),
    _must(
        "C9",
        2,
        "a permanent redirect",
        "followed each time; taken for good after three polls over a day, then the old address "
        "is asked no more; feeds.yaml is left to its owner, to whom the change is proposed",
    ),
    _row("C10", 1, "a temporary redirect", "never taken for good"),
    _row(
        "C11",
        1,
        "a permanent redirect to the home page of a parked name",
        "the address stays, an error is shown",
    ),
    _row("C12", 1, "redirects in a ring or twenty in a row", "five steps at most, one error"),
    _row(
        "C13",
        1,
        "a redirect to another origin",
        "validators do not go along, and start anew when the address changes",
    ),
    _row(
        "C14",
        2,
        "401, or a challenge that only browsers can meet",
        "three tries, then rest, with a clear sentence and always the same name",
    ),
    _must(
        "D1",
        2,
        "any request, of a feed, a page or an icon",
        "one User-Agent: Veille, its version, an address to complain to; no browser's name",
    ),
    _must("D2", 1, "cookies with every answer", "none is ever sent back"),
    _must("D3", 1, "any request", "no Referer, no Origin"),
    _must(
        "D4",
        1,
        "addresses that differ only in their query, their order or their spelling",
        "each is asked for as it is written, without its fragment; nothing is added",
    ),
    _row(
        "D5",
        2,
        "a server that compresses",
        "compression is asked for and undone, and a 304 is none the worse",
    ),
    _row(
        "D6",
        1,
        "a server that chooses by Accept",
        "Atom, RSS, XML and JSON Feed are named, and last `*/*`",
    ),
    _must("D7", 2, "any request", "GET alone: no HEAD, no OPTIONS, no ranges"),
    _row(
        "D8",
        2,
        "an address is followed",
        "one request for a feed, first poll included; three until a first feed of a page is "
        "shown, more when asked; guesses only where nothing is announced",
    ),
    _row(
        "D9",
        1,
        "icons of sites",
        "once a week per site at most, conditional, apart from polls; a 404 is remembered",
    ),
    _row(
        "D10",
        1,
        "thirty entries with links and pictures",
        "no request for an article or a picture",
    ),
    _row(
        "D11",
        1,
        "twenty feeds on one host",
        "one request at a time, a second apart (a setting)",
    ),
    _row("D12", 1, "two sources that are one feed", "it is asked once"),
    _row(
        "D13",
        1,
        "a name and a password in the address",
        "they go to that origin only, and are dropped at a redirect to another",
    ),
    _row(
        "D14",
        1,
        "a body larger than 10 MB, or without end",
        "the connection is closed there, the next try is later and still conditional",
    ),
    _row("D15", 1, "hosts with IPv4 or IPv6 only", "both are reached, by one request"),
    _row(
        "D16",
        1,
        "a feed names a hub that would tell of news (WebSub)",
        "with a subscription the feed is polled once a day at most",
    ),
    _row(
        "D17",
        1,
        "robots.txt forbids",
        "feeds that a person follows are read; what Veille looks for by itself obeys",
    ),
    _row(
        "D18",
        1,
        "a source is paused or taken out",
        "no request any more, not even one that was queued",
    ),
)

NOT_MET: Final[Mapping[str, str]] = {
    "D16": "Veille subscribes to no hub yet, so it polls such feeds like any other.",
}
"""Rows that are not met, and why."""


def row(id: str) -> Callable[[Test], Test]:
    """Mark the tests of a row; those of one that is not met must fail."""
    assert id in {one.id for one in ROWS}, id

    def mark(test: Test) -> Test:
        if id in NOT_MET:
            test = pytest.mark.xfail(reason=NOT_MET[id], strict=True)(test)
        return test

    return mark


def points() -> int:
    """Add up what is met; a must that is not met takes all away."""
    if any(one.must and one.id in NOT_MET for one in ROWS):
        return 0
    return sum(one.weight for one in ROWS if one.id not in NOT_MET)
