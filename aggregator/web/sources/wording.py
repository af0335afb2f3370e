"""What is said of a source: how it is doing, since when, what to do, and why it is asked when."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from aggregator.domain.health import PollRecord, SourceSheet
from aggregator.domain.overview import OverviewLine
from aggregator.domain.schedule import Because, Outcome
from aggregator.domain.sources import SourceHealth, SourceState, state_of
from aggregator.translations import N_
from aggregator.web.current import context, now
from aggregator.web.sources.amounts import roughly
from aggregator.web.wording import (
    ago,
    day,
    fault_sentence,
    for_long,
    gettext,
    ngettext,
    number,
    on,
    since,
    until,
)

_TWO_STOPS: Final = re.compile(r"(?<!\.)\.\.(?!\.)")

STATE_ICONS: Final[Mapping[SourceState, str]] = {
    SourceState.NEW: "clock",
    SourceState.OK: "circle-check",
    SourceState.SLOW: "clock",
    SourceState.FAILING: "circle-alert",
    SourceState.GONE: "circle-alert",
    SourceState.DORMANT: "moon",
    SourceState.PAUSED: "pause",
    SourceState.RETIRED: "archive",
    SourceState.BRIDGE_DOWN: "circle-alert",
}

IN_TROUBLE: Final = frozenset({SourceState.FAILING, SourceState.GONE, SourceState.BRIDGE_DOWN})

_BECAUSE: Final[Mapping[Because, str]] = {
    Because.WISH: N_("you wish for a check every %(interval)s"),
    Because.DEFAULT: N_("the usual time between two checks is %(interval)s"),
    Because.FLOOR: N_("no source is asked more often than every %(floor)s"),
    Because.FRESH: N_("its site says that its answer stays good for %(fresh)s"),
    Because.TTL: N_("the feed itself asks for %(ttl)s between two checks"),
    Because.SYNDICATION: N_("the feed says that it is renewed every %(renewed)s"),
    Because.SKIPPED: N_("the feed asks to be left alone at certain hours or on certain days"),
    Because.QUIET: N_("little comes of it, so it is asked less often"),
    Because.FAILURES: N_("after each failure in a row more time is left between two tries"),
    Because.RETRY_AFTER: N_("its site asked us to wait"),
    Because.HOST_PAUSE: N_("its site asked us to wait, with all its feeds"),
    Because.GONE: N_("it is asked once more before it is believed to be gone"),
    Because.REFUSED: N_("its site refuses us, so that it is tried only now and then"),
    Because.DUPLICATE: N_("another source gives the same feed and is asked in its place"),
    Because.ASKED: N_("you asked for it"),
}

_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.UNCHANGED: N_("nothing new"),
    Outcome.SKIPPED: N_("not asked"),
}


def telling(source: SourceHealth) -> Iterator[str]:
    """Say how a source is doing, in calm sentences: what, since when, and what to do."""
    match state_of(source, now=now()):
        case SourceState.NEW:
            yield gettext("What it gives comes with its first check.")
        case SourceState.OK:
            yield _checked(source)
        case SourceState.SLOW:
            yield _checked(source)
            yield gettext(
                "It takes its time to answer: %(seconds)s s at the last check.",
                seconds=number(round((source.last_took_ms or 0) / 1000)),
            )
        case SourceState.DORMANT:
            yield asleep(source)
            yield gettext("The site answers well.")
        case SourceState.PAUSED:
            yield gettext("It is paused in feeds.yaml: it is not checked until you resume it.")
        case SourceState.RETIRED:
            yield from _retired(source)
        case _:
            yield from trouble(source)


def trouble(source: SourceHealth) -> Iterator[str]:
    """Say what is wrong with a source, since when, and what its last good check was."""
    if source.fault:
        yield fault_sentence(source.fault)
    if source.failing_since:
        yield gettext(
            "In error %(since)s (%(long)s).",
            since=since(source.failing_since),
            long=for_long(source.failing_since),
        )
    yield last_good(source)


def last_good(source: SourceHealth) -> str:
    """Say when a source was read well for the last time."""
    if source.last_success_at is None:
        return gettext("There was no good check so far.")
    if source.last_entry_at is None:
        return gettext("The last good check was %(when)s.", when=on(source.last_success_at))
    return gettext(
        "The last good check was %(when)s, the last entry came out %(entry)s.",
        when=on(source.last_success_at),
        entry=on(source.last_entry_at),
    )


def ended(sentences: str) -> str:
    """End sentences with one full stop, also those that end with a date that has its own."""
    return _TWO_STOPS.sub(".", sentences)


def asleep(source: SourceHealth) -> str:
    """Say since when nothing came of a source, and how often something used to."""
    quiet_since = source.last_entry_at or source.last_new_at
    if quiet_since is None:
        return gettext("Nothing came of it so far.")
    if not source.usual_gap_s:
        return gettext("Nothing new %(since)s.", since=since(quiet_since))
    return gettext(
        "Nothing new %(since)s; it used to publish about every %(gap)s.",
        since=since(quiet_since),
        gap=roughly(timedelta(seconds=source.usual_gap_s)),
    )


def _checked(source: SourceHealth) -> str:
    if source.last_success_at is None:
        return gettext("It was not checked yet.")
    if not source.entries:
        return gettext(
            "It answers, but nothing came of it so far; it was checked %(ago)s.",
            ago=ago(source.last_success_at),
        )
    return gettext("All is well: it was checked %(ago)s.", ago=ago(source.last_success_at))


def _retired(source: SourceHealth) -> Iterator[str]:
    if source.retired_since:
        yield gettext("No longer followed since %(date)s.", date=day(source.retired_since))
    if source.retired_why:
        yield gettext("Why: %(why)s.", why=source.retired_why.rstrip("."))
    yield gettext("What came of it stays in the archive.")


def next_try(source: SourceHealth, sheet: SourceSheet | None = None) -> str | None:
    """Say when a source is asked again, and why then; None where it is not followed now."""
    if source.paused or source.retired_since:
        return None
    if source.next_poll_at is None:
        return gettext("It is not asked any more.")
    why = because(source, sheet)
    if why is None:
        return gettext("Next check %(when)s.", when=until(source.next_poll_at))
    return gettext("Next check %(when)s: %(why)s.", when=until(source.next_poll_at), why=why)


def because(source: SourceHealth, sheet: SourceSheet | None = None) -> str | None:
    """Say what decided when a source is asked next; None where that is not known, or never."""
    if source.next_poll_at is None:
        return None
    try:
        reason = Because(source.next_because or "")
    except ValueError:
        return None
    hints = sheet.hints if sheet else None
    return gettext(
        _BECAUSE[reason],
        interval=roughly(timedelta(seconds=source.interval_s)),
        floor=roughly(context().settings.floor),
        fresh=_seconds(sheet.fresh_s if sheet else None),
        ttl=_seconds(hints.ttl_s if hints else None),
        renewed=_seconds(hints.update_every_s if hints else None),
    )


def advice(source: SourceHealth) -> str | None:
    """Say what one may do, where the sentence of a fault does not say it already."""
    match state_of(source, now=now()):
        case SourceState.DORMANT:
            return gettext(
                "See on its site whether it has moved or closed; if it has, stop following it."
            )
        case SourceState.PAUSED:
            return gettext("What it brought stays where it is.")
    return None


def matter(line: OverviewLine) -> tuple[str, str] | None:
    """Say in a list what is the matter with a source, then since when; None where nothing is."""
    source, state = line.health, line.state
    if line.duplicate and state not in IN_TROUBLE:
        twice = gettext("Another source gives the same feed: one of the two is enough.")
        return twice, ""
    if state is SourceState.DORMANT:
        return asleep(source), gettext("The site answers well.")
    if state not in IN_TROUBLE:
        return None
    what = fault_sentence(source.fault) if source.fault else gettext("It is in error.")
    if source.failing_since is None:
        return what, last_good(source)
    if source.last_success_at is None:
        return what, gettext("In error %(since)s.", since=since(source.failing_since))
    since_then = gettext(
        "In error %(since)s (%(long)s); the last good check was %(when)s.",
        since=since(source.failing_since),
        long=for_long(source.failing_since),
        when=on(source.last_success_at),
    )
    return what, since_then


def outcome(poll: PollRecord) -> str:
    """Say what came of one poll."""
    if poll.outcome is Outcome.FAILED:
        return fault_sentence(poll.fault) if poll.fault else gettext("failed")
    if poll.outcome is Outcome.CHANGED and poll.entries_new:
        return ngettext("%(num)s new entry", "%(num)s new entries", poll.entries_new)
    if poll.outcome is Outcome.CHANGED:
        return gettext("read anew")
    return gettext(_OUTCOMES[poll.outcome])


def _seconds(length_s: int | None) -> str:
    return roughly(timedelta(seconds=length_s)) if length_s else gettext("a while")
