"""What is followed, as feeds.yaml says it: the file, its variables, its time zone; our words."""

import os
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aggregator.errors import InvalidInputError, SourceError
from aggregator.services import following
from aggregator.services.checks.check import Check
from aggregator.services.context import Context
from aggregator.subscriptions.secrets import expand
from aggregator.translations import LANGUAGES, Language, Translator, translator


def feeds_yaml(context: Context, words: Translator) -> Check:
    """Judge feeds.yaml as it is now, and whether the dashboard may write it."""
    name, path = "feeds.yaml", context.settings.feeds_path
    try:
        reading = following.check(context.settings)
    except InvalidInputError as error:
        message = words.gettext(error.message) % error.params
        return Check(name=name, ok=False, message=message, mend="veille init")
    if reading.follow is None:
        worst = next(p for p in reading.problems if p.level == "error")
        mend = words.gettext("“veille check” shows every line to mend.")
        return Check(name=name, ok=False, message=str(worst), mend=mend)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return Check(
            name=name,
            ok=False,
            message=words.gettext(
                "%(path)s can be used, but not be written: nothing can be followed by clicking."
            )
            % {"path": path},
            mend=words.gettext("Let whoever runs Veille write the file and its folder."),
        )
    count = len(reading.follow.sources)
    message = words.ngettext(
        "%(count)s source; this file can be used.",
        "%(count)s sources; this file can be used.",
        count,
    )
    return Check(name=name, ok=True, message=message % {"count": count})


def secrets(context: Context, words: Translator) -> Check:
    """See whether every variable that feeds.yaml names is set."""
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


def time_zone(context: Context, words: Translator) -> Check:
    """Tell the time where one lives, so that one sees whether it is right."""
    name = following.current(context).list.preferences.timezone
    try:
        there = context.clock().astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return Check(
            name="time zone",
            ok=False,
            message=words.gettext("Nothing is known of the time zone %(name)s.") % {"name": name},
            mend=words.gettext("Install Veille anew, or name another in feeds.yaml."),
        )
    message = words.gettext("In %(name)s it is %(time)s (settings.timezone in feeds.yaml).")
    places = {"name": name, "time": f"{there:%Y-%m-%d %H:%M}"}
    return Check(name="time zone", ok=True, message=message % places)


def languages(_context: Context, words: Translator) -> Check:
    """See whether the words of every language are there."""
    missing = [language for language in LANGUAGES if not _speaks(language)]
    if missing:
        return Check(
            name="languages",
            ok=False,
            message=words.gettext("The words of these languages are missing: %(names)s.")
            % {"names": ", ".join(missing)},
            mend=words.gettext("Install Veille anew."),
        )
    return Check(
        name="languages",
        ok=True,
        message=words.gettext("All languages have their words: %(names)s.")
        % {"names": ", ".join(LANGUAGES)},
    )


def _speaks(language: Language) -> bool:
    try:
        translator(language)
    except OSError:
        return False
    return True
