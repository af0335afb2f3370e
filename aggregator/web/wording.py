"""How things are said: the language, local time, ages, numbers, faults and states.

The only module that knows Flask-Babel.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, g, request
from flask_babel import Babel, get_translations

from aggregator.domain.faults import Fault
from aggregator.domain.sources import STATE_WORDS, SourceState
from aggregator.errors import InvalidInputError
from aggregator.translations import FOLDER, LANGUAGES, Language, Translator, known_language
from aggregator.web.current import context, follow_list, now

COOKIE: Final = "language"
_LOOSE: Final = re.compile(r"(?<=«) | (?=[?!;:»])")
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_DAY_H: Final = 24
_YEAR: Final = timedelta(days=365)


def speak(app: Flask) -> None:
    """Teach the application its languages, and its templates how to say things."""
    Babel(
        app,
        default_translation_directories=str(FOLDER),
        locale_selector=language,
        timezone_selector=lambda: "UTC",
    )
    # Those of Flask-Babel look for their catalogue at each of the hundreds of words of a page.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _said,
        ngettext,
        newstyle=True,
    )
    # Theirs would write the number as Python does.
    app.jinja_env.globals["ngettext"] = ngettext
    moments = (ago, until, age, on, since, exact, day, iso, for_long, duration, worked, said_at)
    filters = (*moments, number, size, fault_sentence, state_words, unbroken)
    app.jinja_env.filters.update({say.__name__: say for say in filters})


def language() -> Language:
    """Choose the language: the person's click, feeds.yaml, the installation, the browser."""
    try:
        chosen: Language = g.language
    except AttributeError:
        chosen = g.language = known_language(request.cookies.get(COOKIE)) or unless_clicked()
    return chosen


def unless_clicked() -> Language:
    """Choose the language that holds where this browser was not told another."""
    said = context().settings.language
    if not g.get("plain"):  # then the follow list may be the very thing that cannot be read
        said = follow_list().list.preferences.language or said
    return said or known_language(request.accept_languages.best_match(LANGUAGES, "fr")) or "fr"


def translations() -> Translator:
    """Give the catalogue of this request."""
    if "translations" not in g:
        g.translations = get_translations()
    return cast("Translator", g.translations)


def gettext(message: str, **places: object) -> str:
    """Say `message`, its %(name)s places filled."""
    said = _said(message)
    return said % places if places else said


def _said(message: str) -> str:
    return _translated(message, language())


@lru_cache(maxsize=4096)
def _translated(message: str, _language_tag: str) -> str:
    return translations().gettext(message)


def ngettext(singular: str, plural: str, num: int) -> str:
    """Say the form that fits `num`, which fills the place %(num)s."""
    return _counted(singular, plural, num, language())


@lru_cache(maxsize=4096)
def _counted(singular: str, plural: str, num: int, _language_tag: str) -> str:
    return translations().ngettext(singular, plural, num) % {"num": number(num)}


def local_zone() -> ZoneInfo:
    """Give the person's time zone."""
    try:
        chosen: ZoneInfo = g.zone
    except AttributeError:
        chosen = g.zone = ZoneInfo(follow_list().list.preferences.timezone)
    return chosen


