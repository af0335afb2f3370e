"""A round that is killed loses nothing, doubles nothing, and keeps nobody waiting."""

import json
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.comment_feeds import announced, comments, said
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

TALKED_ABOUT = 12
"""Sources whose comments are followed too: those of their whole sites."""

SAID = 15
"""Comments in each edition, under as many articles."""


class Press:
    """Feeds with validators, that all go on to a next edition of new articles at once."""

    def __init__(self, web: ScriptedServer) -> None:
        self.edition = 0
        self.urls = [web.answer(f"/{number}", self._answer) for number in range(SOURCES)]
        self.comments = {
            f"/{number}": web.answer(f"/{number}/all", self._answer)
            for number in range(TALKED_ABOUT)
        }

    def _answer(self, asked: Asked) -> Answer:
        etag = f'"{asked.path}-{self.edition}"'
        headers = (("ETag", etag),)
        if asked.header("If-None-Match") == etag:
            return Answer(status=304, headers=headers)
        if asked.path.endswith("/all"):
            last = SAID * (self.edition + 1)
            numbers = range(last - 1, last - SAID - 1, -1)
            return comments(*(said(number, under=number) for number in numbers), headers=headers)
        first = ENTRIES * self.edition
        items = [item(number) for number in range(first, first + ENTRIES)]
        site = self.comments.get(asked.path)
        return feed(*([announced(site)] if site else []), *items, headers=headers)


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
        database = tmp_path / "veille.db"
        assert_whole(database, entries=ENTRIES * (edition + 1))
        assert_comments_whole(database, SAID * (edition + 1))
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


def assert_comments_whole(path: Path, each: int) -> None:
    """Look the comments over: every one once and under its article, counted and found."""
    with closing(sqlite3.connect(path)) as database:
        stored = database.execute(
            "SELECT count(*), count(DISTINCT key), count(DISTINCT thread_id), sum(vanished_at) "
            "FROM comments GROUP BY source_id"
        ).fetchall()
        assert stored == [(each, each, each, None)] * TALKED_ABOUT
        lost = (
            "SELECT count(*) FROM threads LEFT JOIN entries ON entries.id = threads.entry_id "
            "WHERE entries.id IS NULL OR stored_comments <> 1 OR threads.comment_count <> 1"
        )
        assert database.execute(lost).fetchone() == (0,)
        database.execute(
            "INSERT INTO comment_search(comment_search, rank) VALUES('integrity-check', 1)"
        )
        found = "SELECT count(*) FROM comment_search WHERE comment_search MATCH 'bonjour'"
        assert database.execute(found).fetchone() == (TALKED_ABOUT * each,)
        claims = "SELECT count(*) FROM comment_feeds WHERE claimed_by IS NOT NULL"
        assert database.execute(claims).fetchone() == (0,)


def miscounted(database: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Find sources whose counters are not what is stored."""
    return database.execute(
        "SELECT sources.url, entry_count, unread_count, count(*), sum(NOT read) FROM sources "
        "JOIN entries ON source_id = sources.id GROUP BY sources.id "
        "HAVING entry_count <> count(*) OR unread_count <> sum(NOT read)"
    ).fetchall()
