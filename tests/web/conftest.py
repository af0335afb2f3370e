"""The dashboard over the steady world, asked as a browser asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from aggregator.services.context import Context
from aggregator.web.app import create_app
from tests.web.world import copied

OWN = {"Sec-Fetch-Site": "same-origin"}
HTMX = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}


@pytest.fixture
def context(made_world: Path, tmp_path: Path) -> Iterator[Context]:
    with copied(made_world, tmp_path) as world:
        yield world


@pytest.fixture
def app(context: Context) -> Flask:
    return create_app(context)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
