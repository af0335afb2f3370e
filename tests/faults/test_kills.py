"""Two hundred times kill -9: nothing is lost, doubled or torn, and nobody is kept waiting.

Would validators be stored ahead of entries, a kill between the two would lose the entries of
that edition for good: the feeds answer 304 to what they gave already.
"""

import itertools
import json
import random
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command as alembic_command
from alembic.config import Config

from aggregator.resources import packaged
from aggregator.storage.engine import Database
from aggregator.storage.schema import HEAD
from tests.comment_feeds import announced, comments, said
from tests.doomed import Doomed, Ended, Order, driving
from tests.processes import command, eventually, run, variables
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import feed, item

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SOURCES = 56
ENTRIES = 6
"""Articles in each edition of each source."""

TALKED_ABOUT = 12
"""Sources whose comments are followed too: those of their whole sites."""

SAID = 5
"""Comments in each edition, under as many articles."""

AT_POINTS, POINT_EDITIONS = 100, 10
AT_MOMENTS, MOMENT_EDITIONS = 90, 9
BY_COMMAND = 10
OF_MIGRATIONS = 20
OF_HOUSEKEEPING = 20

ROUND_POINTS = (
    *("begun", "written", "written", "committing", "committed"),
    *("asked", "answered", "parsing", "storing", "comments"),
)

Figure = Callable[[str, object], None]


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


@pytest.fixture
def chance() -> random.Random:
    """Draw lots, the same every time."""
    return random.Random(5)  # noqa: S311 - no secrets


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[Doomed]:
    log = tmp_path / "doomed.err"
    with driving(variables(tmp_path), log) as driver:
        yield driver
    assert log.read_text("utf-8") == ""


def finished(doomed: Doomed, folder: Path, press: Press) -> Ended:
    """Run a round to its end, and look its edition over."""
    done = doomed.does(Order())
    assert (done.code, done.told["polled"], done.told["failed"]) == (0, SOURCES, 0)
    assert_whole(folder / "veille.db", entries=ENTRIES * (press.edition + 1))
    assert_comments_whole(folder / "veille.db", SAID * (press.edition + 1))
    return done


