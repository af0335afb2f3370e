"""`veille backup` and `veille restore`: one verified file, and back."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from aggregator.domain.boards import Act
from aggregator.resources import packaged
from aggregator.services import heartbeats, reading
from aggregator.storage import counters, installation, schema
from aggregator.storage.engine import Database
from aggregator.storage.schema import prepare
from tests.command import CommandLine
from tests.processes import eventually
from tests.world import World, item

WRITER = """
import sys
from aggregator.storage import counters
from aggregator.storage.engine import Database

database = Database("sqlite:///" + sys.argv[1])
while True:
    with database.write() as session:
        counters.add(session, {"one": 1, "other": 1})
"""


@pytest.fixture
def filled(world: World) -> World:
    """Give a world with something in it, that nobody has open."""
    world.follow(world.publish("/rss", item(1), item(2), item(3)))
    world.poll()
    (first, *_) = world.entries()
    reading.act(world.context, Act.STAR, [first.id])
    world.context.database.close()
    return world


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def made_by_an_earlier_veille(path: Path, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(packaged("storage/migrations")))
    database = Database(f"sqlite:///{path}")
    with database.write() as session:
        config.attributes["connection"] = session
        command.upgrade(config, version)
    database.close()


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.usefixtures("filled")
def test_a_backup_is_one_sound_file_of_its_owners_alone(
    veille: CommandLine, tmp_path: Path
) -> None:
    target = tmp_path / "disk" / "veille.backup"
    target.parent.mkdir()
    said = veille("backup", str(target))
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{target} is written and was read over: sources: 1, entries: 3, ")
    assert [path.name for path in target.parent.iterdir()] == ["veille.backup"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]
    assert rows(target, "PRAGMA journal_mode") == [("delete",)]
    assert rows(target, "SELECT count(*) FROM entries") == [(3,)]


@pytest.mark.usefixtures("filled")
def test_a_file_that_is_there_is_replaced_only_when_asked(
    veille: CommandLine, tmp_path: Path
) -> None:
    target = tmp_path / "old"
    target.write_text("my holiday photographs")
    said = veille("backup", str(target))
    assert (said.code, said.out) == (1, "")
    assert "--replace" in said.err
    assert target.read_text() == "my holiday photographs"
    assert veille("backup", str(target), "--replace").code == 0
    assert rows(target, "SELECT count(*) FROM entries") == [(3,)]


def test_the_database_itself_and_a_folder_are_refused(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    path = filled.context.database.path
    assert "the database itself" in veille("backup", str(path), "--replace").err
    assert "the database itself" in veille("restore", str(path)).err
    assert "is there already" in veille("backup", str(tmp_path), "--replace").err
    said = veille("backup", str(tmp_path / "nowhere" / "file"))
    assert said.code == 1
    assert "cannot be written" in said.err
    assert "Traceback" not in said.err
    assert len(filled.entries()) == 3


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Have another process write without a pause."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)]) as writer:
        try:
            yield
        finally:
            writer.kill()


def test_a_backup_under_load_is_of_one_moment(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    database = filled.context.database
    with database.write() as session:
        for number in range(16):
            installation.keep_fact(session, f"weight-{number}", "x" * 1_000_000)

    def written() -> int:
        with database.read() as session:
            return counters.kept(session).get("one", 0)

    target = tmp_path / "veille.backup"
    with writing(database.path):
        eventually(lambda: written() > 20)
        before = written()
        assert veille("backup", str(target)).code == 0
        after = written()
        eventually(lambda: written() > after)
    ((one,), (other,)) = rows(target, "SELECT value FROM counters WHERE name LIKE 'o%'")
    assert before <= one <= after
    assert one == other
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.usefixtures("filled")
def test_a_backup_that_is_ended_leaves_nothing_behind(
    veille: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aggregator.storage.backups._STEPS", 10)
    monkeypatch.setattr("aggregator.cli.backups._progress", _always(interrupted))
    said = veille("backup", str(tmp_path / "veille.backup"))
    assert said.code == 1
    assert not (tmp_path / "veille.backup").exists()
    assert leftovers(tmp_path) == []


def _always(progress: Any) -> Any:
    @contextmanager
    def given(_words: object) -> Iterator[Any]:
        yield progress

    return given


def test_what_was_lost_comes_back_and_what_is_there_is_kept(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    database = filled.context.database
    with database.write() as session:
        session.execute(text("UPDATE entries SET title = 'spoilt', starred = 0"))
    database.close()
    said = veille("restore", str(target))
    assert said.code == 0
    restored, kept, list_kept = said.out.splitlines()
    assert restored.startswith(f"{database.path} is restored: sources: 1, entries: 3, comments: 0")
    assert list_kept == f"{filled.feeds} was there and stays as it is."
    (aside,) = tmp_path.glob("veille.db.before-restore-*")
    assert str(aside) in kept
    assert rows(aside, "SELECT DISTINCT title FROM entries") == [("spoilt",)]
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
    assert sorted(filled.titles()) == ["Article 1", "Article 2", "Article 3"]
    assert [entry.starred for entry in filled.entries()] == [True, False, False]
    assert leftovers(tmp_path) == []
    assert veille("entries").code == 0


def test_what_a_database_that_is_gone_left_behind_is_not_taken_for_the_restored_ones(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    path = filled.context.database.path
    log = path.with_name(f"{path.name}-wal")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE entries SET title = 'spoilt'")
        left = log.read_bytes()
    path.unlink()
    log.write_bytes(left)
    said = veille("restore", str(target))
    assert (said.code, said.err) == (0, "")
    assert sorted(filled.titles()) == ["Article 1", "Article 2", "Article 3"]
    (aside,) = tmp_path.glob("veille.db.before-restore-*-wal")
    assert aside.read_bytes() == left


def test_a_new_machine_gets_database_and_list_back(
    veille: CommandLine, filled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    text_before = filled.feeds.read_text("utf-8")
    new = tmp_path / "new" / "place"
    monkeypatch.setenv("VEILLE_DATA", str(new))
    monkeypatch.setenv("VEILLE_FEEDS", str(new / "etc" / "feeds.yaml"))
    said = veille("restore", str(target))
    assert (said.code, said.err) == (0, "")
    assert "before-restore" not in said.out
    assert f"{new / 'etc' / 'feeds.yaml'} is written from it." in said.out
    assert (new / "etc" / "feeds.yaml").read_text("utf-8") == text_before
    stats = veille("stats", "--json")  # refuses another feeds.yaml than that of the database
    assert (stats.code, stats.document["entries"], stats.document["starred"]) == (0, 3, 1)


def test_the_same_list_in_another_place_is_followed_there_and_another_is_not(
    veille: CommandLine, filled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, new = tmp_path / "veille.backup", tmp_path / "new"
    assert veille("backup", str(target)).code == 0
    new.mkdir()
    monkeypatch.setenv("VEILLE_DATA", str(new))
    monkeypatch.setenv("VEILLE_FEEDS", str(shutil.copy(filled.feeds, new)))
    assert veille("restore", str(target)).code == 0
    assert veille("stats").code == 0
    (new / "feeds.yaml").write_text("sources:\n  - https://other.example/rss\n", "utf-8")
    assert veille("restore", str(target)).code == 0
    assert veille("stats").code == 1


def test_nobody_polls_and_nobody_is_alive_in_what_was_restored(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    database = filled.context.database
    with database.write() as session:
        session.execute(text("UPDATE sources SET claimed_by = 'a:1', claimed_until = '2999'"))
    heartbeats.beat(filled.context)
    database.close()
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    database.path.unlink()
    assert veille("restore", str(target)).code == 0
    assert heartbeats.last_beat(filled.context) is None
    assert rows(database.path, "SELECT claimed_by FROM sources") == [(None,)]


def test_a_database_that_is_open_is_refused(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    assert filled.titles()  # it is open now
    said = veille("restore", str(target))
    assert (said.code, said.out) == (1, "")
    assert "is in use" in said.err
    assert len(filled.titles()) == 3
    assert list(tmp_path.glob("*before-restore*")) == []
    filled.context.database.close()
    assert veille("restore", str(target)).code == 0


def test_a_poller_of_another_machine_that_is_alive_is_refused(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    database = filled.context.database
    with database.write() as session:
        beat = {"another-machine:17": filled.clock.now.isoformat()}
        installation.keep_fact(session, heartbeats.FACT, beat)
    database.close()
    assert "another-machine:17" in veille("restore", str(target)).err
    filled.clock.go_on(minutes=3)
    assert veille("restore", str(target)).code == 0


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"my holiday photographs " * 300, "is no backup of Veille"),
        (b"", "is no backup of Veille"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_backup_is_refused(
    veille: CommandLine, tmp_path: Path, content: bytes | None, why: str
) -> None:
    target = tmp_path / "photographs"
    if content is not None:
        target.write_bytes(content)
    said = veille("restore", str(target))
    assert (said.code, said.out) == (1, "")
    assert why in said.err
    assert list(tmp_path.glob("*before-restore*")) == []
    assert leftovers(tmp_path) == []


@pytest.mark.usefixtures("filled")
def test_the_database_of_another_program_is_refused(veille: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "music.db"
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    assert "is no backup of Veille" in veille("restore", str(target)).err


def test_a_damaged_backup_is_refused_and_nothing_changed(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    content = target.read_bytes()
    target.write_bytes(content[:8192] + b"\xff" * 4096 + content[12288:])
    torn = veille("restore", str(target))
    target.write_bytes(content[: len(content) // 2])
    cut = veille("restore", str(target))
    for said in (torn, cut):
        assert (said.code, said.out) == (1, "")
        assert "is damaged" in said.err
    assert list(tmp_path.glob("*before-restore*")) == []
    assert len(filled.titles()) == 3


def test_a_backup_of_a_newer_veille_is_refused(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'm9999'")
        connection.commit()
    said = veille("restore", str(target))
    assert said.code == 1
    assert "m9999" in said.err
    assert len(filled.titles()) == 3
    assert leftovers(tmp_path) == []


def test_a_backup_of_an_earlier_veille_is_brought_to_this_one(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    old = tmp_path / "old.backup"
    made_by_an_earlier_veille(old, "m0002")
    assert veille("restore", str(old)).code == 0
    version = rows(filled.context.database.path, "SELECT version_num FROM alembic_version")
    assert version == [(schema.HEAD,)]
    assert rows(old, "SELECT version_num FROM alembic_version") == [("m0002",)]


def test_a_damaged_database_is_set_aside_and_replaced(
    veille: CommandLine, filled: World, tmp_path: Path
) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    path = filled.context.database.path
    path.write_bytes(b"no database at all" * 400)
    assert veille("restore", str(target)).code == 0
    (aside,) = tmp_path.glob("veille.db.before-restore-*")
    assert aside.read_bytes().startswith(b"no database at all")
    assert len(filled.titles()) == 3


def test_without_a_database_there_is_nothing_to_back_up(
    veille: CommandLine, empty_place: Path
) -> None:
    shutil.rmtree(empty_place, ignore_errors=True)
    empty_place.mkdir(exist_ok=True)
    said = veille("backup", str(empty_place / "veille.backup"))
    assert said.code == 1
    assert not (empty_place / "veille.db").exists()


def test_a_backup_can_be_used_as_it_is(filled: World, veille: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "veille.backup"
    assert veille("backup", str(target)).code == 0
    copy = Database(f"sqlite:///{target}")
    prepare(copy)
    with copy.read() as session:
        assert session.execute(text("SELECT count(*) FROM entries")).scalar() == 3
    copy.close()
    assert filled.context.database.path.exists()


def test_an_installation_without_a_database_is_told_so(
    veille: CommandLine, world: World, tmp_path: Path
) -> None:
    world.context.database.close()
    world.context.database.path.unlink()
    said = veille("backup", str(tmp_path / "kept.db"))
    assert (said.code, said.out) == (1, "")
    assert "There is no database at" in said.err
    assert not (tmp_path / "kept.db").exists()
    assert not world.context.database.path.exists()
