"""Processes that read documents: what hangs, bursts or dies fails alone."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from aggregator.domain.items import FeedDocument, WebPage
from aggregator.errors import ParseError
from aggregator.ingest import parsers
from aggregator.ingest.frames import READY, read_frame
from aggregator.ingest.parsers import ParseJob, ParserPool

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><item><title>un</title></item></channel></rss>"
PATIENCE_S = 60

WORKER = """
import os, signal, sys, time
from aggregator.domain.items import WebPage
from aggregator.errors import ParseError
from aggregator.ingest.frames import READY, read_frame, write_frame

write_frame(sys.stdout.buffer, READY)
while True:
    try:
        job = read_frame(sys.stdin.buffer)
    except EOFError:
        break
    if job.body == b"hang":
        time.sleep(600)
    elif job.body == b"kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif job.body == b"abort":
        os.kill(os.getpid(), signal.SIGABRT)
    elif job.body == b"exit":
        sys.exit(3)
    elif job.body == b"eat":
        answer = ParseError("parse-memory")
    elif job.body == b"crash":
        answer = "Traceback: of something unforeseen"
    else:
        answer = WebPage(title=str(os.getpid()), feeds=())
    write_frame(sys.stdout.buffer, answer)
"""


def job(body: bytes) -> ParseJob:
    return ParseJob(body=body, url="https://cwm.example/feed", content_type=None, now=NOW)


def failure(future: "Future[parsers.Parsed]") -> ParseError:
    error = future.exception(timeout=PATIENCE_S)
    assert isinstance(error, ParseError)
    return error


def process_of(pool: ParserPool) -> int:
    """Ask the scripted worker who it is."""
    found = pool.submit(job(b"who")).result(timeout=PATIENCE_S)
    assert isinstance(found, WebPage)
    return int(found.title or 0)


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    with closing(ParserPool(workers=1, deadline_s=20, max_memory_bytes=2**29)) as pool:
        yield pool


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ParserPool]:
    """Give a pool whose worker does what the body of a job says."""
    script = tmp_path / "worker.py"
    script.write_text(WORKER, "utf-8")
    command = [sys.executable, str(script)]
    monkeypatch.setattr(parsers, "worker_command", lambda *_: command)
    with closing(ParserPool(workers=1, deadline_s=1, max_memory_bytes=2**29)) as pool:
        yield pool


def test_a_document_is_read_in_another_process(pool: ParserPool) -> None:
    found = pool.submit(job(FEED)).result(timeout=PATIENCE_S)
    assert isinstance(found, FeedDocument)
    assert [item.title for item in found.items] == ["un"]


def test_what_is_wrong_with_a_document_comes_back_as_it_is(pool: ParserPool) -> None:
    assert failure(pool.submit(job(b""))).code == "empty"
    error = failure(pool.submit(job(b"<opml/>")))
    assert (error.code, error.params) == ("not-readable", {"detail": "<opml>"})


def test_a_pool_reads_many_documents_with_few_processes() -> None:
    others = readers()  # other tests share a pool of their own
    with closing(ParserPool(workers=2, deadline_s=20, max_memory_bytes=2**29)) as pool:
        futures = [pool.submit(job(FEED)) for _ in range(50)]
        assert all(isinstance(one.result(timeout=PATIENCE_S), FeedDocument) for one in futures)
        assert 1 <= len(set(readers()) - set(others)) <= 2
    assert set(readers()) <= set(others)


def readers() -> list[psutil.Process]:
    """List the reading processes of this test process."""
    return [
        child
        for child in psutil.Process().children()
        if any("parser_worker" in argument for argument in child.cmdline())
    ]


def test_a_document_that_eats_the_memory_fails_alone() -> None:
    with closing(ParserPool(workers=1, deadline_s=30, max_memory_bytes=150 * 2**20)) as pool:
        greedy = b"<rss><channel><item><description>" + b"&lt;b&gt;" * 5_000_000
        assert failure(pool.submit(job(greedy))).code == "parse-memory"
        assert isinstance(pool.submit(job(FEED)).result(timeout=PATIENCE_S), FeedDocument)


def test_a_reading_that_hangs_is_ended_and_the_next_one_works(scripted: ParserPool) -> None:
    before = process_of(scripted)
    error = failure(scripted.submit(job(b"hang")))
    assert (error.code, error.params) == ("parse-timeout", {"seconds": "1"})
    assert process_of(scripted) != before
    assert not psutil.pid_exists(before)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"kill", "parse-memory"),
        (b"abort", "parse-memory"),
        (b"eat", "parse-memory"),
        (b"exit", "internal"),
    ],
)
def test_a_process_that_dies_is_replaced(scripted: ParserPool, body: bytes, code: str) -> None:
    before = process_of(scripted)
    assert failure(scripted.submit(job(body))).code == code
    assert process_of(scripted) != before


def test_something_unforeseen_is_logged_and_costs_one_document(
    scripted: ParserPool, caplog: pytest.LogCaptureFixture
) -> None:
    before = process_of(scripted)
    assert failure(scripted.submit(job(b"crash"))).code == "internal"
    assert "host=cwm.example" in caplog.text
    assert "unforeseen" in caplog.text
    assert process_of(scripted) == before


def test_a_process_is_replaced_after_many_documents(
    scripted: ParserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsers, "JOBS_A_PROCESS", 2)
    seen = [process_of(scripted) for _ in range(4)]
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_a_worker_that_cannot_start_costs_the_document_only(
    scripted: ParserPool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    working = parsers.worker_command
    monkeypatch.setattr(parsers, "worker_command", lambda *_: ["/no/such/command"])
    assert failure(scripted.submit(job(b"who"))).code == "internal"
    monkeypatch.setattr(parsers, "worker_command", working)
    assert process_of(scripted)
    assert "parse-failed" in caplog.text


def test_closing_gives_up_what_is_being_read_and_what_waits(scripted: ParserPool) -> None:
    running = scripted.submit(job(b"hang"))
    waiting = scripted.submit(job(b"who"))
    while not running.running():
        pass
    scripted.close()
    assert failure(running).code in {"internal", "parse-timeout"}
    assert waiting.cancelled() or waiting.exception() is not None
    with pytest.raises(RuntimeError):
        scripted.submit(job(FEED))


def test_closing_a_pool_that_did_nothing_starts_nothing() -> None:
    before = psutil.Process().children()
    pool = ParserPool(workers=2, deadline_s=1, max_memory_bytes=2**29)
    pool.close()
    pool.close()
    assert psutil.Process().children() == before


def test_a_worker_loads_no_framework() -> None:
    code = (
        "import sys, aggregator.ingest.parser_worker; "
        "print(sorted(set(sys.modules) & {'flask', 'sqlalchemy', 'aiohttp', 'pydantic'}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert found.stdout.strip() == b"[]"


def test_a_worker_ends_when_its_parent_does() -> None:
    worker = subprocess.Popen(
        parsers.worker_command(2**29, 20), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert read_frame(worker.stdout) == READY
        worker.stdin.close()
        assert worker.wait(timeout=PATIENCE_S) == 0
