"""How an entry is shown: its pictures, its files, what came before it."""

from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from aggregator.domain.items import Author, Enclosure, EntryId
from aggregator.services.context import Context
from tests.web.articles import publish
from tests.web.conftest import HTMX, OWN
from tests.web.world import NOW, entry_id

POST = "Quantité ou qualité ?"
IMAGE = 'src="https://cwm.example.org/a.png"'


@pytest.fixture
def path(context: Context) -> str:
    return f"/entries/{entry_id(context, POST)}"


def panel(client: FlaskClient, entry: EntryId) -> str:
    """Give what the panel says of an entry, its entities read."""
    return unescape(client.get(f"/entries/{entry}", headers=HTMX).text)


def test_a_picture_that_is_not_loaded_leaves_its_description(
    client: FlaskClient, path: str
) -> None:
    shown = client.get(path).text
    assert "cwm.example.org/a.png" not in shown
    assert '<span class="picture-words">un dessin</span>' in shown
    assert "1 image is not loaded" in shown
    assert "Show the images" in shown


def test_pictures_load_for_this_article_once(client: FlaskClient, path: str) -> None:
    shown = client.get(f"{path}?images=1").text
    assert f"<img {IMAGE}" in shown
    assert 'loading="lazy" referrerpolicy="no-referrer"' in shown
    assert "for this article and this once" in shown
    assert f'href="{path}" hx-get="{path}"' in shown
    assert IMAGE not in client.get(path).text


def test_pictures_of_a_source_are_allowed_for_good_and_forbidden_again(
    client: FlaskClient, path: str
) -> None:
    allowed = client.post("/sources/1/images", data={"images": "allow", "next": path}, headers=OWN)
    assert (allowed.status_code, allowed.location) == (303, path)
    shown = client.get(path).text
    assert IMAGE in shown
    assert "you allowed those of Le blog de CWM" in shown
    assert "The images of Le blog de CWM are shown from now on." in shown
    client.post("/sources/1/images", data={"images": "forbid"}, headers=OWN)
    assert IMAGE not in client.get(path).text


def test_with_htmx_the_open_article_is_told_of_the_pictures_of_its_source(
    client: FlaskClient, path: str
) -> None:
    answer = client.post("/sources/1/images", data={"images": "allow"}, headers=HTMX)
    assert answer.text.startswith('<div id="toast"')
    assert answer.headers["HX-Trigger-After-Swap"] == "changed-images"
    assert 'hx-trigger="changed-images from:body"' in client.get(path, headers=HTMX).text


def test_pictures_of_one_source_allow_none_of_another(
    client: FlaskClient, context: Context
) -> None:
    client.post("/sources/1/images", data={"images": "allow"}, headers=OWN)
    assert IMAGE not in panel(client, entry_id(context, "Trois huiles pour l’hiver"))


def test_pictures_of_all_sources_are_shown_where_one_chose_so(
    client: FlaskClient, path: str
) -> None:
    client.set_cookie("images", "always")
    shown = client.get(path).text
    assert IMAGE in shown
    assert "always shown" in shown
    assert 'name="images" value="ask"' in shown


def test_an_entry_without_pictures_asks_nothing(client: FlaskClient, context: Context) -> None:
    shown = panel(client, publish(context, content_html="<p>sans image</p>"))
    assert 'id="images-' not in shown


@pytest.mark.parametrize("data", [{}, {"images": "perhaps"}])
def test_pictures_are_allowed_or_forbidden_and_nothing_else(
    client: FlaskClient, data: dict[str, str]
) -> None:
    assert client.post("/sources/1/images", data=data, headers=OWN).status_code == 400


def test_pictures_of_no_source_are_not_allowed(client: FlaskClient) -> None:
    data = {"images": "allow"}
    assert client.post("/sources/999/images", data=data, headers=OWN).status_code == 404


def test_pictures_are_not_allowed_by_a_visit(client: FlaskClient) -> None:
    assert client.get("/sources/1/images").status_code == 405


def test_a_picture_that_came_as_a_file_waits_for_the_same_leave(
    client: FlaskClient, context: Context
) -> None:
    url = "https://cwm.example.org/photo.jpg"
    entry = publish(context, enclosures=(Enclosure(url=url, media_type="image/jpeg"),))
    assert f'<img src="{url}"' not in panel(client, entry)
    assert "1 image is not loaded" in panel(client, entry)
    shown = client.get(f"/entries/{entry}?images=1", headers=HTMX).text
    assert f'<img src="{url}" alt="photo.jpg" loading="lazy" referrerpolicy="no-referrer">' in (
        shown
    )


