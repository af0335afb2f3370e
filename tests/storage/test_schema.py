"""The schema: migrations make what the tables say, once, and refuse what is not theirs."""

import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from aggregator.errors import InvalidInputError
from aggregator.storage.engine import Database
from aggregator.storage.schema import HEAD, prepare
from aggregator.storage.tables import metadata


def test_the_migrated_schema_is_the_one_the_tables_describe(database: Database) -> None:
    with database.read() as session:
        differences = compare_metadata(MigrationContext.configure(session), metadata)
    # The search indexes are made of tables of its own, which SQLAlchemy does not describe.
    assert [one for one in differences if "_search" not in str(one)] == []


def test_preparing_a_prepared_database_changes_nothing(database: Database) -> None:
    before = database.path.read_bytes()
    prepare(database)
    assert database.path.read_bytes() == before


def test_two_that_prepare_at_once_make_one_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'folder' / 'new.db'}"
    first, second = Database(url), Database(url)
    prepare(first)
    prepare(second)
    with second.read() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    first.close()
    second.close()


def test_a_folder_made_for_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "veille"
    database = Database(f"sqlite:///{folder / 'veille.db'}")
    prepare(database)
    database.close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "veille.db"
    path.write_bytes(b"my holiday photographs " * 100)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(InvalidInputError, match="VEILLE_DATA"):
        prepare(database)
    database.close()
    assert path.read_bytes().startswith(b"my holiday photographs")


def test_a_database_of_a_newer_program_is_refused(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'm9999'"))
    with pytest.raises(InvalidInputError, match="m9999"):
        prepare(database)


def test_another_kind_of_database_is_refused_for_now() -> None:
    with pytest.raises(InvalidInputError, match="VEILLE_DATABASE_URL"):
        Database("postgresql://localhost/veille")
