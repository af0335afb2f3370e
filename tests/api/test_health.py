"""`/healthz`: 200 when well, 503 when ticks stop or the database cannot be used."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aggregator.cli.serving import dashboard
from aggregator.services import door, heartbeats
from aggregator.services.context import Context
from tests.world import Clock


def told(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_a_poller_that_works_is_well(client: FlaskClient, context: Context, clock: Clock) -> None:
    heartbeats.beat(context)
    clock.go_on(seconds=40)
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert told(answer) == {
        "ok": True,
        "poller": "working",
        "poller_beat_age_s": 40,
        "database": "ok",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "application/json"


def test_it_fails_when_ticks_stop_and_is_well_again_when_they_go_on(
    client: FlaskClient, context: Context, clock: Clock
) -> None:
    heartbeats.beat(context)
    clock.go_on(minutes=2, seconds=6)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (told(answer)["ok"], told(answer)["poller"]) == (False, "silent")
    heartbeats.beat(context)
    assert client.get("/healthz").status_code == 200


def test_a_server_that_has_just_started_gives_its_poller_time(
    client: FlaskClient, clock: Clock
) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, told(answer)["poller"]) == (200, "starting")
    assert told(answer)["poller_beat_age_s"] is None
    clock.go_on(minutes=3)
    assert client.get("/healthz").status_code == 503


def test_a_beat_of_a_clock_that_was_ahead_is_no_sign_of_life(
    client: FlaskClient, context: Context, clock: Clock
) -> None:
    clock.go_on(days=1)
    heartbeats.beat(context)
    clock.go_on(hours=-23)
    assert client.get("/healthz").status_code == 503


def test_a_server_that_polls_nothing_misses_no_poller(context: Context, clock: Clock) -> None:
    client = dashboard(context, polls=False).test_client()
    clock.go_on(days=1)
    answer = client.get("/healthz")
    assert (answer.status_code, told(answer)["poller"]) == (200, "off")


def test_a_database_that_cannot_be_used_is_said(
    client: FlaskClient, context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    heartbeats.beat(context)
    context.database.close()
    for beside in ("-wal", "-shm"):
        context.database.path.with_name(context.database.path.name + beside).unlink(
            missing_ok=True
        )
    context.database.path.write_bytes(b"no database at all" * 400)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert told(answer) == {
        "ok": False,
        "poller": "unknown",
        "poller_beat_age_s": None,
        "database": "unusable",
    }
    assert "the database cannot be read" in caplog.text


def test_whoever_asks_is_told_and_nothing_of_what_is_followed(
    client: FlaskClient, context: Context
) -> None:
    door.set_password(context, "trois mots simples")
    answer = client.get("/healthz", headers={"X-Forwarded-For": "198.51.100.7"})
    assert answer.status_code == 200
    assert set(told(answer)) == {"ok", "poller", "poller_beat_age_s", "database"}
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_is_read_only(client: FlaskClient, method: str) -> None:
    answer = client.open("/healthz", method=method, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405


def test_an_unknown_host_is_refused_here_too(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
