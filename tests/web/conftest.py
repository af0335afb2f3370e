"""The dashboard over the steady world, asked as a browser asks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from aggregator.services.context import Context
from aggregator.web.app import create_app
from tests.web.world import opened, steady_world

OWN = {"Sec-Fetch-Site": "same-origin"}
HTMX = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}


@pytest.fixture(scope="session")
def made_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    with steady_world(folder):
        return folder


@pytest.fixture
def context(made_world: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(made_world, tmp_path, dirs_exist_ok=True)
    with opened(tmp_path) as world:
        yield world


@pytest.fixture
def app(context: Context) -> Flask:
    return create_app(context)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
