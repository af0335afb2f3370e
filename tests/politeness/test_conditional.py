"""Section A: asking only for what changed."""

import gzip
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Never

import pytest

from aggregator.storage import polls
from tests.politeness.rows import row
from tests.politeness.watching import (
    FEED,
    followed,
    honest,
    let_pass,
    not_modified,
    watch,
    with_headers,
)
from tests.processes import command, eventually, run, variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import World, feed, item

LAST_MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT"
BOTH = (("ETag", '"abc"'), ("Last-Modified", LAST_MODIFIED))
OTHER = (("ETag", '"def"'), ("Last-Modified", "Mon, 07 Nov 1994 08:49:37 GMT"))


def poll(world: World, times: int) -> None:
    for _ in range(times):
        world.poll(hours=2)


@row("A1")
def test_both_validators_go_back_with_every_request(world: World) -> None:
    watched = followed(world, with_headers(*BOTH), not_modified())
    poll(world, 6)
    assert watched.sent("If-None-Match") == [None, *['"abc"'] * 5]
    assert watched.sent("If-Modified-Since") == [None, *[LAST_MODIFIED] * 5]


@row("A1")
def test_comments_are_asked_for_with_their_validators_too(world: World) -> None:
    comments = watch(world, "/comments", with_headers(*BOTH, answer=feed()), not_modified())
    announced = f"<wfw:commentRss>{comments.url}</wfw:commentRss>"
    followed(world, feed(announced, item(1)))
    poll(world, 4)
    assert comments.sent("If-None-Match") == [None, *['"abc"'] * 3]


@row("A2")
@pytest.mark.parametrize(
    "text",
    [
        LAST_MODIFIED,
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 6 Nov 1994 9:49:37 +0100",
        "dim. 06 nov. 1994 08:49:37 (heure d'\xe9t\xe9)",
    ],
)
def test_a_last_modified_goes_back_as_it_came(world: World, text: str) -> None:
    watched = followed(world, with_headers(("Last-Modified", text)), not_modified())
    poll(world, 3)
    assert watched.sent("If-Modified-Since") == [None, text, text]
    assert watched.sent("If-None-Match") == [None] * 3


@row("A3")
def test_no_validator_is_made_up(world: World) -> None:
    dated = feed("<lastBuildDate>Sun, 06 Nov 1994 08:49:37 GMT</lastBuildDate>", item(1))
    watched = followed(world, with_headers(("Date", LAST_MODIFIED), answer=dated))
    poll(world, 4)
    names = {name.lower() for asked in watched.asked for name, _ in asked.headers}
    assert len(watched.asked) == 4
    assert [name for name in names if name.startswith("if-")] == []


@row("A4")
def test_a_second_edit_within_a_second_is_followed_by_its_etag(world: World) -> None:
    later = (("ETag", '"def"'), BOTH[1])
    watched = followed(
        world, with_headers(*BOTH), with_headers(*later, answer=feed(item(3))), not_modified()
    )
    poll(world, 3)
    assert watched.sent("If-None-Match") == [None, '"abc"', '"def"']
    assert len(world.entries()) == 3


@row("A5")
def test_a_file_that_was_touched_gives_its_new_validators(world: World) -> None:
    watched = followed(world, with_headers(*BOTH), with_headers(*OTHER), not_modified())
    poll(world, 4)
    assert watched.sent("If-None-Match") == [None, '"abc"', '"def"', '"def"']
    assert watched.sent("If-Modified-Since")[2:] == [OTHER[1][1]] * 2


@row("A6")
@pytest.mark.parametrize("new", [OTHER, OTHER[:1], OTHER[1:]])
def test_a_304_may_bring_newer_validators(world: World, new: Sequence[tuple[str, str]]) -> None:
    watched = followed(world, with_headers(*BOTH), not_modified(*new), not_modified())
    poll(world, 3)
    wanted = dict(BOTH) | dict(new)
    assert watched.sent("If-None-Match")[2] == wanted["ETag"]
    assert watched.sent("If-Modified-Since")[2] == wanted["Last-Modified"]


@row("A7")
@pytest.mark.parametrize(
    "etag", ['W/"x"', '"a, b"', '"a b"', "abc", '"\xc3\xa9t\xe9"', 'w/"x', '""', "*x"]
)
def test_an_etag_goes_back_as_it_came(world: World, etag: str) -> None:
    watched = followed(world, with_headers(("ETag", etag)), not_modified())
    poll(world, 3)
    assert watched.sent("If-None-Match") == [None, etag, etag]


