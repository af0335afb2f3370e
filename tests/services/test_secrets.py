"""Secrets of feeds.yaml: sent where they belong, and stored, shown and logged nowhere."""

import logging
from dataclasses import replace

import pytest

from aggregator.services import exporting, following, polling
from aggregator.services.housekeeping import copy_list
from tests.scripted_server import Answer
from tests.world import World, feed, item

TOKEN = "s3cret-token"
ENVIRONMENT = {"TOKEN": TOKEN, "OTHER": "of-the-machine"}


@pytest.fixture
def guarded(world: World) -> World:
    """Give the world with secrets in its environment."""
    return replace(world, context=replace(world.context, environment=ENVIRONMENT))


def page(*feeds: str) -> Answer:
    links = (f"<link rel=alternate type=application/rss+xml href='{url}'>" for url in feeds)
    body = f"<!doctype html><html><head>{''.join(links)}</head><body>Bonjour</body></html>"
    return Answer(body=body.encode(), headers=(("Content-Type", "text/html"),))


def asked_paths(world: World) -> list[str]:
    return [asked.path for asked in world.web.asked]


def test_a_page_cannot_ask_for_what_the_environment_holds(guarded: World) -> None:
    guarded.publish("/feed?x=${OTHER}", item(1))
    guarded.follow(guarded.web.answer("/blog", page("/feed?x=${OTHER}")))
    guarded.poll()
    guarded.poll(hours=2)
    assert asked_paths(guarded) == ["/blog", "/feed?x=${OTHER}", "/feed?x=${OTHER}"]
    assert guarded.titles() == ["Article 1"]


def test_a_feed_found_under_a_secret_is_asked_with_it_again(guarded: World) -> None:
    guarded.publish(f"/{TOKEN}/feed", item(1))
    site = guarded.web.answer(f"/{TOKEN}/blog", page("feed"))
    guarded.follow(site.replace(TOKEN, "${TOKEN}"))
    guarded.poll()
    guarded.poll(hours=2)
    assert asked_paths(guarded)[1:] == [f"/{TOKEN}/feed"] * 2
    assert [source.feed_url for source in guarded.sources()] == [guarded.web.url("/${TOKEN}/feed")]


def test_what_a_feed_says_of_its_own_address_is_kept_without_the_secret(guarded: World) -> None:
    link = "<link>?from=feed</link><comments>#c</comments>"
    document = feed(f"<item><guid>{TOKEN}/1</guid><title>Un</title>{link}</item>")
    told = document.body.replace(b"http://cwm.example/", b"./?site")
    address = guarded.web.answer(f"/{TOKEN}/feed", replace(document, body=told))
    guarded.follow(address.replace(TOKEN, "${TOKEN}"))
    guarded.poll()
    assert guarded.titles() == ["Un"]
    copy_list(guarded.context)
    assert TOKEN.encode() not in exporting.opml(guarded.context).content
    files = [path for path in guarded.feeds.parent.rglob("*") if path.is_file()]
    assert [path.name for path in files if TOKEN.encode() in path.read_bytes()] == []


def test_an_address_that_is_altogether_a_secret_is_followed(guarded: World) -> None:
    address = guarded.publish("/feed", item(1))
    environment = {"FEED": address}
    world = replace(guarded, context=replace(guarded.context, environment=environment))
    world.follow("${FEED}", "https://${HOST}/feed")
    told = {report.url: report.fault for report in world.poll().sources}
    missing = told["https://${HOST}/feed"]
    assert missing
    assert missing.code == "secret-missing"
    assert told["${FEED}"] is None
    assert (world.titles(), world.sources()[0].feed_url) == (["Article 1"], "${FEED}")


def test_a_refused_redirect_is_told_without_the_secret(guarded: World) -> None:
    elsewhere = Answer(status=302, headers=(("Location", f"ftp://elsewhere.example/{TOKEN}"),))
    address = guarded.web.answer(f"/feed?key={TOKEN}", elsewhere)
    guarded.follow(address.replace(TOKEN, "${TOKEN}"))
    told = following.try_online(guarded.context, following.current(guarded.context).list)
    report = guarded.poll().sources[0]
    assert TOKEN not in f"{told}{report}"
    assert "${TOKEN}" in told[0].message


def test_a_log_line_about_a_document_holds_no_secret(
    guarded: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.ingest.parsers._Worker.read", _burst)
    address = guarded.publish(f"/{TOKEN}/feed", item(1))
    guarded.follow(address.replace(TOKEN, "${TOKEN}"))
    with caplog.at_level(logging.DEBUG):
        summary = polling.poll_due(guarded.context)
    assert [report.fault.code for report in summary.sources if report.fault] == ["internal"]
    assert "parse-failed" in caplog.text
    assert TOKEN not in caplog.text


def _burst(*_: object) -> None:
    raise RuntimeError("a fault of the program")
