"""The value that somebody meant, for each kind of value; None where it cannot be guessed."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final
from zoneinfo import available_timezones

from aggregator.subscriptions.addresses import likely_address
from aggregator.subscriptions.text.slips import quoted

_CURLY: Final = "“”„«»‘’\"' \u00a0\u202f"
_LONGEST: Final = 60
_UNITS: Final = {
    "s": ("s", "sec", "secs", "second", "seconds", "seconde", "secondes"),
    "m": ("m", "mn", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "heure", "heures", "hour", "hours"),
    "d": ("d", "j", "jour", "jours", "day", "days"),
}
_MONTHS: Final = (
    *("jan", "fév", "mar", "avr", "mai", "juin"),
    *("juil", "aoû", "sep", "oct", "nov", "déc"),
)


def duration(value: Any) -> str | None:
    """Read « 30 min », « 1 heure », « 2 j », « 1h30 »."""
    text = str(value).strip(_CURLY).lower()[:_LONGEST]
    if found := re.fullmatch(r"(\d{1,2})\s*h\s*(\d{2})", text):
        return f"{int(found[1]) * 60 + int(found[2])}m"
    found = re.fullmatch(r"(\d{1,5})[\s\u00a0\u202f]*([a-z]+)", text)
    unit = next((u for u, words in _UNITS.items() if found and found[2] in words), None)
    return f"{int(found[1])}{unit}" if found and unit else None


def time_of_day(value: Any) -> str | None:
    """Read « 18h », « 9:00 », « 9h30 », « 9 »."""
    found = re.fullmatch(r"(\d{1,2})(?:\s*[h:.]\s*(\d{2})?)?", str(value).strip(_CURLY).lower())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    return f'"{hour:02}:{minute:02}"' if hour < 24 and minute < 60 else None


def date(value: Any) -> str | None:
    """Read « 01/11/2026 », « 1.11.2026 », « 1er novembre 2026 », a day with a time."""
    text = str(value).strip(_CURLY).lower()[:_LONGEST]
    if found := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
    elif found := re.fullmatch(r"(\d{1,2})(?:er)?\s+([a-zéû]+)\.?\s+(\d{4})", text):
        month = next((n for n, name in enumerate(_MONTHS, 1) if found[2].startswith(name)), 0)
        day, year = int(found[1]), int(found[3])
    else:
        return None
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def timezone(value: Any) -> str | None:
    """Read « Paris », « europe/paris »."""
    text = str(value).strip(_CURLY).replace(" ", "_").lower()[:_LONGEST]
    zones = {zone.lower(): zone for zone in sorted(available_timezones())}
    cities = {name.rsplit("/", 1)[-1]: zone for name, zone in zones.items() if "/" in name}
    near = get_close_matches(text, [*zones, *cities], n=1, cutoff=0.75)
    return {**cities, **zones}[near[0]] if near else None


def address(value: Any) -> str | None:
    """Read an address without its scheme, or in curly quotes."""
    return likely_address(value) if isinstance(value, str) else None


def a_list(value: Any) -> str | None:
    """Make « a, b » or « a » a list in brackets."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    words = [word.strip() for word in re.split(r"[,;\n]", str(value)) if word.strip()]
    return "[" + ", ".join(_item(word) for word in words) + "]" if words else None


def _item(word: str) -> str:
    return word if re.fullmatch(r"\w[\w .-]*", word) else quoted(word)


VALUES: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "address": address,
    "comments": address,
    "date": date,
    "duration": duration,
    "time": time_of_day,
    "timezone": timezone,
    "tuple_type": a_list,
}
"""By the code of the rule that failed."""
