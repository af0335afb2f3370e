"""How long an answer stays fresh, and when a server wants to be asked again."""

from datetime import UTC, datetime

import pytest
from multidict import CIMultiDict

from aggregator.ingest.answers import fresh_s, refusal, retry_after_s

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DATE = "Wed, 25 Nov 2026 06:00:00 GMT"
"""What a server says whose clock is three hours slow."""


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public"}, None),
        ({"Cache-Control": "max-age=43200"}, 43_200),
        ({"Cache-Control": "public, MAX-AGE = 60 , must-revalidate"}, 60),
        ({"Cache-Control": 'max-age="60"'}, 60),
        ({"Cache-Control": "max-age=60, max-age=90"}, 60),
        ({"Cache-Control": "s-maxage=90"}, None),
        ({"Cache-Control": "s-maxage=90, max-age=60"}, 60),
        ({"Cache-Control": 'private="a, max-age=5", max-age=60'}, 60),
        ({"Cache-Control": 'no-cache="Set-Cookie", max-age=60'}, 60),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000),
        ({"Cache-Control": "max-age=3600", "Age": "7200"}, 0),
        ({"Cache-Control": "max-age=3600", "Age": "junk"}, 3600),
        ({"Cache-Control": "max-age=31536000"}, 31_536_000),
        ({"Cache-Control": "max-age=" + "9" * 400}, 366 * 86_400),
        ({"Cache-Control": "no-cache"}, 0),
        ({"Cache-Control": "max-age=0"}, 0),
        ({"Cache-Control": "no-store, max-age=60"}, 0),
        ({"Cache-Control": "max-age=abc"}, 0),
        ({"Cache-Control": "max-age=-60"}, 0),
        ({"Cache-Control": "max-age"}, None),
        ({"Expires": "0"}, 0),
        ({"Expires": "-1"}, 0),
        ({"Expires": "whenever"}, 0),
        ({"Expires": "Wed, 25 Nov 2026 12:00:00 GMT", "Date": DATE}, 6 * 3600),
        ({"Expires": "Wed, 25 Nov 2026 12:00:00 GMT"}, 3 * 3600),
        ({"Expires": "Wed, 25 Nov 2026 12:00:00 GMT", "Date": "junk"}, 3 * 3600),
        ({"Expires": DATE, "Date": DATE}, 0),
        ({"Expires": "Tue, 24 Nov 2026 12:00:00 GMT", "Date": DATE}, 0),
        ({"Expires": "Tue, 01 Jan 2041 00:00:00 GMT", "Date": DATE}, 366 * 86_400),
        ({"Expires": "Wed, 25 Nov 2026 12:00:00 GMT", "Cache-Control": "max-age=60"}, 60),
        ({"Expires": "Wed, 25 Nov 2026 12:00:00 GMT", "Cache-Control": "public"}, 3 * 3600),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert fresh_s(headers, NOW) == seconds


def test_a_header_in_several_lines_is_one() -> None:
    headers = CIMultiDict([("Cache-Control", "public"), ("cache-control", "max-age=60")])
    assert fresh_s(headers, NOW) == 60


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7200", 7200),
        (" 7200 ", 7200),
        ("99999999999999999999", 366 * 86_400),
        ("Wed, 25 Nov 2026 08:00:00 GMT", 7200),
        ("Wed, 25 Nov 2026 05:00:00 GMT", None),
        ("Wed, 25 Nov 2026 08:00:00 +99999999", None),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
    ],
)
def test_when_a_server_wants_to_be_asked_again(value: str, seconds: int | None) -> None:
    assert retry_after_s({"Retry-After": value, "Date": DATE}, NOW) == seconds


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_challenge_of_cloudflare_is_told_apart(status: int) -> None:
    error = refusal(status, {"cf-mitigated": "Challenge", "Retry-After": "60"}, NOW)
    assert (error.code, error.http_status, error.retry_after_s) == ("challenge", status, 60)
    assert refusal(status, {"cf-mitigated": "block"}, NOW).code != "challenge"
