"""Dates of feeds, and what is not one."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.ingest.dates import read_date

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
EARLY = datetime(2010, 9, 17, 4, 33, tzinfo=UTC)
AS_WRITTEN = datetime(2010, 9, 17, 6, 33, tzinfo=UTC)
DAY = datetime(2010, 9, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Fri, 17 Sep 2010 06:33:00 +0200", EARLY),
        ("Fri, 17 Sep 2010 06:33:00 +02:00", EARLY),
        ("Fri, 17 Sep 2010 06:33:00 CEST", EARLY),
        ("Fri, 17 Sep 2010 05:33:00 CET", EARLY),
        ("Fri, 17 Sep 2010 06:33:00 MEST", EARLY),
        ("Fri, 17 Sep 2010 00:33:00 EDT", EARLY),
        ("Thu, 16 Sep 2010 21:33:00 -0700", EARLY),
        ("17 Sep 2010 06:33:00 GMT+2", EARLY),
        ("Fri, 17 Sep 2010 06:33:00 GMT", AS_WRITTEN),
        ("Fri, 17 Sep 2010 06:33:00 UT", AS_WRITTEN),
        ("Fri, 17 Sep 2010 06:33:00 -0000", AS_WRITTEN),
        ("Fri, 17 Sep 2010 06:33:00", AS_WRITTEN),
        ("Fri, 17 Sep 2010 06:33", AS_WRITTEN),
        ("Friday, 17-Sep-10 06:33:00 GMT", AS_WRITTEN),
        ("Fri Sep 17 06:33:00 CEST 2010", EARLY),
        ("Fri Sep 17 06:33:00 2010", AS_WRITTEN),
        ("Fri Sep 17 2010 06:33:00 GMT+0200 (CEST)", EARLY),
        ("September 17, 2010 6:33 AM", AS_WRITTEN),
        ("ven., 17 sept. 2010 06:33:00 +0200", EARLY),
        ("Ven 17 Sep 2010 06:33:00", AS_WRITTEN),
        ("vendredi 17 septembre 2010 à 06h33", AS_WRITTEN),
        ("Mar, 17 août 2010 06:33:00 +0200", EARLY - timedelta(days=31)),
        ("1er septembre 2010", DAY - timedelta(days=16)),
        ("Fr, 17 Sep 2010 06:33:00 MESZ", EARLY),
        ("Do, 04 März 2010 06:33", datetime(2010, 3, 4, 6, 33, tzinfo=UTC)),
        ("Fr, 17 Dez 2010", datetime(2010, 12, 17, tzinfo=UTC)),
        ("vie, 17 sep 2010 06:33:00 +0200", EARLY),
        ("17 de agosto de 2010", DAY - timedelta(days=31)),
        ("2010-09-17T06:33:00+02:00", EARLY),
        ("2010-09-17T06:33:00.000+0200", EARLY),
        ("2010-09-17 06:33:00 +0200", EARLY),
        ("2010-09-17T04:33Z", EARLY),
        ("2010-09-17T06:33:00", AS_WRITTEN),
        ("2010-09-16T24:00:00Z", DAY),
        ("2010-09-17", DAY),
        ("20100917", DAY),
        ("2010-09", DAY - timedelta(days=16)),
        ("2010", datetime(2010, 1, 1, tzinfo=UTC)),
        ("2010/9/17 6:33:00", AS_WRITTEN),
        ("17/09/2010 06:33", AS_WRITTEN),
        ("17.09.2010 06:33", AS_WRITTEN),
        ("9/17/2010 6:33:00 AM", AS_WRITTEN),
        ("1284697980", EARLY),
        ("1284697980000", EARLY),
        ("  Fri, 17 Sep 2010 06:33:00 GMT \n", AS_WRITTEN),
    ],
)
def test_a_date_is_read_in_utc(text: str, moment: datetime) -> None:
    read = read_date(text, NOW)
    assert read == moment
    assert read is not None
    assert read.tzinfo is UTC


def test_a_date_of_slashes_does_not_depend_on_today() -> None:
    expected = datetime(2016, 6, 29, 15, 7, 41, tzinfo=UTC)
    assert read_date("2016/6/29 15:07:41", NOW) == expected
    assert read_date("2016/6/29 15:07:41", NOW + timedelta(days=40)) == expected


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "hier",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00.000Z",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Sun, 31 Dec 1989 23:59:59 GMT",
        "Fri, 31 Feb 2010 06:33:00 GMT",
        "Fri, 17 Sep 2010 99:33:00 GMT",
        "17 Nonsense 2010",
        "2010-13-45",
        "Fri, 17 Sep 9999 23:59:59 -1200",
        "99999999999999999999",
        "1" * 5_000,
        "a " * 500,
        "٠١٢٣٤٥٦٧٨",
    ],
)
def test_what_cannot_be_believed_is_no_date(text: str | None) -> None:
    assert read_date(text, NOW) is None


def test_a_date_more_than_an_hour_ahead_counts_as_missing() -> None:
    assert read_date("Wed, 01 Jul 2026 12:59:00 GMT", NOW) is not None
    assert read_date("Wed, 01 Jul 2026 13:01:00 GMT", NOW) is None
    assert read_date("2026-07-01T15:01:00+02:00", NOW) is None
