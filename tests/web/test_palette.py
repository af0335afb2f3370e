from flask.testing import FlaskClient

from tests.web.conftest import HTMX, OWN


def test_the_palette_lists_screens_pages_and_sources(client: FlaskClient) -> None:
    page = client.get("/palette").text
    assert "<html" in page
    for words in ("Dashboard", "Settings", "Veille", "Blogs", "Magalie", "Philippe B"):
        assert f'<span class="place-name">{words}</span>' in page
    assert 'name="q"' in page


def test_what_only_a_script_does_is_listed_for_the_dialog_alone(client: FlaskClient) -> None:
    assert 'data-kind="act"' not in client.get("/palette").text
    part = client.get("/palette", headers=HTMX).text
    assert "<html" not in part
    assert 'data-kind="act" data-does="mark"' in part
    assert 'data-does="palette"' not in part


def test_a_source_on_a_hidden_page_is_not_listed(client: FlaskClient) -> None:
    assert "Rival" not in client.get("/palette").text


def test_each_place_of_the_palette_is_there(client: FlaskClient) -> None:
    page = client.get("/palette").text
    paths = [piece.split('"')[0] for piece in page.split('class="place" href="')[1:]]
    assert len(paths) > 10
    assert [path for path in paths if client.get(path).status_code != 200] == []


def test_the_palette_takes_nothing(client: FlaskClient) -> None:
    assert client.post("/palette", headers=OWN).status_code == 405


def test_the_palette_lives_under_a_prefix(client: FlaskClient) -> None:
    page = client.get("/palette", base_url="http://127.0.0.1/veille").text
    assert 'href="/veille/sources" data-kind="screen"' in page
