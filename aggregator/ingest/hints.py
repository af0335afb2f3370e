"""What the head of a feed says of when to come back: ttl, skipHours and skipDays, sy:.

RSS 2.0, and the syndication module of RSS 1.0 that is used in all of them.
"""

import re
from collections.abc import Iterator
from typing import Final

from aggregator.domain.hints import NO_HINTS, Hints

_HEAD: Final = 65_536
"""Bytes in which the head of a feed is looked for."""

_DEEPEST: Final = 32
_SYNDICATION: Final = "http://purl.org/rss/1.0/modules/syndication/"
_PERIODS_S: Final = {
    "hourly": 3600,
    "daily": 86_400,
    "weekly": 7 * 86_400,
    "monthly": 30 * 86_400,
    "yearly": 365 * 86_400,
}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS_A_DAY: Final = 24
_ITEMS: Final = frozenset({"item", "entry"})
_FRAME: Final = _ITEMS | {"channel", "feed"}

# An attribute's value ends before the next "<", so that no text is gone through twice.
_TOKEN: Final = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    rb"|<\?.*?(?:\?>|\Z)"
    rb"|<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*+)"
    rb"(?P<rest>(?:[^<>\"']++|\"[^<\"]*+\"|'[^<']*+')*+)>",
    re.DOTALL,
)
_NAMESPACE: Final = re.compile(r"\bxmlns(?::([\w.-]+))?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def read_hints(text: bytes) -> Hints:
    """Read the hints of an XML feed, in UTF-8; what is no sensible value is no hint.

    Only the head is read, up to the first item; it need not be well-formed.
    """
    ttl_s = None
    period: str | None = None
    frequency: int | None = None
    hours: set[int] = set()
    days: set[int] = set()
    for parent, name, value in _elements(text[:_HEAD]):
        match parent, name:
            case "channel", "ttl":
                ttl_s = (_number(value) or 0) * 60 or None
            case "channel" | "feed", "{sy}updatePeriod":
                period = value.lower()
            case "channel" | "feed", "{sy}updateFrequency":
                frequency = _number(value)
            case "skipHours", "hour" if (hour := _number(value)) is not None:
                hours |= {hour % _HOURS_A_DAY} if hour <= _HOURS_A_DAY else set()
            case "skipDays", "day" if value.lower() in _DAYS:
                days.add(_DAYS.index(value.lower()))
    every_s = _every_s(period, frequency)
    if ttl_s is None and every_s is None and not hours and not days:
        return NO_HINTS
    return Hints(
        ttl_s=ttl_s,
        update_every_s=every_s,
        skip_hours=frozenset(hours),
        skip_days=frozenset(days),
    )


def _every_s(period: str | None, frequency: int | None) -> int | None:
    """Reckon the time between two updates; a frequency without a period is one of a day."""
    if period is None and frequency is None:
        return None
    period_s = _PERIODS_S.get(period or "daily")
    return period_s // max(frequency or 1, 1) if period_s else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 7 else None


def _elements(head: bytes) -> Iterator[tuple[str, str, str]]:
    """Give the elements before the first item: the parent's name, their own, and their text.

    Names stand as written, but those of the syndication module begin with `{sy}`, and those
    of what a feed is made of have no prefix.
    """
    path: list[str] = []
    prefixes: dict[str, str] = {"sy": _SYNDICATION}
    text, text_from = "", 0
    for token in _TOKEN.finditer(head):
        text += _plain(head[text_from : token.start()]) + _plain(token["cdata"] or b"")
        text_from = token.end()
        if token["name"] is None:
            continue
        rest = _plain(token["rest"])
        prefixes |= {prefix: one or two for prefix, one, two in _NAMESPACE.findall(rest) if prefix}
        name = _named(_plain(token["name"]), prefixes)
        if token["end"]:
            if path[1:] and path[-1] == name:
                yield path[-2], name, text.strip()
            _leave(path, name)
        elif name in _ITEMS or len(path) == _DEEPEST:
            return
        elif not rest.endswith("/"):
            path.append(name)
        text = ""


def _leave(path: list[str], name: str) -> None:
    """Go out of the innermost element of this name, and of all that was left open in it."""
    if name in path:
        del path[len(path) - 1 - path[::-1].index(name) :]


def _named(written: str, prefixes: dict[str, str]) -> str:
    prefix, _, name = written.rpartition(":")
    if prefixes.get(prefix) == _SYNDICATION:
        return f"{{sy}}{name}"
    return name if name in _FRAME else written


def _plain(text: bytes) -> str:
    return text.decode("utf-8", "replace")
