"""A database that cannot be used is said in a sentence, and is left as it is."""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from tests.fleeting import Fleeting, ask, assert_sound, follow, serving, stored
from tests.processes import command, eventually, run, variables
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.slow

WORDS: Final = (("poll",), ("serve", "--port", "0"), ("entries",))
BOUND: Final = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner")
"""What root runs with to be bound by the modes of files, as anybody else is."""


def run_bound(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `veille` as one whom the modes of files bind, whoever runs the tests."""
    before = BOUND if os.geteuid() == 0 else ()
    return subprocess.run(
        [*before, *command(*words)],
        cwd=folder,
        env=variables(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """A command that cannot work says why in one line."""
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture
def filled(tmp_path: Path, scripted_server: ScriptedServer) -> Iterator[Path]:
    """Give a folder whose database holds an article; its modes are put right at the end."""
    follow(tmp_path, Fleeting(scripted_server).url)
    assert run("poll", folder=tmp_path).returncode == 0
    path = tmp_path / "veille.db"
    assert stored(path) == [1]
    for left in tmp_path.glob("veille.db-*"):  # of our own look
        left.unlink()
    yield tmp_path
    tmp_path.chmod(0o700)


def test_a_folder_that_takes_no_file_is_said(filled: Path) -> None:
    filled.chmod(0o500)
    for words in WORDS:
        assert_refused(run_bound(*words, folder=filled), "veille.db", "readonly database")


def test_a_file_that_takes_no_change_is_said_and_still_read(filled: Path) -> None:
    (filled / "veille.db").chmod(0o400)
    assert_refused(run_bound("poll", "--force", folder=filled), "veille.db", "readonly database")
    read = run_bound("entries", folder=filled)
    assert (read.returncode, "Article 1" in read.stdout, read.stderr) == (0, True, "")


def test_a_file_that_is_no_database_is_said_and_kept(filled: Path) -> None:
    path = filled / "veille.db"
    path.write_bytes(b"my holiday photographs " * 100)
    for words in WORDS:
        assert_refused(run(*words, folder=filled), "veille.db", "not a database", "VEILLE_DATA")
    doctor = run("doctor", folder=filled)
    assert (doctor.returncode, "not a database" in doctor.stdout, doctor.stderr) == (1, True, "")
    assert path.read_bytes() == b"my holiday photographs " * 100


def test_a_database_of_a_newer_program_is_said_and_kept(filled: Path) -> None:
    path = filled / "veille.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = 'm9999'")
        database.commit()
    for words in WORDS:
        assert_refused(run(*words, folder=filled), "newer Veille (m9999)")
    assert stored(path) == [1]


def test_a_torn_database_is_said_by_its_commands_and_its_pages(filled: Path) -> None:
    path = filled / "veille.db"
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'entries'"
        page = database.execute(query).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"torn" * 1024)
    assert_refused(run("entries", folder=filled), "veille.db", "malformed")
    with serving(filled) as server:
        status, text = ask(server.address)
        assert (status, "malformed" in text) == (503, True)


def moved(folder: Path, aside: Path) -> None:
    """Move a database with all that belongs to it."""
    for path in folder.glob("veille.db*"):
        path.rename(aside / path.name)


def test_a_database_that_goes_missing_is_said_and_is_not_made_anew(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    fleeting = Fleeting(scripted_server)
    follow(tmp_path, fleeting.url)
    path, aside = tmp_path / "veille.db", tmp_path / "aside"
    aside.mkdir()
    with serving(tmp_path) as server:
        address = server.address
        eventually(lambda: stored(path))
        moved(tmp_path, aside)
        status, text = ask(address)
        assert (status, "is not there any more" in text) == (503, True)
        eventually(lambda: "is not there any more" in server.err.read_text("utf-8"))
        server.poller.send_signal(signal.SIGKILL)
        eventually(lambda: server.err.read_text("utf-8").count("it starts again") > 1)
        assert not path.exists()
        moved(aside, tmp_path)
        assert ask(address)[0] == 200
        before = max(stored(path))
        eventually(lambda: max(stored(path)) > before)
        assert ask(address + "entries/1")[0] == 200
    assert_sound(path)


def test_a_copy_that_is_put_in_its_place_is_gone_on_with(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    fleeting = Fleeting(scripted_server)
    follow(tmp_path, fleeting.url)
    path, aside = tmp_path / "veille.db", tmp_path / "aside"
    aside.mkdir()
    with serving(tmp_path) as server:
        address = server.address
        poller = server.poller
        eventually(lambda: len(stored(path)) > 1)
        with closing(sqlite3.connect(path)) as database:
            database.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        moved(tmp_path, aside)
        (tmp_path / "copy.db").rename(path)
        before = fleeting.given
        eventually(lambda: stored(path) and max(stored(path)) > before)
        assert (ask(address)[0], server.poller.pid) == (200, poller.pid)
        assert "the database was replaced" in server.err.read_text("utf-8")
    assert_sound(path)


def test_another_file_in_its_place_is_said_and_left_alone(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    follow(tmp_path, Fleeting(scripted_server).url)
    path, aside = tmp_path / "veille.db", tmp_path / "aside"
    aside.mkdir()
    with serving(tmp_path) as server:
        address = server.address
        eventually(lambda: stored(path))
        moved(tmp_path, aside)
        path.write_bytes(b"my holiday photographs " * 100)
        status, text = ask(address)
        assert (status, "it is none of this Veille" in text) == (503, True)
        path.unlink()
        moved(aside, tmp_path)
        assert ask(address)[0] == 200
    shutil.rmtree(aside)
