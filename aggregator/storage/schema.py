"""Bring a database to the schema of this program, at the start, under a lock."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from aggregator.errors import InvalidInputError
from aggregator.resources import packaged
from aggregator.storage.engine import Database
from aggregator.translations import N_

HEAD: Final = "m0004"


def prepare(database: Database) -> None:
    """Create or migrate the database; costs one query where there is nothing to do.

    Raises:
        InvalidInputError: the folder cannot be made, the file is no database of ours, or is
            of a newer program.
    """
    folder = database.path.parent
    try:
        # for its owner alone: the text of feeds.yaml is kept there, passwords in it too
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInputError(
            N_("The folder %(path)s cannot be made: %(why)s. Name another in VEILLE_DATA."),
            path=str(folder),
            why=error.strerror or str(error),
        ) from error
    try:
        with database.read() as session:
            version = _version(session)
        if version != HEAD:
            with database.write() as session:
                _upgrade(session, _version(session))
    except DatabaseError as error:
        raise InvalidInputError(
            N_(
                "The database %(path)s cannot be used: %(why)s. Move it away, or give "
                "another folder in VEILLE_DATA."
            ),
            path=str(database.path),
            why=str(error.orig),
        ) from error
    database.remember(lambda session: _version(session) == HEAD)


def _version(session: Connection) -> str | None:
    try:
        return session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except OperationalError as error:
        if "no such table" in str(error):
            return None
        raise


def _upgrade(session: Connection, version: str | None) -> None:
    # Alembic is imported only where there is something to migrate: it costs a fifth of a
    # second, and nearly every start finds a database that is up to date.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option(
        "script_location", str(packaged("storage/migrations")).replace("%", "%%")
    )
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise InvalidInputError(
            N_("The database is of a newer Veille (%(version)s): install that one."),
            version=version,
        )
    config.attributes["connection"] = session
    upgrade: Callable[[Config, str], None] = command.upgrade
    upgrade(config, "head")


def faults(session: Connection) -> str | None:
    """Look the whole file over; say what is torn, None where it is sound."""
    try:
        found = str(session.execute(text("PRAGMA quick_check(1)")).scalar())
    except DatabaseError as error:
        found = str(error.orig)
    return None if found == "ok" else found
