"""The demo played in the process of a test: its web, its feeds.yaml, its short floors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aggregator.sample_web.server import RunningSampleWeb, serve
from aggregator.sample_web.timeline import Article, Comment
from aggregator.sample_web.web import SampleWeb
from aggregator.services import following, polling
from aggregator.services.context import Context
from aggregator.settings import Settings
from aggregator.translations import Language
from aggregator.wiring import assembled
from tests.world import Clock

OPENED: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The demo, whose time goes on when a test says so."""

    context: Context
    clock: Clock
    web: RunningSampleWeb

    def go_on(self, **time: float) -> None:
        """Let time pass for the dashboard alone, then run a round."""
        self.clock.go_on(**time)
        polling.poll_due(self.context)

    def comes(self) -> tuple[Article, Comment]:
        """Let the web publish what comes next; give the comment that is new on CWM's blog."""
        before = {one.number for _, one in self.said()}
        self.clock.go_on(seconds=20)
        self.web.publish(self.clock.now)
        self.clock.go_on(seconds=2)  # the most by which a poll may be later than its interval
        polling.poll_due(self.context)
        (new,) = [pair for pair in self.said() if pair[1].number not in before]
        return new

    def said(self) -> list[tuple[Article, Comment]]:
        articles = self.web.web.edition("cwm").articles
        return [(article, one) for article in articles for one in article.comments]


@contextmanager
def demo_of(folder: Path, language: Language) -> Iterator[Demo]:
    """Play the demo after its first round; its web stands still until a test publishes."""
    clock = Clock(now=OPENED)
    web = SampleWeb(now=clock, started_at=OPENED, slow_s=0, recovers_after=timedelta(0))
    with serve(web) as running:
        running.publish(OPENED)
        feeds = folder / "feeds.yaml"
        feeds.write_text(running.feeds_yaml(language), encoding="utf-8")
        settings = Settings(
            data=folder,
            feeds=feeds,
            allow_private=("127.0.0.1",),
            floor=timedelta(seconds=10),
            manual_floor=timedelta(seconds=5),
        )
        with assembled(settings) as context:
            demo = Demo(context=replace(context, clock=clock), clock=clock, web=running)
            following.refresh(demo.context)
            polling.poll_due(demo.context)
            yield demo