def test_kills_at_chosen_points_lose_and_double_nothing(
    tmp_path: Path, press: Press, doomed: Doomed, chance: random.Random, figure: Figure
) -> None:
    started_s = time.monotonic()
    passed = finished(doomed, tmp_path, press).passed
    assert set(ROUND_POINTS) <= set(passed)
    points = itertools.cycle(ROUND_POINTS)

    def order() -> Order:
        point = next(points)
        return Order(point=point, nth=chance.randint(1, max(1, passed[point] * 2 // 3)))

    for press.edition in range(1, POINT_EDITIONS + 1):
        doomed.kills(AT_POINTS // POINT_EDITIONS, order)
        finished(doomed, tmp_path, press)
    assert doomed.left() == 0
    figure("rounds killed at a point", AT_POINTS)
    figure("seconds at points", round(time.monotonic() - started_s))


def test_kills_at_random_moments_lose_and_double_nothing(
    tmp_path: Path,
    press: Press,
    doomed: Doomed,
    chance: random.Random,
    scripted_server: ScriptedServer,
    figure: Figure,
) -> None:
    started_s = time.monotonic()
    finished(doomed, tmp_path, press)

    def order() -> Order:
        return Order(after_s=chance.uniform(0, doomed.took_s))

    for press.edition in range(1, MOMENT_EDITIONS + 1):
        doomed.kills(AT_MOMENTS // MOMENT_EDITIONS, order)
        finished(doomed, tmp_path, press)
    for press.edition in range(MOMENT_EDITIONS + 1, MOMENT_EDITIONS + 3):
        for _ in range(BY_COMMAND // 2):
            kill_a_command(tmp_path, scripted_server, chance.uniform(0, 0.5))
        done = run("poll", "--force", "--json", folder=tmp_path)
        assert json.loads(done.stdout)["failed"] == 0
        finished(doomed, tmp_path, press)
    assert doomed.left() == 0
    assert (tmp_path / "killed.err").read_text("utf-8") == ""
    figure("rounds killed at a moment", AT_MOMENTS)
    figure("rounds of the command killed", BY_COMMAND)
    figure("seconds at moments", round(time.monotonic() - started_s))


def kill_a_command(folder: Path, web: ScriptedServer, after_s: float) -> None:
    """Begin a round with the command, and kill it so long after its first request."""
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


def test_a_migration_that_is_killed_is_done_again_from_the_start(
    tmp_path: Path, doomed: Doomed, chance: random.Random, figure: Figure
) -> None:
    path = tmp_path / "veille.db"
    earlier = make_earlier(tmp_path / "earlier.db")
    path.write_bytes(earlier)
    passed = doomed.does(Order(work="migrate")).passed
    wanted = whole_schema(path)
    assert version(path) == HEAD
    killed = 0
    for turn in range(OF_MIGRATIONS):
        for file in tmp_path.glob("veille.db*"):
            file.unlink()
        path.write_bytes(earlier)
        point = ("written", "written", "written", "committing", "committed")[turn % 5]
        ended = doomed.does(
            Order(work="migrate", point=point, nth=chance.randint(1, passed[point]))
        )
        killed += ended.killed
        assert version(path) == (HEAD if point == "committed" else "m0003")
        doomed.does(Order(work="migrate"))
        assert (version(path), whole_schema(path)) == (HEAD, wanted)
    assert killed == OF_MIGRATIONS
    figure("migrations killed", killed)


def make_earlier(path: Path) -> bytes:
    """Make a database as the version before left it, with something in it."""
    database = Database(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(packaged("storage/migrations")))
    with database.write() as session:
        config.attributes["connection"] = session
        alembic_command.upgrade(config, "m0003")
        session.exec_driver_sql(
            "INSERT INTO pages(id, slug, name, position, columns, hidden, listed) "
            "VALUES(1, 'p', 'P', 0, 3, 0, 1)"
        )
    database.close()
    return path.read_bytes()


def version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        found: str = database.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found


def whole_schema(path: Path) -> list[tuple[str, ...]]:
    """List everything a database is made of, and see that it is sound."""
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT name FROM pages").fetchall() == [("P",)]
        return database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 2").fetchall()


def test_housekeeping_that_is_killed_tears_nothing_and_is_done_again(
    tmp_path: Path, press: Press, doomed: Doomed, chance: random.Random, figure: Figure
) -> None:
    path = tmp_path / "veille.db"
    finished(doomed, tmp_path, press)
    lengthen_memory(path)
    before = path.read_bytes()
    passed = doomed.does(Order(work="keep")).passed
    assert {"written", "committing", "committed", "synced"} <= set(passed)
    killed = 0
    for turn in range(OF_HOUSEKEEPING):
        for file in (*tmp_path.glob("veille.db-*"), *tmp_path.glob("lists/*")):
            file.unlink()
        path.write_bytes(before)
        point = ("written", "committing", "committed", "synced")[turn % 4]
        ended = doomed.does(Order(work="keep", point=point, nth=chance.randint(1, passed[point])))
        killed += ended.killed
        assert_whole(path, entries=ENTRIES)
        assert doomed.does(Order(work="keep")).code == 0
        assert_whole(path, entries=ENTRIES)
        assert kept_polls(path) == 30 * SOURCES
        assert len(list(tmp_path.glob("lists/veille-*"))) == 2
    assert killed == OF_HOUSEKEEPING
    figure("housekeeping killed", killed)


def lengthen_memory(path: Path) -> None:
    """Give every source more polls than are remembered."""
    with closing(sqlite3.connect(path)) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(polls)")]
        listed = ", ".join(column for column in columns if column != "id")
        for _ in range(6):
            database.execute(f"INSERT INTO polls({listed}) SELECT {listed} FROM polls")  # noqa: S608
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def kept_polls(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        count: int = database.execute("SELECT count(*) FROM polls").fetchone()[0]
        return count


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
