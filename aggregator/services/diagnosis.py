"""What is wrong with this installation, and how to mend it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aggregator.errors import InvalidInputError, SourceError
from aggregator.services import door, following, housekeeping
from aggregator.services.context import Context
from aggregator.services.sources import health
from aggregator.settings import EVERYWHERE, OWN_HOSTS
from aggregator.storage import schema
from aggregator.subscriptions.secrets import expand
from aggregator.translations import Translator

LEAST_FREE_BYTES: Final = 200 * 1024 * 1024
LATE_BEAT: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: in order or not, in words, and how to mend it."""

    name: str
    ok: bool
    message: str
    mend: str | None = None


def diagnose(context: Context, words: Translator) -> tuple[Check, ...]:
    """Look at database, feeds.yaml, its secrets, sources, poller, door and disk."""
    looks: tuple[Callable[[Context, Translator], Check], ...] = (
        _database,
        _feeds_yaml,
        _secrets,
        _sources,
        _poller,
        _door,
        _disk,
    )
    return tuple(look(context, words) for look in looks)


def _database(context: Context, words: Translator) -> Check:
    with context.database.read() as session:
        torn = schema.faults(session)
    path = str(context.database.path)
    if torn:
        return Check(
            name="database",
            ok=False,
            message=words.gettext("The database %(path)s is damaged: %(why)s.")
            % {"path": path, "why": torn},
            mend=words.gettext("Put a backup in its place, or move it away and start anew."),
        )
    message = words.gettext("The database %(path)s is sound.") % {"path": path}
    return Check(name="database", ok=True, message=message)


def _feeds_yaml(context: Context, words: Translator) -> Check:
    name = "feeds.yaml"
    try:
        reading = following.check(context.settings)
    except InvalidInputError as error:
        message = words.gettext(error.message) % error.params
        return Check(name=name, ok=False, message=message, mend="veille init")
    if reading.follow is None:
        worst = next(p for p in reading.problems if p.level == "error")
        mend = words.gettext("“veille check” shows every line to mend.")
        return Check(name=name, ok=False, message=str(worst), mend=mend)
    count = len(reading.follow.sources)
    message = words.ngettext(
        "%(count)s source; this file can be used.",
        "%(count)s sources; this file can be used.",
        count,
    )
    return Check(name=name, ok=True, message=message % {"count": count})


def _secrets(context: Context, words: Translator) -> Check:
    missing: list[str] = []
    for source in following.current(context).list.sources:
        try:
            expand(source.address, context.environment)
        except SourceError as error:
            missing.append(str(error.params.get("name", "")))
    if missing:
        names = ", ".join(sorted(set(missing)))
        return Check(
            name="secrets",
            ok=False,
            message=words.gettext("Not set: %(names)s.") % {"names": names},
            mend=words.gettext("Set these environment variables before starting Veille."),
        )
    return Check(
        name="secrets", ok=True, message=words.gettext("Every variable in feeds.yaml is set.")
    )


def _sources(context: Context, words: Translator) -> Check:
    found = health(context)
    if found.failing:
        message = words.ngettext(
            "%(count)s source fails.", "%(count)s sources fail.", found.failing
        )
        return Check(
            name="sources",
            ok=False,
            message=message % {"count": found.failing},
            mend=words.gettext("“veille sources” says why, source by source."),
        )
    return Check(name="sources", ok=True, message=words.gettext("No source fails."))


def _poller(context: Context, words: Translator) -> Check:
    beat = housekeeping.last_beat(context)
    if beat is None or context.clock() - beat > LATE_BEAT + context.settings.tick:
        return Check(
            name="poller",
            ok=False,
            message=words.gettext("The poller is not at work."),
            mend=words.gettext("Start it with “veille serve”."),
        )
    return Check(name="poller", ok=True, message=words.gettext("The poller is at work."))


def _door(context: Context, words: Translator) -> Check:
    settings = context.settings
    locked = door.has_password(context)
    if settings.is_reachable and not locked:
        return Check(
            name="door",
            ok=False,
            message=words.gettext(
                "Others can reach the dashboard at %(where)s: it has no password."
            )
            % {"where": settings.reached_at},
            mend="veille user set-password",
        )
    if settings.host in EVERYWHERE and set(settings.known_hosts) == set(OWN_HOSTS):
        return Check(
            name="door",
            ok=False,
            message=words.gettext(
                "The dashboard listens on %(host)s, and answers under the names of this machine "
                "alone: %(names)s."
            )
            % {"host": settings.host, "names": ", ".join(settings.known_hosts)},
            mend=words.gettext("Name in VEILLE_TRUSTED_HOSTS what others type to reach it."),
        )
    if locked:
        message = words.gettext("A password keeps the door.")
    else:
        message = words.gettext("Only this machine reaches the dashboard: no password is needed.")
    return Check(name="door", ok=True, message=message)


def _disk(context: Context, words: Translator) -> Check:
    free = shutil.disk_usage(context.database.path.parent).free
    message = words.gettext("%(megabytes)s MB are free for the database.") % {
        "megabytes": free // 1024**2
    }
    if free < LEAST_FREE_BYTES:
        mend = words.gettext("Make room, or move the data folder with VEILLE_DATA.")
        return Check(name="disk", ok=False, message=message, mend=mend)
    return Check(name="disk", ok=True, message=message)
