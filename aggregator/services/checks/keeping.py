"""Where everything is kept: the database, and the disk it is on."""

import shutil
from typing import Final

from aggregator.services.checks.check import Check
from aggregator.services.context import Context
from aggregator.storage import measures, schema
from aggregator.translations import Translator

LEAST_FREE_BYTES: Final = 200 * 1024 * 1024
MUCH_EMPTY_BYTES: Final = 100 * 1024 * 1024
MUCH_EMPTY: Final = 0.25
"""Both: then a good part of the file could be given back."""


def database(context: Context, words: Translator) -> Check:
    """Read the whole database over."""
    path = str(context.database.path)
    with context.database.read() as session:
        torn = schema.faults(session)
    if torn:
        return Check(
            name="database",
            ok=False,
            message=words.gettext("The database %(path)s is damaged: %(why)s.")
            % {"path": path, "why": torn},
            mend=words.gettext(
                "Take a backup back with “veille restore FILE”; else move the database away and "
                "start anew."
            ),
        )
    with context.database.read() as session:
        size, empty = measures.space(session)
    message = words.gettext(
        "The database %(path)s is sound (version %(version)s, %(megabytes)s MB)."
    ) % {"path": path, "version": schema.HEAD, "megabytes": _megabytes(size)}
    if empty > MUCH_EMPTY_BYTES and empty > MUCH_EMPTY * size:
        message += " " + words.gettext(
            "Of these, %(megabytes)s MB are empty and will be filled again; “veille backup” and "
            "“veille restore” make the file smaller."
        ) % {"megabytes": _megabytes(empty)}
    return Check(name="database", ok=True, message=message)


def disk(context: Context, words: Translator) -> Check:
    """See whether there is room to go on."""
    path = context.database.path
    free, size = shutil.disk_usage(path.parent).free, path.stat().st_size
    message = words.gettext("%(megabytes)s MB are free for the database.") % {
        "megabytes": _megabytes(free)
    }
    if free < LEAST_FREE_BYTES:
        mend = words.gettext("Make room, or move the data folder with VEILLE_DATA.")
        return Check(name="disk", ok=False, message=message, mend=mend)
    if free < size:
        message += " " + words.gettext("A backup needs %(megabytes)s MB: write it elsewhere.") % {
            "megabytes": _megabytes(size)
        }
    return Check(name="disk", ok=True, message=message)


def _megabytes(size: int) -> int:
    return size // 1024**2
