"""The conversations of the demo, of each of its platforms, from the wire to their states."""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from aggregator.domain.conversations.comments import Kind, Mine, Pairing, State
from aggregator.domain.conversations.listed import ListedComment, ListedThread
from aggregator.services.conversations.listing import conversations
from tests.demo import Demo, demo_of

GOLDEN: Final = "Être partout"
OVERBLOG: Final = "Répondre sous"
WORDPRESS: Final = "Un flux n’est pas"
BLOGGER: Final = "Les gagnants"
ATOM: Final = "The quiet regulars"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_of(tmp_path, "fr") as demo:
        yield demo


def thread(demo: Demo, beginning: str) -> ListedThread:
    found = conversations(demo.context, limit=0).threads
    return next(one for one in found if one.title.startswith(beginning))


def said(demo: Demo, beginning: str) -> list[tuple[str, str | None, State]]:
    """List who spoke, to whom, and how it stands."""
    comments = {one.id: one for one in thread(demo, beginning).comments}
    return [
        (one.author, comments[one.parent_id].author if one.parent_id else None, one.state)
        for one in comments.values()
    ]


def leave(demo: Demo, beginning: str, to: ListedComment, text: str) -> None:
    """Answer at the source as CWM, by the form that stands there."""
    path = (thread(demo, beginning).url or "").removeprefix(demo.web.address)
    number = to.key.rpartition("-")[2]
    fields = {
        "author": "CWM",
        "url": f"{demo.web.address}/cwm/",
        "text": text,
        "parent": number,
    }
    assert demo.web.web.receive(path, fields).status == 303


def test_the_golden_conversation_of_the_demo_is_exact(demo: Demo) -> None:
    found = thread(demo, GOLDEN).comments
    answers = {one.id: one.published_at for one in found if one.mine is Mine.SITE}
    waits = [
        (answers[one.answered_by] - one.published_at).total_seconds() / 60
        for one in found
        if one.answered_by
    ]
    assert sorted(waits) == [74, 140, 172, 368, 646]
    assert (statistics.median(waits), statistics.mean(waits)) == (172, 280)
    assert {one.pairing for one in found} == {None, Pairing.DECLARED}


def test_each_platform_of_the_demo_tells_who_speaks_to_whom(demo: Demo) -> None:
    assert said(demo, OVERBLOG) == [
        ("Magalie", None, State.ANSWERED),
        ("CWM", "Magalie", State.NONE),
        ("Erick", None, State.WAITING),
    ]
    assert said(demo, WORDPRESS)[0] == ("CWM", None, State.NONE)
    assert said(demo, WORDPRESS)[-1] == ("Philippe B", "CWM", State.WAITING)
    kinds = [one.kind for one in thread(demo, WORDPRESS).comments]
    assert kinds == [Kind.COMMENT, Kind.PINGBACK, Kind.COMMENT]
    assert [who for who, _, _ in said(demo, BLOGGER)] == ["Magalie", "Philippe B", "El annuaire"]
    assert said(demo, ATOM) == [("Sam", None, State.NONE), ("CWM", "Sam", State.NONE)]


@pytest.mark.parametrize("beginning", [OVERBLOG, WORDPRESS, BLOGGER, ATOM])
def test_what_is_answered_at_the_source_is_known_a_round_later(demo: Demo, beginning: str) -> None:
    other = next(one for one in reversed(thread(demo, beginning).comments) if not one.mine)
    before = len(thread(demo, beginning).comments)
    leave(demo, beginning, other, "Merci, et à demain.")
    demo.go_on(minutes=1)
    found = thread(demo, beginning).comments
    assert len(found) == before + 1
    assert (found[-1].mine, found[-1].parent_id) == (Mine.SITE, other.id)
    assert next(one for one in found if one.id == other.id).state is not State.WAITING
