"""Backups: everything in one verified file, made under load; and taken back."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from aggregator.errors import InvalidInputError, UnavailableError
from aggregator.services import following, heartbeats
from aggregator.services.context import Context
from aggregator.services.processes import is_gone
from aggregator.settings import Settings
from aggregator.storage import backups, installation
from aggregator.storage.engine import Database, Session
from aggregator.storage.schema import prepare
from aggregator.subscriptions.files import write_atomically
from aggregator.translations import N_


class Step(StrEnum):
    """What is being done, for whoever waits."""

    COPYING = "copying"
    CHECKING = "checking"


Progress = Callable[[Step, float], None]
"""Is told the step, and how much of it is done, from 0 to 1."""

_NO_BACKUP: Final = N_("%(path)s is no backup of Veille.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a backup holds."""

    size: int
    sources: int
    entries: int
    comments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored. `kept_as` is where the database is that was there, if one was.

    `feeds_written` tells whether feeds.yaml was written; else there was one, or the backup
    had none.
    """

    held: Held
    path: Path
    kept_as: Path | None
    feeds_path: Path
    feeds_written: bool


def back_up(context: Context, path: Path, *, replace: bool, progress: Progress) -> Held:
    """Write everything that is stored into one file, while others go on writing.

    The file appears under its name when it is whole, was read over and found sound.

    Raises:
        InvalidInputError: it is there already (unless `replace`), or cannot be written.
    """
    path = path.absolute()
    if path.exists() and not (replace and path.is_file()):
        raise InvalidInputError(
            N_("%(path)s is there already: name another file, or add --replace."), path=str(path)
        )
    if path.exists() and path.samefile(context.database.path):
        raise InvalidInputError(
            N_("%(path)s is the database itself: name another file."), path=str(path)
        )
    with backups.fresh_beside(path) as fresh:
        _copy(context.database.path, fresh, path, progress)
        progress(Step.CHECKING, 0)
        if torn := backups.fault_of(fresh):
            raise InvalidInputError(
                N_(
                    "The copy is damaged, and was not kept: %(why)s. “veille doctor” tells "
                    "whether the database itself is."
                ),
                why=torn,
            )
        held = Held(size=fresh.stat().st_size, **backups.totals(fresh))
        backups.put_in_place(fresh, path)
    return held


def expect_database(settings: Settings) -> None:
    """Make sure that there is something to back up.

    Raises:
        InvalidInputError: this installation has no database yet.
    """
    path = Database(settings.database).path
    if not path.exists():
        raise InvalidInputError(
            N_("There is no database at %(path)s: VEILLE_DATA names the folder that holds it."),
            path=str(path),
        )


def restore(settings: Settings, path: Path, *, now: datetime, progress: Progress) -> Restored:
    """Put a backup in the place of the database, which is kept beside it.

    Nothing is changed before the backup was read over, copied and brought to this version.
    feeds.yaml is written from it where there is none.

    Raises:
        InvalidInputError: it is no backup, damaged, or of a newer Veille.
        UnavailableError: the database is in use.
    """
    _refuse_unsound(path, progress)
    place = Database(settings.database)
    target = place.path.absolute()
    place.close()
    if target.exists() and target.samefile(path):
        raise InvalidInputError(
            N_("%(path)s is the database itself: name another file."), path=str(path)
        )
    _make_folder(target.parent)
    with backups.held(target) as pollers:
        _refuse_at_work(target, pollers, now=now, settings=settings)
        with backups.fresh_beside(target) as fresh:
            _copy(path, fresh, target, progress)
            progress(Step.CHECKING, 0)
            held, text = _made_ready(fresh, settings)
            aside = _kept_as(target, now)
            kept_as = aside if target.exists() else None
            # also what a database that is gone left behind: SQLite would take it for the new one's
            backups.set_aside(target, aside)
            backups.put_in_place(fresh, target)
    if text is not None:
        settings.feeds_path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(settings.feeds_path, text.encode(), keep_previous=False)
    return Restored(
        held=held,
        path=target,
        kept_as=kept_as,
        feeds_path=settings.feeds_path,
        feeds_written=text is not None,
    )


def _copy(source: Path, fresh: Path, path: Path, progress: Progress) -> None:
    """Copy a database; `path` is what the file will be called."""
    try:
        backups.copy(source, fresh, progress=lambda part: progress(Step.COPYING, part))
    except sqlite3.Error as error:
        raise InvalidInputError(
            N_("%(path)s cannot be written: %(why)s."), path=str(path), why=str(error)
        ) from error


def _refuse_unsound(path: Path, progress: Progress) -> None:
    progress(Step.CHECKING, 0)
    try:
        is_a_database = backups.is_a_database(path)
    except OSError as error:
        raise InvalidInputError(
            N_("%(path)s cannot be read: %(why)s."), path=str(path), why=error.strerror or "?"
        ) from error
    torn = backups.fault_of(path) if is_a_database else None
    if torn:
        raise InvalidInputError(
            N_("The backup %(path)s is damaged: %(why)s. Nothing was changed."),
            path=str(path),
            why=torn,
        )
    if not is_a_database or not backups.is_ours(path):
        raise InvalidInputError(_NO_BACKUP, path=str(path))


def _made_ready(fresh: Path, settings: Settings) -> tuple[Held, str | None]:
    """Bring a copy to this version and to rest; give what it holds, and feeds.yaml to write."""
    database = Database(f"sqlite:///{fresh}")
    size, text = fresh.stat().st_size, None
    try:
        prepare(database)
        with database.write() as session:
            backups.settle(session)
            text = _hand_over(session, settings.feeds_path)
            held = Held(size=size, **backups.totals_now(session))
        return held, text
    finally:
        database.close()


def _hand_over(session: Session, path: Path) -> str | None:
    """Follow the list in use at a path that has none, or the same; give it where it is to write.

    Where another list is there, whoever restores decides between the two (`--adopt`).
    """
    text = following.text_in_use(session)
    is_there = path.exists()
    if text is None or (is_there and not _holds(path, text)):
        return None
    fact = dict(installation.fact(session, following.FACT) or {})
    fact |= {"path": str(path), "digest": sha256(text.encode()).hexdigest(), "problems": []}
    installation.keep_fact(session, following.FACT, fact)
    return None if is_there else text


def _holds(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False


def _refuse_at_work(target: Path, pollers: object, *, now: datetime, settings: Settings) -> None:
    """Refuse where a poller gave a sign of life just now; locks tell of this machine's alone."""
    fact: Any = json.loads(pollers) if isinstance(pollers, str) else None
    for holder, beat_at in heartbeats.read(fact).items():
        fresh = heartbeats.is_fresh(beat_at, now=now, tick=settings.tick)
        if fresh and not is_gone(holder):
            raise UnavailableError(
                N_(
                    "A poller works with the database %(path)s, or did a moment ago "
                    "(%(holder)s): end it, and try again in two minutes."
                ),
                path=str(target),
                holder=holder,
            )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInputError(
            N_("The folder %(path)s cannot be made: %(why)s. Name another in VEILLE_DATA."),
            path=str(folder),
            why=error.strerror or str(error),
        ) from error


def _kept_as(target: Path, now: datetime) -> Path:
    return target.with_name(f"{target.name}.before-restore-{now:%Y%m%d-%H%M%S}")
