"""Dates of feeds, as written by hand, by machines and by machines abroad."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from unicodedata import combining, normalize

EARLIEST_YEAR: Final = 1990
"""No feed is older than the web; what says so is an unset clock (1970, year 0)."""

MOST_AHEAD: Final = timedelta(hours=1)
LONGEST: Final = 80
"""Characters of a text that may be a date."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan janv january janvier januar jaenner janner enero ene gennaio gen janeiro januari",
            "feb fev fevr february fevrier februar febrero febbraio fevereiro februari",
            "mar mars march marz maerz mrz marzo marco mrt maart",
            "apr avr april avril abr abril aprile",
            "may mai mayo maggio mag maio mei",
            "jun juin june juni junio giugno giu junho",
            "jul juil july juillet juli julio luglio lug julho",
            "aug aout aou august agosto ago augustus",
            "sep sept september septembre septiembre setiembre set settembre setembro",
            "oct october octobre oktober okt octubre ottobre ott outubro out",
            "nov november novembre noviembre novembro",
            "dec december decembre dezember dez diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES: Final = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "ist": 330,
    "cet": 60, "cest": 120, "met": 60, "mest": 120, "mez": 60, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "jst": 540, "kst": 540, "aest": 600, "aedt": 660,
    "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
"""Minutes east of Greenwich; a name that is not here is read as UTC."""

_CLOCK: Final = (
    r"(?P<hour>\d{1,2})(?:[:h.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?|\s?h\b)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE: Final = r"(?:\s*(?:(?P<zone>[a-z]{1,5})\b)?\s?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?)?"
_TIME: Final = rf"(?:[,t\s]*(?:(?:at|a|um|as|alle)\s+)?{_CLOCK}{_ZONE})?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o)?"
_MONTH: Final = r"(?P<month>[a-z]+)"
_YEAR: Final = r"(?P<year>\d{4}|\d{2}\b)"
_SHAPES: Final = tuple(
    re.compile(shape)
    for shape in (
        # ven., 17 sept. 2010 06:33 · 17-Sep-10 06:33:00 +0200
        rf"(?:[a-z]+[.,\s]+)*{_DAY}[.,\s/-]+(?:de\s+)?{_MONTH}[.,\s/-]+(?:de\s+)?{_YEAR}{_TIME}",
        # Fri Sep 17 06:33:00 CEST 2010
        rf"(?:[a-z]+[.,\s]+)?{_MONTH}[.\s]+{_DAY}\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})",
        # September 17, 2010 6:33 PM
        rf"(?:[a-z]+[.,\s]+)?{_MONTH}[.\s]+{_DAY}[,\s]+(?P<year>\d{{4}}){_TIME}",
        # 2016/6/29 15:07:41 · 2010-9-17T6:33Z
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}}))?{_TIME}",
        # 17/09/2010 06:33 · 9/17/2010 6:33 AM
        rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}}){_TIME}",
    )
)
_USUAL: Final = re.compile(  # RFC 822 as nearly every RSS feed writes it
    r"(?:[A-Za-z]{3}, )?(\d\d?) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"(?:([+-])(\d\d)(\d\d)|GMT)"
)


def read_date(text: str | None, now: datetime) -> datetime | None:
    """Read a date of a feed, in UTC; None where there is none that can be believed.

    A missing zone means UTC. Before 1990, or more than an hour after `now`, is not believed.
    """
    if not text or len(text) > LONGEST:
        return None
    text = text.strip()
    try:
        moment = _usual(text) or _iso(text) or _unusual(text)
    except (ValueError, OverflowError):
        return None
    if moment is None or moment.year < EARLIEST_YEAR or moment > now + MOST_AHEAD:
        return None
    return moment


def _usual(text: str) -> datetime | None:
    found = _USUAL.fullmatch(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    number = _MONTHS.get(month.lower())
    if number is None or hour > "23" or second > "59":
        return None
    moment = datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign is None:
        return moment
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return moment + offset if sign == "-" else moment - offset


def _iso(text: str) -> datetime | None:
    if text.isdecimal():
        return _epoch(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _epoch(digits: str) -> datetime | None:
    """Read seconds or milliseconds since 1970, or a plain 20100917 or 2010."""
    if len(digits) in {9, 10}:
        return datetime.fromtimestamp(int(digits), UTC)
    if len(digits) in {12, 13}:
        return datetime.fromtimestamp(int(digits) // 1000, UTC)
    if len(digits) == 14:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if len(digits) == 8:
        return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC)
    return datetime(int(digits), 1, 1, tzinfo=UTC) if len(digits) == 4 else None


def _unusual(text: str) -> datetime | None:
    plain = "".join(sign for sign in normalize("NFKD", text.lower()) if not combining(sign))
    plain = " ".join(plain.split())
    for shape in _SHAPES:
        found = shape.match(plain)
        if found and (moment := _moment(found.groupdict())) is not None:
            return moment
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    year, month, day = _calendar(parts)
    hour = int(parts["hour"] or 0)
    if not 1 <= month <= 12 or hour > 24:
        return None
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"] == "p" else 0)
    start = datetime(year, month, day, tzinfo=UTC)
    return (
        start
        + timedelta(hours=hour, minutes=int(parts["minute"] or 0))
        + timedelta(seconds=int(parts["second"] or 0))
        - timedelta(minutes=_minutes_east(parts["zone"], parts["offset"]))
    )


def _calendar(parts: dict[str, str | None]) -> tuple[int, int, int]:
    """Give year, month and day; a month of 0 where its name is not known."""
    year, month, day = parts["year"] or "0", parts["month"] or "0", int(parts["day"] or 1)
    if not month.isdecimal():
        full_year = int(year) + (0 if len(year) == 4 else 2000 if year < "69" else 1900)
        return full_year, _MONTHS.get(month, 0), day
    number = int(month)
    # day first, as most of the world writes, unless that cannot be or am/pm tells of America
    if number > 12 or (parts["half"] and day <= 12):
        number, day = day, number
    return int(year), number, day


def _minutes_east(zone: str | None, offset: str | None) -> int:
    east = _ZONES.get(zone or "", 0)
    if offset is None:
        return east
    digits = offset.strip().lstrip("+-").replace(":", "")
    hours, minutes = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
    return (-1 if offset.startswith("-") else 1) * (int(hours) * 60 + int(minutes))
