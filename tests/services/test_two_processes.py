"""Two processes on one database: each source is asked once, and neither is turned away."""

import json
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.processes import command, run, variables
from tests.scripted_server import Answer, ScriptedServer
from tests.world import feed, item

SOURCES = 40
ENTRIES = 5
HOSTS = ("127.0.0.1", "localhost")


@pytest.fixture
def addresses(scripted_server: ScriptedServer, tmp_path: Path) -> list[str]:
    """Follow sources on two hosts, none of which answers at once."""
    port = scripted_server.address.rpartition(":")[2]
    answer = feed(*(item(number) for number in range(ENTRIES)))
    slow = Answer(body=answer.body, headers=answer.headers, delay_s=0.05)
    urls = []
    for number in range(SOURCES):
        scripted_server.answer(f"/{number}", slow)
        urls.append(f"http://{HOSTS[number % 2]}:{port}/{number}")
    text = "sources:\n" + "".join(f"  - {url}\n" for url in urls)
    (tmp_path / "feeds.yaml").write_text(text, encoding="utf-8")
    return urls


def test_two_rounds_at_once_ask_every_source_once(
    tmp_path: Path, addresses: list[str], scripted_server: ScriptedServer
) -> None:
    surroundings = variables(tmp_path, VEILLE_ALLOW_PRIVATE="127.0.0.1,localhost")
    processes = [
        subprocess.Popen(
            command("poll", "--json"),
            cwd=tmp_path,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    try:
        said = [process.communicate(timeout=60) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [
        (process.returncode, err) for process, (_, err) in zip(processes, said, strict=True)
    ] == [(0, b"")] * 2
    rounds = [json.loads(out) for out, _ in said]
    later = run("poll", "--json", folder=tmp_path, surroundings=surroundings)
    rounds.append(json.loads(later.stdout))
    polled = Counter(source["url"] for told in rounds for source in told["sources"])
    assert polled == Counter(addresses)
    assert Counter(scripted_server.paths) == Counter(f"/{number}" for number in range(SOURCES))
    assert sum(told["entries_new"] for told in rounds) == SOURCES * ENTRIES
    with closing(sqlite3.connect(tmp_path / "veille.db")) as database:
        assert database.execute("SELECT count(*) FROM entries").fetchone() == (SOURCES * ENTRIES,)
