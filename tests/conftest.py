"""What every test may ask for, and the rule that CI skips nothing."""

import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from aggregator.sample_web.server import RunningSampleWeb, serve
from aggregator.sample_web.web import SampleWeb

PROJECT = Path(__file__).parent.parent

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


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
