"""The whole application, machine doors included, over the steady world."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aggregator.cli.serving import dashboard
from aggregator.services.context import Context
from tests.web.world import NOW, opened, steady_world
from tests.world import Clock


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    with steady_world(folder):
        return folder


@pytest.fixture
def clock() -> Clock:
    return Clock(now=NOW)


@pytest.fixture
def context(made_world: Path, tmp_path: Path, clock: Clock) -> Iterator[Context]:
    shutil.copytree(made_world, tmp_path, dirs_exist_ok=True)
    with opened(tmp_path) as world:
        yield replace(world, clock=clock)


@pytest.fixture
def client(context: Context) -> FlaskClient:
    return dashboard(context, polls=True).test_client()
