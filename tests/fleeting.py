"""Servers and feeds for tests of faults: what such a feed gives once it never gives again."""

import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from tests.processes import Started, started
from tests.scripted_server import Answer, Asked, ScriptedServer
from tests.world import feed, item


class Fleeting:
    """A feed that has one article each time, the next one: what is not stored is lost.

    What it is asked in vain, by whoever was killed or whose answer was left, it tells again.
    """

    def __init__(
        self, web: ScriptedServer, *, text: str = "Un texte.", delay_s: float = 0
    ) -> None:
        self._text = text
        self._delay_s = delay_s
        self.given = 0
        self.url = web.answer("/fleeting", self._answer)

    def _answer(self, _asked: Asked) -> Answer:
        self.given += 1
        answer = feed(item(self.given, text=self._text))
        return Answer(body=answer.body, headers=answer.headers, delay_s=self._delay_s)


def follow(folder: Path, *urls: str, every: str = "1s") -> None:
    """Write a feeds.yaml whose sources are asked every second, or as often as is said."""
    sources = "".join(f"  - url: {url}\n    every: {every}\n" for url in urls)
    (folder / "feeds.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")


@contextmanager
def serving(folder: Path, surroundings: Mapping[str, str] | None = None) -> Iterator[Started]:
    """Serve on a free port."""
    words = ("serve", "--port", "0")
    with started(*words, folder=folder, surroundings=surroundings) as server:
        yield server


def stored(path: Path) -> list[int]:
    """List the numbers of the articles that are stored, in order; none before it is made."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT key FROM entries").fetchall()
    except sqlite3.OperationalError:
        return []
    return sorted(int(key.rpartition("-")[2]) for (key,) in rows)


def assert_sound(path: Path) -> None:
    """See that no page of the database is torn, and no index."""
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        database.execute(
            "INSERT INTO entry_search(entry_search, rank) VALUES('integrity-check', 1)"
        )


def ask(address: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Ask for a page, or send a form as our own pages do; give the status and the page."""
    content = None if form is None else urllib.parse.urlencode(form).encode()
    headers = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
    asked = urllib.request.Request(address, data=content, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
