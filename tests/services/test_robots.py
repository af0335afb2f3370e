"""robots.txt: obeyed where Veille goes by itself, kept for a day, and its silence understood."""

import pytest

from aggregator.services import robots
from tests.scripted_server import Answer
from tests.world import World


def says(world: World, *lines: str) -> None:
    world.web.answer("/robots.txt", Answer(body="\n".join(lines).encode()))


def may(world: World, path: str) -> bool:
    return robots.may_fetch(world.context, world.web.url(path))


def test_what_is_forbidden_to_everybody_is_forbidden_to_us(world: World) -> None:
    says(world, "User-agent: *", "Disallow: /private/", "Allow: /private/but-this")
    allowed = [
        may(world, path) for path in ("/", "/private/x", "/private/but-this", "/robots.txt")
    ]
    assert allowed == [True, False, True, True]


def test_what_is_said_to_us_by_name_counts_before_what_is_said_to_all(world: World) -> None:
    says(world, "User-agent: *", "Disallow: /", "", "User-agent: veille", "Disallow: /no")
    assert (may(world, "/yes"), may(world, "/no")) == (True, False)


def test_what_is_said_to_another_program_is_not_said_to_us(world: World) -> None:
    says(world, "User-agent: SurVeille", "Disallow: /")
    assert may(world, "/")


def test_robots_txt_is_asked_for_once_a_day(world: World) -> None:
    says(world, "User-agent: *", "Disallow: /a")
    for _ in range(3):
        may(world, "/a")
        may(world, "/b")
        world.clock.go_on(hours=7)
    assert world.web.paths == ["/robots.txt"]
    says(world, "")
    world.clock.go_on(hours=4)
    assert may(world, "/a")
    assert world.web.paths == ["/robots.txt"] * 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_site_without_one_allows_everything(world: World, status: int) -> None:
    world.web.answer("/robots.txt", Answer(status=status))
    assert may(world, "/a")
    assert may(world, "/a")
    assert world.web.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=429),
        Answer(status=500),
        Answer(status=503),
        Answer(hang_up=True),
        Answer(body=b"#" * 600_000),
        Answer(body=b"#" * 10_000, endless=True),
    ],
)
def test_a_site_that_cannot_say_allows_nothing_for_now(world: World, answer: Answer) -> None:
    world.web.answer("/robots.txt", answer, Answer(status=404))
    assert not may(world, "/a")
    assert not may(world, "/a")
    assert world.web.paths == ["/robots.txt"]
    world.clock.go_on(days=1)
    assert may(world, "/a")


def test_one_that_leads_on_and_on_says_nothing(world: World) -> None:
    world.web.answer("/robots.txt", Answer(status=302, headers=(("Location", "/robots.txt"),)))
    assert may(world, "/a")


def test_one_that_leads_elsewhere_is_read_there(world: World) -> None:
    world.web.answer("/robots.txt", Answer(status=301, headers=(("Location", "/r"),)))
    world.web.answer("/r", Answer(body=b"User-agent: *\nDisallow: /a"))
    assert (may(world, "/a"), may(world, "/b")) == (False, True)


@pytest.mark.parametrize(
    "body", [b"", b"\xef\xbb\xbfUser-agent: *\r\nAllow: /", b"\xff\0\xfe", b"<html>No</html>"]
)
def test_one_that_says_nothing_that_is_understood_forbids_nothing(
    world: World, body: bytes
) -> None:
    world.web.answer("/robots.txt", Answer(body=body))
    assert may(world, "/a")


def test_what_is_no_web_address_is_never_asked_for(world: World) -> None:
    assert not robots.may_fetch(world.context, "mailto:cwm@cwm.example")
    assert world.web.asked == []


def test_an_address_that_is_shut_is_neither_asked_nor_remembered(world: World) -> None:
    assert not robots.may_fetch(world.context, "http://169.254.0.1/x")
    assert robots.permission(world.context, "http://169.254.0.1/x") is None
