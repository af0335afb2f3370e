"""A round that is killed loses nothing, doubles nothing, and keeps nobody waiting."""

import json
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.processes import command, eventually, run, variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import feed, item

pytestmark = pytest.mark.slow

SOURCES = 60
ENTRIES = 20
EDITIONS = 5
KILLS = 6
"""In each edition, before it is polled to its end."""

STEP_S = 0.03


class Press:
    """Feeds with validators, that all go on to a next edition of new articles at once."""

    def __init__(self, web: ScriptedServer) -> None:
        self.edition = 0
        self.urls = [web.answer(f"/{number}", self._answer) for number in range(SOURCES)]

    def _answer(self, asked: Asked) -> Answer:
        etag = f'"{asked.path}-{self.edition}"'
        if asked.header("If-None-Match") == etag:
            return Answer(status=304, headers=(("ETag", etag),))
        first = ENTRIES * self.edition
        numbers = range(first, first + ENTRIES)
        return feed(*(item(number) for number in numbers), headers=(("ETag", etag),))


@pytest.fixture
def press(scripted_server: ScriptedServer, tmp_path: Path) -> Press:
    press = Press(scripted_server)
    text = "sources:\n" + "".join(f"  - {url}\n" for url in press.urls)
    (tmp_path / "feeds.yaml").write_text(text, encoding="utf-8")
    return press


def kill_a_round(folder: Path, web: ScriptedServer, after_s: float) -> None:
    """Begin a round, and kill it so long after its first request."""
    before = len(web.asked)
    with (folder / "killed.err").open("ab") as err:
        process = subprocess.Popen(
            command("poll", "--force"),
            cwd=folder,
            env=variables(folder),
            stdout=subprocess.DEVNULL,
            stderr=err,
        )
    try:
        eventually(lambda: len(web.asked) > before or process.poll() is not None)
        time.sleep(after_s)  # the point of the kill is a moment
    finally:
        process.kill()
        process.wait()


@pytest.mark.timeout(300)
def test_thirty_kills_lose_and_double_nothing(
    tmp_path: Path, scripted_server: ScriptedServer, press: Press
) -> None:
    for edition in range(EDITIONS):
        press.edition = edition
        for kill in range(KILLS):
            kill_a_round(tmp_path, scripted_server, (edition + EDITIONS * kill) * STEP_S)
        done = run("poll", "--force", "--json", folder=tmp_path)
        summary = json.loads(done.stdout)
        assert (summary["polled"], summary["failed"]) == (SOURCES, 0)
        assert_whole(tmp_path / "veille.db", entries=ENTRIES * (edition + 1))
    assert (tmp_path / "killed.err").read_text("utf-8") == ""


def assert_whole(path: Path, *, entries: int) -> None:
    """Look the database over: every entry once, every count right, every index sound."""
    with closing(sqlite3.connect(path)) as database:
        stored = database.execute(
            "SELECT count(*), count(DISTINCT key) FROM entries GROUP BY source_id"
        ).fetchall()
        assert stored == [(entries, entries)] * SOURCES
        assert miscounted(database) == []
        bodies = (
            "SELECT count(*) FROM entries LEFT JOIN bodies ON entry_id = id WHERE entry_id IS NULL"
        )
        assert database.execute(bodies).fetchone() == (0,)
        database.execute(
            "INSERT INTO entry_search(entry_search, rank) VALUES('integrity-check', 1)"
        )
        found = "SELECT count(*) FROM entry_search WHERE entry_search MATCH 'article'"
        assert database.execute(found).fetchone() == (SOURCES * entries,)
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        claims = "SELECT count(*) FROM sources WHERE claimed_by IS NOT NULL"
        assert database.execute(claims).fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM hosts").fetchone() == (0,)


def miscounted(database: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Find sources whose counters are not what is stored."""
    return database.execute(
        "SELECT sources.url, entry_count, unread_count, count(*), sum(NOT read) FROM sources "
        "JOIN entries ON source_id = sources.id GROUP BY sources.id "
        "HAVING entry_count <> count(*) OR unread_count <> sum(NOT read)"
    ).fetchall()
