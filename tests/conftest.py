"""What every test may ask for, and the rule that CI skips nothing."""

import os
import shutil
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType
from typing import TypeVar

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from aggregator.ingest.fetch import Fetcher, user_agent
from aggregator.ingest.guard import AddressGuard
from aggregator.ingest.parsers import ParserPool
from aggregator.sample_web.server import RunningSampleWeb, serve
from aggregator.sample_web.web import SampleWeb
from aggregator.services import passwords
from aggregator.services.context import Context
from aggregator.settings import Settings
from aggregator.storage.engine import Database
from aggregator.storage.schema import prepare
from tests.fetching import Fetchers
from tests.scripted_server import ScriptedServer
from tests.web.world import steady_world
from tests.world import Clock, World

PROJECT = Path(__file__).parent.parent

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


class CompiledTemplates(BytecodeCache):
    """Keep what templates were compiled to, for all applications of a worker.

    Most tests of a page make an application of their own, whose first page would else take
    half a second to compile. What is kept counts for the same text only.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with little work; processes of their own do all of it."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        yield


@pytest.fixture(scope="session")
def project() -> Path:
    """Give the top folder of the project."""
    return PROJECT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Find the corpus of real and hostile feeds, named by VEILLE_CORPUS or beside the project."""
    beside = PROJECT.parent / "shared" / "corpus"
    folder = Path(os.environ.get("VEILLE_CORPUS", beside))
    if not (folder / "INDEX.tsv").exists():
        pytest.skip("the corpus of feeds is not here: name its folder in VEILLE_CORPUS")
    return folder


@pytest.fixture
def sample_web() -> Iterator[RunningSampleWeb]:
    """Serve the sample web, without delays, standing at the moment it opened."""
    opened_at = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    web = SampleWeb(now=lambda: opened_at, started_at=opened_at, slow_s=0)
    with serve(web) as running:
        yield running


@pytest.fixture
def scripted_server() -> Iterator[ScriptedServer]:
    """Run a server that answers as the test scripts it and logs what it is asked."""
    with ScriptedServer().running() as server:
        yield server


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one database, to be copied by the tests that write."""
    path = tmp_path_factory.mktemp("template") / "veille.db"
    database = Database(f"sqlite:///{path}")
    prepare(database)
    database.close()
    return path


@pytest.fixture
def database(template_database: Path, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database."""
    path = tmp_path / "veille.db"
    shutil.copy(template_database, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill the steady world of the dashboard once, to be copied."""
    folder = tmp_path_factory.mktemp("world")
    with steady_world(folder):
        return folder


@pytest.fixture(scope="session")
def parsers() -> Iterator[ParserPool]:
    """Share one reading process among the tests of a worker."""
    pool = ParserPool(workers=1, deadline_s=10, max_memory_bytes=1024**3)
    yield pool
    pool.close()


@pytest.fixture
def world(
    database: Database, parsers: ParserPool, scripted_server: ScriptedServer, tmp_path: Path
) -> Iterator[World]:
    """Give an installation whose sources are the scripted server's."""
    clock = Clock()
    fetcher = Fetcher(
        guard=AddressGuard(["127.0.0.1"]),
        user_agent=user_agent("0", "https://cwm.example/contact"),
        concurrency=64,
        host_delay=None,
        host_concurrency=None,
        timeout_s=2,
        clock=clock,
    )
    feeds = tmp_path / "feeds.yaml"
    context = Context(
        clock=clock,
        database=database,
        fetcher=fetcher,
        parsers=parsers,
        settings=Settings(data=tmp_path, feeds=feeds, language="en", allow_private=("127.0.0.1",)),
        environment={},
    )
    yield World(context=context, clock=clock, web=scripted_server, feeds=feeds)
    fetcher.close()


@pytest.fixture
def make_fetcher() -> Iterator[Fetchers]:
    """Make fetchers that are closed after the test."""
    fetchers = Fetchers()
    yield fetchers
    fetchers.close()


@pytest.fixture
def fetcher(make_fetcher: Fetchers) -> Fetcher:
    """Give a fetcher that may reach this machine."""
    return make_fetcher()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what a test skips where everything must run."""
    report = yield
    return _refused(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a module that skips itself where everything must run."""
    report = yield
    return _refused(report)


def _refused(report: Report) -> Report:
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"CI skips nothing: {report.longrepr}"
    return report
