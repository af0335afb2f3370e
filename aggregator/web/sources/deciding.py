"""What decides the next poll of a source, in words: wishes, floors, and what its feed asks for."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final

from babel.dates import format_time, get_day_names

from aggregator.domain.health import SourceSheet
from aggregator.domain.schedule import DEFAULT_INTERVAL
from aggregator.translations import N_
from aggregator.web.current import context, follow_list, now
from aggregator.web.sources.amounts import every, roughly
from aggregator.web.wording import exact, gettext, language, local_zone

_DAY_H: Final = 24

_NAMES: Final = {
    "wish": N_("What you wish"),
    "floor": N_("Never more often than"),
    "ttl": N_("The feed asks for"),
    "renewed": N_("The feed is renewed"),
    "fresh": N_("Its answer stays good for"),
    "hours": N_("Left alone between"),
    "days": N_("Left alone on"),
    "waits": N_("Its site asked us to wait until"),
}


def deciding(sheet: SourceSheet) -> Iterator[tuple[str, str]]:
    """Give each thing that has a say in when the source is asked, with what it says."""
    wish = _wish(sheet.health.url)
    if wish:
        yield _NAMES["wish"], f"{every(wish)} (feeds.yaml)"
    else:
        usual = gettext("nothing: %(every)s, as usual", every=every(DEFAULT_INTERVAL))
        yield _NAMES["wish"], usual
    yield _NAMES["floor"], every(context().settings.floor)
    hints = sheet.hints
    if hints.ttl_s:
        asked = gettext("%(time)s between two checks", time=_seconds(hints.ttl_s))
        yield _NAMES["ttl"], asked
    if hints.update_every_s:
        yield _NAMES["renewed"], every(timedelta(seconds=hints.update_every_s))
    if sheet.fresh_s:
        yield _NAMES["fresh"], _seconds(sheet.fresh_s)
    if hints.skip_hours:
        yield _NAMES["hours"], hours(hints.skip_hours)
    if hints.skip_days:
        names = get_day_names("wide", locale=language())
        yield _NAMES["days"], ", ".join(str(names[each]) for each in sorted(hints.skip_days))
    waits_until = sheet.health.not_before_at
    if waits_until and waits_until > now():
        yield _NAMES["waits"], exact(waits_until)


def hours(skipped: frozenset[int]) -> str:
    """Say hours of UTC in the person's time zone, those that follow each other together."""
    begins = [hour for hour in sorted(skipped) if (hour - 1) % _DAY_H not in skipped]
    if not begins:
        return gettext("all hours")
    return ", ".join(
        # Translators: two times of the day, as in "1 AM and 7 AM"
        gettext("%(begin)s and %(end)s", begin=_clock(begin), end=_clock(_end(begin, skipped)))
        for begin in begins
    )


def _end(begin: int, skipped: frozenset[int]) -> int:
    end = begin
    while end in skipped:
        end = (end + 1) % _DAY_H
    return end


def _clock(hour: int) -> str:
    today = now().astimezone(UTC).date()
    local = datetime.combine(today, time(hour), tzinfo=UTC).astimezone(local_zone())
    return format_time(local, "short", tzinfo=local.tzinfo, locale=language())


def _wish(url: str) -> timedelta | None:
    return next((one.every for one in follow_list().list.sources if one.url == url), None)


def _seconds(length_s: int) -> str:
    return roughly(timedelta(seconds=length_s))
