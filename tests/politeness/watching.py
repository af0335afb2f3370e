"""Watching what a server is asked, and when by the clock of the world."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, count, pairwise, repeat

from sqlalchemy import select

from aggregator.services import polling
from aggregator.storage import tables
from tests.scripted_server import Answer, Asked
from tests.world import World, feed, item

Script = Answer | Callable[[Asked], Answer]
Headers = tuple[tuple[str, str], ...]

RECENT, NEWEST = item(600), item(601)
"""Of a few days ago: older ones make a feed a quiet one, which is asked less."""

FEED = feed(RECENT, NEWEST)
IDLE_STEPS = 10
"""Of so many steps with nothing to do the poller is asked at one."""


@dataclass
class Watched:
    """One address of the scripted web: its answers in turn, what was asked of it, and when."""

    url: str
    clock: Callable[[], datetime]
    scripts: Iterator[Script]
    asked: list[Asked] = field(default_factory=list)
    at: list[datetime] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        self.at.append(self.clock())
        script = next(self.scripts)
        return script if isinstance(script, Answer) else script(asked)

    def now(self, *scripts: Script) -> None:
        """Answer otherwise from now on."""
        self.scripts = in_turn(*scripts)

    def waits(self) -> list[timedelta]:
        """List the times between requests."""
        return [later - earlier for earlier, later in pairwise(self.at)]

    def sent(self, name: str) -> list[str | None]:
        """List what each request said in a header."""
        return [asked.header(name) for asked in self.asked]


def in_turn(*scripts: Script) -> Iterator[Script]:
    return chain(scripts, repeat(scripts[-1]))


def watch(world: World, path: str, *scripts: Script) -> Watched:
    """Script a path and watch it."""
    watched = Watched(url=world.web.url(path), clock=world.clock, scripts=in_turn(*scripts))
    world.web.answer(path, watched)
    return watched


def followed(world: World, *scripts: Script, path: str = "/rss", more: str = "") -> Watched:
    """Follow one source with these answers, before its first poll; `more` are its keys."""
    watched = watch(world, path, *scripts)
    world.follow(text=f"sources:\n  - url: {watched.url}\n{more}")
    return watched


def with_headers(*headers: tuple[str, str], answer: Answer = FEED) -> Answer:
    """Give an answer with more headers."""
    return replace(answer, headers=(*answer.headers, *headers))


def news(world: World) -> Answer:
    """Give a feed with something new."""
    now = world.clock.now
    written = (
        f"<item><guid>{now.isoformat()}</guid><title>Du nouveau</title>"
        f"<pubDate>{now:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
    )
    return feed(item(1), written)


def not_modified(*headers: tuple[str, str]) -> Answer:
    return Answer(status=304, headers=headers)


def let_pass(world: World, *, step: timedelta = timedelta(minutes=15), **time: float) -> None:
    """Let time pass as the poller does: whenever a step is over it polls what is due.

    Where the database plans nothing for a while, it is asked at some of the steps only.
    """
    end = world.clock.now + timedelta(**time)
    for number in count():
        if world.clock.now >= end:
            break
        world.clock.now = min(world.clock.now + step, end)
        if number % IDLE_STEPS == 0 or _plans(world):
            polling.poll_due(world.context)


def _plans(world: World) -> bool:
    with world.context.database.read() as session:
        return any(
            session.execute(
                select(table.c.id).where(table.c.next_poll_at <= world.clock.now).limit(1)
            ).first()
            for table in (tables.sources, tables.comment_feeds)
        )


def honest(*headers: tuple[str, str], answer: Answer = FEED) -> Callable[[Asked], Answer]:
    """Answer as a good server does: 304 to whom it gave these validators."""
    etag = dict(headers).get("ETag")

    def script(asked: Asked) -> Answer:
        if etag is not None and asked.header("If-None-Match") == etag:
            return not_modified(*headers)
        return with_headers(*headers, answer=answer)

    return script
