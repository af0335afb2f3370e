"""The log: one line an event, in text or in JSON, and nothing secret in it."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from aggregator.cli.logs import log_as
from aggregator.cli.running import Run
from aggregator.cli.serving import dashboard, tell_end
from aggregator.settings import Settings
from aggregator.translations import translator
from tests.command import logging_as_it_was
from tests.scripted_server import Answer
from tests.world import World, item

SECRETS = ("geheim-schluessel", "geheim-passwort", "geheim-name")

log = logging.getLogger("tests.logs")


class Log:
    """Reads what was written to stderr since the last look."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    @property
    def text(self) -> str:
        return self._captured.readouterr().err

    @property
    def line(self) -> dict[str, Any]:
        """The one event, as JSON."""
        (only,) = self.text.splitlines()
        found: dict[str, Any] = json.loads(only)
        return found


@pytest.fixture
def stderr(capsys: pytest.CaptureFixture[str]) -> Iterator[Log]:
    """Catch the log, which is put back afterwards."""
    with logging_as_it_was():
        yield Log(capsys)


def test_a_json_line_has_a_key_for_each_field(stderr: Log) -> None:
    log_as(Settings(log="json"), unless_set="info")
    log.info(
        "round polled=%d failed=%d why=%s took_s=%.1f copied=%s by=hand left=%s",
        *(3, 0, "no such host", 1.26, True, None),
    )
    line = stderr.line
    assert line["time"].endswith("Z")
    assert line["pid"] > 0
    assert (line["level"], line["logger"]) == ("info", "tests.logs")
    assert line["message"].startswith("round polled=3 failed=0 why=no such host took_s=1.3")
    assert {key: line[key] for key in ("polled", "failed", "why", "took_s")} == {
        "polled": 3,
        "failed": 0,
        "why": "no such host",
        "took_s": 1.3,
    }
    assert (line["copied"], line["by"], line["left"]) == (True, "hand", None)


def test_the_end_is_an_event_too_where_each_line_is_one(stderr: Log, world: World) -> None:
    run = Run(
        context=world.context, language="en", words=translator("en"), timezone="Europe/Paris"
    )
    settings = Settings(log="json")
    log_as(settings, unless_set="info")
    tell_end(run, settings, "SIGTERM")
    assert stderr.line["signal"] == "SIGTERM"
    tell_end(run, Settings(), "SIGTERM")
    assert stderr.text == "Ended by SIGTERM.\n"


def test_words_between_fields_take_their_own_values(stderr: Log) -> None:
    log_as(Settings(log="json"), unless_set="info")
    log.warning("100%% of %s went; level=%s host=%s", "them", "high", "a.example")
    line = stderr.line
    assert line["message"] == "100% of them went; level=high host=a.example"
    assert (line["level"], line["host"]) == ("warning", "a.example")


def test_an_exception_is_one_line_with_its_traceback(stderr: Log) -> None:
    log_as(Settings(log="json"), unless_set="info")
    try:
        raise ValueError("what was wrong")  # noqa: TRY301 - it is logged below
    except ValueError:
        log.exception("job=%s failed", "tick")
    line = stderr.line
    assert line["job"] == "tick"
    assert line["traceback"].startswith("Traceback (most recent call last)")
    assert "what was wrong" in line["traceback"]


def test_a_strange_line_break_forges_no_event(stderr: Log) -> None:
    log_as(Settings(), unless_set="info")
    log.info("host=%s", "a\n2026-11-25 09:00:00 INFO veille sign-in outcome=right\x1b[2J")
    first, second = stderr.text.splitlines()
    assert first.endswith(" INFO tests.logs host=a")
    assert second.startswith("    2026-11-25")
    assert second.endswith("\\x1b[2J")


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_of_feeds_yaml_is_ever_logged(world: World, stderr: Log, form: Any) -> None:
    log_as(Settings(log=form, log_level="debug"), unless_set="debug")
    key, password, name = SECRETS
    world.context = replace(world.context, environment={"CWM_KEY": key})
    host = world.web.address
    paths = ("/rss", "/500", "/none", "/broken", "/moved")
    world.publish("/rss", item(1))
    world.web.answer("/500", Answer(status=500))
    world.web.answer("/broken", Answer(body=b"<rss><channel>" + key.encode()))
    world.web.answer("/moved", Answer(status=302, headers=(("Location", f"/rss?key={key}"),)))
    world.follow(
        *(f"http://{host}{path}?key=${{CWM_KEY}}" for path in paths),
        f"http://{name}:{password}@{host}/rss?private=1",
        "http://127.0.0.1:1/rss?key=${CWM_KEY}",
        "http://nowhere.invalid/rss?key=${CWM_KEY}",
    )
    summary = world.poll()
    assert summary.polled == len(paths) + 3
    client = dashboard(world.context, polls=True).test_client()
    client.get(f"/search?q={key}")
    client.get("/sources")
    logged = stderr.text
    assert "path=/search" in logged
    assert [secret for secret in SECRETS if secret in logged] == []
