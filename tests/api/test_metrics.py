"""`/metrics`: figures for programs, kept behind the door."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as openmetrics_families,
)
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from aggregator.cli.serving import dashboard
from aggregator.domain.counters import Counted
from aggregator.services import door, heartbeats
from aggregator.services.context import Context
from aggregator.storage import counters
from tests.conversations import comment, put
from tests.web.world import NOW, entry_id, set_source
from tests.world import Clock, World, feed, item

TOKEN = "0123456789abcdef-of-a-program"


def figures(text: str) -> Mapping[str, float]:
    """Read a page of metrics, by name and labels."""
    return {
        sample.name + "".join(f",{name}={value}" for name, value in sample.labels.items()): value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for value in [sample.value]
    }


def asked(context: Context) -> Mapping[str, float]:
    answer = dashboard(context, polls=True).test_client().get("/metrics")
    assert answer.status_code == 200
    return figures(answer.text)


def test_it_tells_how_things_stand(client: FlaskClient, context: Context, clock: Clock) -> None:
    put(context, entry_id(context, "Quantité ou qualité ?"), [comment("a", at=NOW)])
    heartbeats.beat(context)
    clock.go_on(seconds=30)
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    found = figures(answer.text)
    assert found["veille_sources,state=failing"] == 1
    assert found["veille_sources,state=ok"] == 4
    assert found["veille_sources,state=new"] == 1
    assert found["veille_sources,state=retired"] == 0
    assert found["veille_sources_failing"] == 1
    assert found["veille_entries"] == 15
    assert found["veille_entries_unread"] == 15
    assert found["veille_comments"] == 1
    assert found["veille_comments_waiting"] == 1
    assert found["veille_poller_beat_age_seconds"] == 30
    assert found["veille_database_bytes"] > 100_000
    assert found["veille_polls_total,outcome=changed"] == 0


def test_what_is_due_and_the_lag_are_told(context: Context, clock: Clock) -> None:
    before = asked(context)
    assert (before["veille_sources_due"], before["veille_schedule_lag_seconds"]) == (0, 0)
    clock.go_on(minutes=60)
    found = asked(context)
    assert found["veille_sources_due"] == 5
    assert found["veille_schedule_lag_seconds"] == 58 * 60
    set_source(context, "Erick", claimed_by="another:1", claimed_until=clock.now.replace(hour=23))
    claimed = asked(context)
    assert (claimed["veille_sources_due"], claimed["veille_sources_claimed"]) == (4, 1)
    assert claimed["veille_schedule_lag_seconds"] == 4 * 60


def test_polls_are_counted_with_what_they_bring(world: World) -> None:
    good = world.publish("/rss", item(1), item(2))
    world.follow(good, f"http://{world.web.address}/404")
    world.poll()
    world.web.answer("/rss", feed(item(1, "Autre titre"), item(2), item(3)))
    world.poll(hours=2)
    world.poll(hours=2)
    found = asked(world.context)
    assert found["veille_polls_total,outcome=changed"] == 2
    assert found["veille_polls_total,outcome=unchanged"] == 1
    assert found["veille_polls_total,outcome=failed"] >= 1
    assert found["veille_entries_new_total"] == 3
    assert found["veille_entries_changed_total"] == 1
    assert found["veille_feed_bytes_total"] > 1000
    polls = sum(value for name, value in found.items() if name.startswith("veille_polls_total"))
    assert polls == len(world.web.asked)


def test_a_count_never_falls_and_counts_of_one_name_add_up(context: Context) -> None:
    for count in (2, 0, 3):
        with context.database.write() as session:
            counters.add(session, {Counted.ENTRIES_NEW: count, Counted.BYTES: 10 * count})
    found = asked(context)
    assert found["veille_entries_new_total"] == 5
    assert found["veille_feed_bytes_total"] == 50


def test_openmetrics_is_spoken_where_it_is_asked_for(client: FlaskClient) -> None:
    accept = "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5"
    answer = client.get("/metrics", headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1")
    families = openmetrics_families(answer.text)  # type: ignore[no-untyped-call]
    assert "veille_entries" in {family.name for family in families}


def test_behind_a_password_it_needs_the_token_or_a_session(context: Context) -> None:
    settings = context.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    locked = replace(context, settings=settings)
    door.set_password(locked, "trois mots simples")
    client = dashboard(locked, polls=True).test_client()
    assert client.get("/metrics").status_code == 401
    for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer é", TOKEN):
        answer = client.get("/metrics", headers={"Authorization": wrong})
        assert (answer.status_code, "veille_entries" in answer.text) == (401, False), wrong
    shown = {"Authorization": f"Bearer {TOKEN}"}
    assert "veille_entries 15.0" in client.get("/metrics", headers=shown).text
    signed_in = {"password": "trois mots simples"}
    client.post("/sign-in", data=signed_in, headers={"Sec-Fetch-Site": "same-origin"})
    assert client.get("/metrics").status_code == 200


def test_the_token_opens_nothing_else(context: Context) -> None:
    settings = context.settings.model_copy(update={"metrics_token": SecretStr(TOKEN)})
    locked = replace(context, settings=settings)
    door.set_password(locked, "trois mots simples")
    client = dashboard(locked, polls=True).test_client()
    shown = {"Authorization": f"Bearer {TOKEN}"}
    for path in ("/", "/sources", "/subscriptions.opml", "/entries/1"):
        assert client.get(path, headers=shown).status_code == 401


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer None", "Bearer none"])
def test_without_a_token_set_none_is_right(context: Context, shown: str) -> None:
    door.set_password(context, "trois mots simples")
    client = dashboard(context, polls=True).test_client()
    assert client.get("/metrics", headers={"Authorization": shown}).status_code == 401


def test_no_name_or_address_of_a_source_is_told(client: FlaskClient) -> None:
    text = client.get("/metrics").text
    for secret in ("example.org", "CWM", "Magalie", "Concurrents"):
        assert secret not in text