def ago(at: datetime) -> str:
    """Say how long ago: `il y a 4 min`; after a week, the date."""
    passed = now() - at
    if passed < _MINUTE:
        return gettext("just now")
    if passed < _HOUR:
        return gettext("%(number)s min ago", number=passed // _MINUTE)
    if passed < _DAY:
        return gettext("%(number)s h ago", number=passed // _HOUR)
    if passed < 7 * _DAY:
        return gettext("%(number)s d ago", number=passed // _DAY)
    # Translators: a date, as in "read on Sep 17"
    return gettext("on %(date)s", date=day(at))


def duration(taken: timedelta) -> str:
    """Say how long something takes or took, in its largest unit: `40 min`, `5 h`, `2 j`."""
    if taken < _MINUTE:
        return gettext("< 1 min")
    if taken < _HOUR:
        return gettext("%(number)s min", number=taken // _MINUTE)
    if taken < 2 * _DAY:
        return gettext("%(number)s h", number=taken // _HOUR)
    if taken < 2 * _YEAR:
        return gettext("%(number)s d", number=number(taken // _DAY))
    return ngettext("%(num)s year", "%(num)s years", taken // _YEAR)


def worked(time: timedelta) -> str:
    """Say how much time of work it is, never in days: `40 min`, `153 h`."""
    if time < _HOUR:
        return gettext("%(number)s min", number=time // _MINUTE)
    return gettext("%(number)s h", number=number(time // _HOUR))


def for_long(at: datetime) -> str:
    """Say for how long something has been so."""
    return duration(max(now() - at, timedelta(0)))


def said_at(at: datetime) -> str:
    """Say when somebody wrote: `il y a 4 min`; after a week day and hour, for they matter."""
    if now() - at < 7 * _DAY:
        return ago(at)
    # Translators: a day and a time, as in "Sep 17, 2010, 3:10 PM"
    return gettext("%(date)s, %(time)s", date=day(at), time=_time(at))


def until(at: datetime) -> str:
    """Say in how long: `dans 6 h`; what is past is about to be done."""
    left = at - now()
    if left < timedelta(seconds=1):
        return gettext("any moment now")
    if left < _MINUTE:
        return gettext("in %(number)s s", number=left.seconds)
    if left < _HOUR:
        return gettext("in %(number)s min", number=left // _MINUTE)
    if (hours := round(left / _HOUR)) < _DAY_H:
        return gettext("in %(number)s h", number=hours)
    return gettext("in %(number)s d", number=round(left / _DAY))


def age(at: datetime) -> str:
    """Say the age of an entry as shortly as a line needs: `4 min`, `17 sept.`, `mai 2019`."""
    passed = now() - at
    if passed < _MINUTE:
        return gettext("< 1 min")
    if passed < _HOUR:
        return gettext("%(number)s min", number=passed // _MINUTE)
    if passed < _DAY:
        return gettext("%(number)s h", number=passed // _HOUR)
    local = _local(at).date()
    return day(local) if local.year == _local(now()).year else _month(local, language())


def day(at: datetime | date) -> str:
    """Say a day: `17 sept.`, with its year where it is not this one."""
    local = _local(at).date() if isinstance(at, datetime) else at
    return _day(local, local.year == _local(now()).year, language())


@lru_cache(maxsize=4096)
def _day(local: date, this_year: bool, language_tag: str) -> str:  # noqa: FBT001 - a cache key
    if not this_year:
        return format_date(local, "medium", locale=language_tag)
    return format_date(local, "d MMM" if language_tag == "fr" else "MMM d", locale=language_tag)


@lru_cache(maxsize=1024)
def _month(local: date, language_tag: str) -> str:
    return format_date(local, "MMM y", locale=language_tag)


def exact(at: datetime) -> str:
    """Say a moment in full, in the person's time zone."""
    return _exact(at, local_zone(), language())


@lru_cache(maxsize=8192)
def _exact(moment_at: datetime, zone: ZoneInfo, language_tag: str) -> str:
    local = moment_at.astimezone(zone)
    on = format_date(local, "full", locale=language_tag)
    at = format_time(local, "short", tzinfo=local.tzinfo, locale=language_tag)
    return f"{on}, {at}"


def on(at: datetime) -> str:
    """Say when: `à 14:32` today, `le 17 sept.` on another day."""
    if _is_today(at):
        return gettext("at %(time)s", time=_time(at))
    return gettext("on %(date)s", date=day(at))


def since(at: datetime) -> str:
    """Say since when: `depuis 14:32` today, `depuis le 17 sept.` on another day."""
    if _is_today(at):
        return gettext("since %(time)s", time=_time(at))
    return gettext("since %(date)s", date=day(at))


def _is_today(at: datetime) -> bool:
    return _local(at).date() == _local(now()).date()


def _time(at: datetime) -> str:
    return _clock(_local(at).time().replace(second=0, microsecond=0), language())


@lru_cache(maxsize=2048)
def _clock(local: time, language_tag: str) -> str:
    return format_time(local, "short", locale=language_tag)


def iso(at: datetime) -> str:
    """Write a moment for `<time datetime>`."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _local(at: datetime) -> datetime:
    return at.astimezone(local_zone())


def number(value: float) -> str:
    """Write a number as the language does."""
    if 0 <= value < 1000 and value == int(value):
        return str(int(value))
    return _decimal(value, language())


@lru_cache(maxsize=4096)
def _decimal(value: float, language_tag: str) -> str:
    return format_decimal(value, locale=language_tag)


def unbroken(words: str, language_tag: str | None) -> str:
    """Keep French signs on the line of the word they follow; the language may be unknown."""
    if language_tag and not language_tag.startswith("fr"):
        return words
    return _LOOSE.sub("\N{NO-BREAK SPACE}", words)


def size(length_bytes: int) -> str:
    """Say the size of a file in megabytes."""
    megabytes = max(round(length_bytes / 1_000_000, 1), 0.1)
    return gettext("%(number)s MB", number=number(megabytes))


def fault_sentence(fault: Fault, *, typed: bool = False) -> str:
    """Say what is wrong with a source, or with an address that somebody typed."""
    return fault.sentence(translations(), typed=typed)


def state_words(state: SourceState) -> str:
    """Say the state of a source."""
    return gettext(STATE_WORDS[state])


def mistake(error: InvalidInputError) -> str:
    """Say what a person can mend."""
    sentence = gettext(error.message)
    return sentence % error.params if error.params else sentence
