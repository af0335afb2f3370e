"""A thousand malformed feeds in one round: each is its own trouble, said in a sentence."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from aggregator.domain.faults import SENTENCES
from aggregator.domain.schedule import Outcome
from aggregator.translations import translator
from tests.scripted_server import Answer
from tests.world import World, feed, item

pytestmark = pytest.mark.slow

MALFORMED: Final = 1000
GOOD: Final = 10
Figure = Callable[[str, object], None]


def malformed() -> Iterator[bytes]:
    """Give documents that are hardly any: cut, scrambled, mixed up, deep, of no kind."""
    chance = random.Random(1)  # noqa: S311 - the same every time
    whole = feed(*(item(number) for number in range(8))).body
    bomb = (
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><r>&b;</r>'
    )
    others = (
        *(b"", b"\0" * 5000, b"{", b'{"version": 7, "items": [[[', b"<html><body>Bonjour", bomb),
        *(whole.decode().encode("utf-16")[1:], b"<rss>" * 3000, b"\xff\xfe\x00"),
        chance.randbytes(4000),
    )
    for turn in range(MALFORMED):
        if turn % 4 == 0:
            yield whole[: chance.randrange(len(whole))]
        elif turn % 4 == 1:
            scrambled = bytearray(whole)
            for _ in range(chance.randrange(1, 60)):
                scrambled[chance.randrange(len(whole))] = chance.randrange(256)
            yield bytes(scrambled)
        elif turn % 4 == 2:
            here, there = sorted(chance.sample(range(len(whole)), 2))
            yield whole[:here] + whole[there:] + whole[here:there]
        else:
            yield others[turn // 4 % len(others)]


def test_a_thousand_malformed_feeds_keep_no_good_one_out(world: World, figure: Figure) -> None:
    urls = [
        world.web.answer(f"/bad/{number}", Answer(body=body))
        for number, body in enumerate(malformed())
    ]
    good = [world.publish(f"/good/{number}", item(number)) for number in range(GOOD)]
    world.follow(*urls, *good)
    summary = world.poll()
    assert summary.polled == MALFORMED + GOOD
    faults = Counter(report.fault.code for report in summary.sources if report.fault)
    assert set(faults) <= set(SENTENCES) - {"internal"}
    for report in summary.sources:
        if report.fault:
            assert "%(" not in report.fault.sentence(translator("en"))
        assert (report.outcome is Outcome.FAILED) == (report.fault is not None)
    fine = {report.url for report in summary.sources if report.fault is None}
    assert set(good) <= fine
    figure("malformed feeds in one round", MALFORMED)
    figure("of them refused in a sentence", sum(faults.values()))
    figure("seconds", summary.took_s)
    assert world.poll(hours=0).polled == 0
