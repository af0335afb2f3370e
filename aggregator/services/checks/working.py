"""Whether the work gets done: sources, the schedule, the poller and the clock."""

from datetime import timedelta
from typing import Final

from aggregator.domain.sources import SourceState
from aggregator.services import heartbeats
from aggregator.services.checks.check import Check
from aggregator.services.context import Context
from aggregator.services.sources import health, list_sources
from aggregator.storage import measures
from aggregator.translations import Translator

LATE: Final = timedelta(minutes=15)
"""A source may wait so long for its turn."""

AHEAD: Final = timedelta(minutes=5)
"""What is this much to come was dated by a clock that went otherwise."""


def sources(context: Context, words: Translator) -> Check:
    """Count the sources that fail, those gone for good and those not allowed among them."""
    found = health(context)
    if not found.failing:
        return Check(name="sources", ok=True, message=words.gettext("No source fails."))
    sentences = [
        words.ngettext("%(count)s source fails.", "%(count)s sources fail.", found.failing)
        % {"count": found.failing}
    ]
    if gone := found.states.get(SourceState.GONE, 0):
        sentences.append(
            words.ngettext("%(count)s is gone for good.", "%(count)s are gone for good.", gone)
            % {"count": gone}
        )
    codes = [one.fault.code for one in list_sources(context) if one.fault is not None]
    if refused := codes.count("address-refused"):
        sentences.append(
            words.ngettext(
                "%(count)s has a private address, which VEILLE_ALLOW_PRIVATE can open.",
                "%(count)s have private addresses, which VEILLE_ALLOW_PRIVATE can open.",
                refused,
            )
            % {"count": refused}
        )
    return Check(
        name="sources",
        ok=False,
        message=" ".join(sentences),
        mend=words.gettext("“veille sources” says why, source by source."),
    )


def schedule(context: Context, words: Translator) -> Check:
    """See how late the polls are."""
    now = context.clock()
    with context.database.read() as session:
        since = measures.longest_due(session, now=now)
    if since is None or now - since <= LATE:
        message = words.gettext("Sources are polled in time.")
        return Check(name="schedule", ok=True, message=message)
    at_work = heartbeats.at_work(context)
    late = words.gettext("The source that waits longest has been due for %(minutes)s minutes.")
    return Check(
        name="schedule",
        ok=False,
        message=late % {"minutes": (now - since) // timedelta(minutes=1)},
        mend=words.gettext("Raise VEILLE_CONCURRENCY, or have some sources polled less often.")
        if at_work
        else words.gettext("Start it with “veille serve”."),
    )


def poller(context: Context, words: Translator) -> Check:
    """See whether a poller is at work, and just one."""
    at_work = heartbeats.at_work(context)
    if not at_work:
        return Check(
            name="poller",
            ok=False,
            message=words.gettext("The poller is not at work."),
            mend=words.gettext("Start it with “veille serve”."),
        )
    if len(at_work) > 1:
        return Check(
            name="poller",
            ok=False,
            message=words.gettext(
                "%(count)s pollers are at work on this database (%(names)s): nothing is polled "
                "twice, and one would do."
            )
            % {"count": len(at_work), "names": ", ".join(at_work)},
            mend=words.gettext("End all but one “veille serve”."),
        )
    return Check(name="poller", ok=True, message=words.gettext("The poller is at work."))


def clock(context: Context, words: Translator) -> Check:
    """Compare the clock with what was written by it, or by another's."""
    now = context.clock()
    with context.database.read() as session:
        latest = measures.latest_poll(session)
    if latest is not None and latest > now + AHEAD:
        return Check(
            name="clock",
            ok=False,
            message=words.gettext(
                "The clock is wrong, or was: a source was polled %(minutes)s minutes from now."
            )
            % {"minutes": (latest - now) // timedelta(minutes=1)},
            mend=words.gettext("Have the system set its clock by the network (NTP)."),
        )
    message = words.gettext("The clock agrees with the last polls.")
    return Check(name="clock", ok=True, message=message)
