"""What a server gave to recognise a document by goes back as it came."""

import pytest

from aggregator.ingest.answers import LONGEST_VALIDATOR
from aggregator.ingest.fetch import Fetcher, FetchRequest
from tests.fetching import FEED
from tests.scripted_server import Answer, ScriptedServer


@pytest.mark.parametrize(
    "etag",
    [
        '"abc"',
        'W/"x"',
        "without-quotes",
        '"with spaces, and commas"',
        '"abc-gzip"',
        '"caf\u00e9"',
        '"caf\u00c3\u00a9"',
        '"' + "e" * (LONGEST_VALIDATOR - 2) + '"',
    ],
)
def test_an_etag_goes_back_byte_for_byte(
    etag: str, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer(
        "/feed", Answer(headers=(("ETag", etag),), body=FEED), Answer(status=304)
    )
    first = fetcher.fetch(FetchRequest(url=url))
    assert first.etag is not None
    again = fetcher.fetch(FetchRequest(url=url, etag=first.etag))
    assert scripted_server.asked[1].header("If-None-Match") == etag
    assert (again.status, again.etag) == (304, first.etag)


@pytest.mark.parametrize(
    "moment",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "dim. 6 nov. 1994 09:49 (heure de Paris)",
    ],
)
def test_a_last_modified_goes_back_byte_for_byte(
    moment: str, fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    headers = (("Last-Modified", moment),)
    url = scripted_server.answer("/feed", Answer(headers=headers, body=FEED), Answer(status=304))
    first = fetcher.fetch(FetchRequest(url=url))
    fetcher.fetch(FetchRequest(url=url, last_modified=first.last_modified))
    asked = scripted_server.asked[1]
    assert asked.header("If-Modified-Since") == moment
    assert asked.header("If-None-Match") is None


def test_an_etag_that_no_server_would_take_back_is_dropped_not_cut(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    headers = (("ETag", '"' + "e" * 8192 + '"'), ("Last-Modified", "yesterday"))
    url = scripted_server.answer("/feed", Answer(headers=headers, body=FEED))
    fetched = fetcher.fetch(FetchRequest(url=url))
    assert (fetched.etag, fetched.last_modified) == (None, "yesterday")


def test_a_304_renews_the_validators_it_names_and_keeps_the_others(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(status=304, headers=(("ETag", '"new"'),)))
    fetched = fetcher.fetch(FetchRequest(url=url, etag='"old"', last_modified="yesterday"))
    assert (fetched.etag, fetched.last_modified) == ('"new"', "yesterday")
    assert (fetched.body, fetched.body_hash, fetched.bytes_received) == (None, None, 0)


def test_a_validator_that_vanishes_from_a_200_is_forgotten(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/feed", Answer(body=FEED))
    fetched = fetcher.fetch(FetchRequest(url=url, etag='"old"', last_modified="yesterday"))
    assert (fetched.etag, fetched.last_modified) == (None, None)