def test_a_picture_is_shown_once_though_it_came_twice(
    client: FlaskClient, context: Context
) -> None:
    url = "https://cwm.example.org/photo.jpg?a=1&b=2"
    entry = publish(
        context,
        content_html='<img src="https://cwm.example.org/photo.jpg?a=1&amp;b=2" alt="">',
        enclosures=(Enclosure(url=url, media_type="image/jpeg"),),
    )
    shown = unescape(client.get(f"/entries/{entry}?images=1", headers=HTMX).text)
    assert shown.count(f'src="{url}"') == 1


def test_several_files_come_with_players_or_as_links(
    client: FlaskClient, context: Context
) -> None:
    files = (
        Enclosure(url="https://cwm.example.org/e.mp3", media_type=None, length_bytes=12_300_000),
        Enclosure(url="https://cwm.example.org/f.mp4", media_type="video/mp4"),
        Enclosure(url="https://cwm.example.org/g.pdf", media_type="application/pdf"),
    )
    shown = panel(client, publish(context, enclosures=files))
    assert '<audio controls preload="none" src="https://cwm.example.org/e.mp3"' in shown
    assert '<video controls preload="none" src="https://cwm.example.org/f.mp4"' in shown
    assert shown.count("<audio") + shown.count("<video") == 2
    for words in ("Attached files", "Audio MP3 · 12.3 MB", "Video MP4", "g.pdf", "File"):
        assert words in shown


def test_an_entry_without_text_says_so_and_leads_to_its_source(
    client: FlaskClient, context: Context
) -> None:
    shown = panel(client, publish(context))
    assert "The feed sends no text with this entry" in shown
    assert "Read at the source" in shown


def test_the_headings_of_an_article_follow_its_title(
    client: FlaskClient, context: Context
) -> None:
    shown = panel(client, publish(context, content_html="<h1>un</h1><h4>deux</h4>"))
    assert "<h3>un</h3><h4>deux</h4>" in shown


def test_an_article_is_written_from_right_to_left_where_its_language_is(
    client: FlaskClient, context: Context
) -> None:
    entry = publish(context, content_html="<p>RSS: عشرة مواقع</p>", language="ar")
    shown = panel(client, entry)
    assert '<div class="prose" dir="rtl" hx-disable>' in shown
    assert 'lang="ar"' in shown


def test_a_very_long_title_is_folded_with_a_way_to_see_it_all(
    client: FlaskClient, context: Context
) -> None:
    shown = panel(client, publish(context, title="un mot " * 140))
    assert 'class="is-long"' in shown
    assert "Show the whole title" in shown
    assert "Show the whole title" not in panel(client, entry_id(context, POST))


def test_up_to_five_earlier_entries_of_the_author_are_offered(
    client: FlaskClient, context: Context
) -> None:
    shown = panel(client, entry_id(context, POST))
    assert "Earlier by CWM" in shown
    earlier = shown[shown.index('class="earlier"') :]
    titles = [f"Billet {number}" for number in range(1, 10)]
    assert [title for title in titles if f">{title}<" in earlier] == titles[4:]
    first = entry_id(context, "Billet 9")
    assert f'href="/entries/{first}" hx-get="/entries/{first}" hx-select="#panel"' in earlier


def test_the_first_entry_of_an_author_has_none_before_it(
    client: FlaskClient, context: Context
) -> None:
    assert 'class="earlier"' not in panel(client, entry_id(context, "Billet 1"))


def test_earlier_entries_are_of_the_same_author_and_source(
    client: FlaskClient, context: Context
) -> None:
    guest = (Author(name="Erick"),)
    before = NOW - timedelta(days=3)
    publish(context, title="Invité", authors=guest, published_at=before)
    publish(context, title="Ailleurs", authors=guest, source="Magalie", published_at=before)
    shown = panel(client, publish(context, title="Encore", authors=guest))
    assert ">Invité<" in shown
    assert ">Billet 9<" not in shown
    assert ">Ailleurs<" not in shown


def test_where_nobody_signs_the_earlier_entries_are_those_of_the_source(
    client: FlaskClient, context: Context
) -> None:
    shown = panel(client, publish(context, authors=()))
    assert "Earlier in Le blog de CWM" in shown
    assert f">{POST}<" in shown


def test_the_buttons_of_the_bar_say_what_they_do(client: FlaskClient, path: str) -> None:
    bar = client.get(path, headers=HTMX).text
    for words in ("Close the entry", "Previous entry", "Next entry", "Share", "Open the original"):
        assert f'aria-label="{words}"' in bar
