"""Icons of sites on the pages, and the route that serves them."""

from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from aggregator.domain.icons import IconAnswer
from aggregator.domain.sources import SourceId
from aggregator.ingest.icons import recognised
from aggregator.sample_web.media import icon as drawn
from aggregator.services.context import Context
from aggregator.storage import icons, tables
from aggregator.web.marks import hue
from tests.web.conftest import OWN
from tests.web.world import NOW, entry_id


@pytest.fixture
def digest(context: Context) -> str:
    """Give the blog of CWM an icon."""
    picture = recognised(drawn("cwm"))
    assert picture is not None
    with context.database.write() as session:
        source = select(tables.sources.c.id).where(tables.sources.c.name == "Le blog de CWM")
        found = SourceId(session.execute(source).scalar_one())
        icons.keep(session, picture)
        answer = IconAnswer(url="", digest=picture.digest, looked_at=NOW)
        icons.looked(session, [found], answer, at=NOW)
    return picture.digest


def test_an_icon_is_served_to_be_kept_by_this_browser_alone(
    client: FlaskClient, digest: str
) -> None:
    answer = client.get(f"/icons/{digest}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", drawn("cwm"))
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["0" * 32, "x", "..", "%00", "' OR 1=1"])
def test_there_is_no_icon_of_another_name(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/icons/{name}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_icon_is_only_to_be_looked_at(client: FlaskClient, digest: str) -> None:
    assert client.post(f"/icons/{digest}", headers=OWN).status_code == 405


def test_a_source_is_shown_by_its_icon_or_else_by_its_initial(
    client: FlaskClient, context: Context, digest: str
) -> None:
    picture = f'<img class="mark is-picture" src="/icons/{digest}" width="18" height="18" alt="">'
    board = client.get("/pages/veille").text
    assert board.count(picture) == 1
    assert board.count('<span class="mark hue-') == 3
    opened = client.get(f"/entries/{entry_id(context, 'Billet 1')}").text
    assert picture in opened
    assert picture in client.get("/sources").text
    assert picture in client.get("/search?q=mieux").text


def test_under_a_prefix_the_icon_is_asked_for_there(client: FlaskClient, digest: str) -> None:
    board = client.get("/", environ_overrides={"SCRIPT_NAME": "/veille"}).text
    assert f'src="/veille/icons/{digest}"' in board


def test_sources_one_after_the_other_have_other_colours() -> None:
    hues = [hue(number) for number in range(1, 13)]
    assert len(set(hues)) == 12
    assert all(abs(one - other) > 2 for one, other in pairwise(hues))