@row("A7")
def test_an_etag_of_8_kb_is_never_cut(world: World) -> None:
    etag = f'"{"x" * 8_192}"'
    watched = followed(world, with_headers(("ETag", etag), BOTH[1]))
    poll(world, 3)
    assert set(watched.sent("If-None-Match")) <= {None, etag}
    assert watched.sent("If-Modified-Since")[1:] == [LAST_MODIFIED] * 2


@row("A8")
def test_an_etag_that_vanished_is_sent_no_more(world: World) -> None:
    watched = followed(world, with_headers(*BOTH), with_headers(BOTH[1], answer=feed(item(3))))
    poll(world, 3)
    assert watched.sent("If-None-Match") == [None, '"abc"', None]
    assert watched.sent("If-Modified-Since") == [None, LAST_MODIFIED, LAST_MODIFIED]


@row("A9")
def test_an_etag_that_names_its_compression_goes_back_whole(world: World) -> None:
    packed = with_headers(("ETag", '"abc-gzip"'), ("Content-Encoding", "gzip"))
    watched = followed(world, replace(packed, body=gzip.compress(FEED.body)), not_modified())
    poll(world, 3)
    assert watched.sent("If-None-Match") == [None, '"abc-gzip"', '"abc-gzip"']


@row("A10")
def test_the_first_request_after_a_start_and_after_a_kill_is_conditional(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/rss", with_headers(*BOTH), Answer(held=True), not_modified())
    (tmp_path / "feeds.yaml").write_text(f"sources:\n  - {url}\n", encoding="utf-8")
    assert run("poll", folder=tmp_path).returncode == 0
    killed = subprocess.Popen(command("poll", "--force"), cwd=tmp_path, env=variables(tmp_path))
    try:
        eventually(lambda: len(scripted_server.asked) == 2)
    finally:
        killed.kill()
        killed.wait()
    assert run("poll", "--force", folder=tmp_path).returncode == 0
    sent = [asked.header("If-None-Match") for asked in scripted_server.asked]
    assert sent == [None, '"abc"', '"abc"']


@row("A11")
@pytest.mark.parametrize(
    "body", [b"<?xml version='1.0'?><rs", b'{"version": "https://jsonfeed.org/version/1.1", "i']
)
def test_the_repaired_document_arrives(world: World, body: bytes) -> None:
    broken = with_headers(*BOTH, answer=Answer(body=body))
    watched = followed(world, broken)
    world.poll()
    assert world.entries() == ()
    assert world.sources()[0].fault is not None
    watched.now(honest(*BOTH))
    let_pass(world, hours=6)
    assert len(world.entries()) == 2


class KilledError(BaseException):
    """What ends a process in the middle of a transaction."""


@row("A12")
def test_whoever_is_killed_while_storing_asks_again_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: object) -> Never:
        raise KilledError

    watched = followed(world, honest(*BOTH))
    with monkeypatch.context() as patched:
        patched.setattr(polls, "record", killed)
        with pytest.raises(KilledError):
            world.poll()
    assert world.entries() == ()
    world.poll(hours=2)
    assert watched.sent("If-None-Match") == [None, None]
    assert len(world.entries()) == 2


@row("A13")
@pytest.mark.parametrize(
    ("first", "then"),
    [
        (FEED, not_modified()),
        (FEED, Answer()),
        (with_headers(*BOTH), Answer(headers=BOTH)),
        (FEED, Answer(status=206, body=FEED.body[:99])),
        (FEED, replace(FEED, status=206)),
    ],
)
def test_an_answer_that_was_not_asked_for_is_an_error(
    world: World, first: Answer, then: Answer
) -> None:
    watched = followed(world, first, then)
    let_pass(world, days=1)
    assert world.sources()[0].fault is not None
    assert len(world.entries()) == 2
    assert watched.waits()[-1] >= 4 * timedelta(hours=1)
    assert watched.sent("If-None-Match")[-1] == (dict(first.headers).get("ETag"))


@row("A14")
def test_both_validators_are_sent_to_a_server_that_heeds_one(world: World) -> None:
    def by_etag(asked: Asked) -> Answer:
        known = asked.header("If-None-Match") == '"abc"'
        return not_modified(BOTH[0]) if known else with_headers(*BOTH)

    watched = followed(world, by_etag)
    poll(world, 4)
    assert watched.sent("If-None-Match")[1:] == ['"abc"'] * 3
    assert watched.sent("If-Modified-Since")[1:] == [LAST_MODIFIED] * 3
