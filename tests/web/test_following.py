"""Following, pausing and stopping from the browser, with and without htmx."""

import html
import io
import json
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aggregator.domain.sources import SourceState, state_of
from aggregator.services import following
from aggregator.web.app import create_app
from tests.scripted_server import Answer
from tests.web.conftest import HTMX, OWN
from tests.world import World, feed, item

A, B = "http://a.example/rss", "http://b.example/rss"
OPML = f"""<opml><body><outline text="Métier">
<outline text="A" xmlUrl="{A}"/><outline text="B" xmlUrl="{B}"/>
<outline text="B, commentaires" xmlUrl="http://b.example/comments/feed"/>
</outline><outline xmlUrl="javascript:x"/></body></opml>"""


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.context).test_client()


def look(client: FlaskClient, what: str = "", *, headers: dict[str, str] = OWN) -> TestResponse:
    return client.post("/add", data={"what": what}, headers=headers)


def field(page: str, name: str) -> str:
    """Read the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return html.unescape(found[1])


def of_step(page: str) -> str:
    """Leave out what stands around the step of following."""
    return page[page.index('class="follow-step"') :]


def text(page: str) -> str:
    """Read the feeds.yaml of a form."""
    found = re.search(r'<textarea[^>]*id="text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def feeds_yaml(world: World) -> str:
    return world.feeds.read_text(encoding="utf-8")


def test_without_a_feeds_yaml_the_first_page_asks_for_an_address(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "The address of your blog, or your old list" in page
    assert 'type="file"' in page


def test_an_address_becomes_the_first_feeds_yaml(client: FlaskClient, world: World) -> None:
    url = world.publish("/rss", item(1, "Bonjour"))
    found = look(client, url).text
    assert "A feed was found" in found
    assert "Le blog de CWM" in found
    assert "Bonjour" in found
    chosen = {"url": url, "name": "Le blog de CWM", "page": ""}
    shown = client.post("/follow", data=chosen, headers=OWN).text
    assert f"  - name: Le blog de CWM\n    url: {url}\n" in text(shown)
    assert not world.feeds.exists()
    sent = client.post("/welcome", data={"text": text(shown)}, headers=OWN)
    assert (sent.status_code, sent.location) == (303, "/")
    assert feeds_yaml(world) == text(shown)
    assert "feeds.yaml is written" in client.get("/").text
    world.poll()
    assert world.titles() == ["Bonjour"]


def test_a_mistake_in_the_first_feeds_yaml_is_said_by_line_and_nothing_is_lost(
    client: FlaskClient, world: World
) -> None:
    wrong = f"sources:\r\n  - name: Magalie : bio\r\n    url: {A}\r\n# à moi\r\n"
    page = client.post("/welcome", data={"text": wrong}, headers=OWN).text
    assert "line 2" in page
    assert "this text needs quotes" in page
    assert text(page).replace("\r\n", "\n") == wrong.replace("\r\n", "\n")
    assert not world.feeds.exists()


def test_an_uploaded_list_becomes_the_first_feeds_yaml(client: FlaskClient) -> None:
    file = (io.BytesIO(OPML.encode()), "list.opml")
    page = client.post("/add", data={"what": "", "file": file}, headers=OWN).text
    assert "2 sources to follow" in page
    assert "2 addresses are left out" in page
    assert "a feed of comments" in page
    assert "no web address" in page
    assert f"  - name: A\n    url: {A}\n    page: Métier\n" in text(page)
    assert "pages:\n  - name: Métier\n" in text(page)


def test_a_list_larger_than_other_forms_may_be_sent(client: FlaskClient) -> None:
    long = "\n".join(f"http://{number}.example/{'x' * 200}" for number in range(2_000))
    assert "2,000 sources to follow" in look(client, long).text


def test_a_feed_is_chosen_named_and_put_on_a_new_page(client: FlaskClient, world: World) -> None:
    world.follow(A)
    before = feeds_yaml(world)
    url = world.publish("/rss", item(1))
    page = look(client, url).text
    assert "<code>  - name: Le blog de CWM</code>" in page
    chosen = {"url": url, "name": "CWM: moi", "page": "Mon blog", "digest": field(page, "digest")}
    lines = client.post("/add/lines", data=chosen, headers=HTMX).text
    assert lines.startswith('<div class="lines" id="lines"')
    assert "&#34;CWM: moi&#34;" in lines
    assert feeds_yaml(world) == before
    sent = client.post("/follow", data=chosen, headers=OWN)
    assert (sent.status_code, sent.location) == (303, "/pages/mon-blog")
    assert feeds_yaml(world).startswith(
        f'{before}  - name: "CWM: moi"\n    url: {url}\n    page: Mon blog\n'
    )
    assert "Followed: the first entries come in a moment." in client.get("/").text


def test_of_the_feeds_of_a_site_the_first_is_looked_into_and_the_others_when_asked(
    client: FlaskClient, world: World
) -> None:
    world.follow(A)
    world.publish("/feed", item(1))
    world.web.answer("/comments/feed", feed(item(2), title="Commentaires"))
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{path}">'
        for path in ("/comments/feed", "/feed")
    )
    site = world.web.answer("/", Answer(body=f"<html><head>{links}</head></html>".encode()))
    first = look(client, site).text
    assert "A feed was found" in first
    assert "another feed, which Veille has not looked into:" in first
    assert world.web.paths == ["/", "/feed"]
    form = {"what": site, "everywhere": field(first, "everywhere")}
    page = client.post("/add", data=form, headers=HTMX).text
    assert "2 feeds were found" in page
    assert page.index("Le blog de CWM") < page.index("Commentaires")
    assert world.web.paths == ["/", "/feed", "/comments/feed"]


def test_a_site_that_announces_no_feed_is_tried_where_feeds_are(
    client: FlaskClient, world: World
) -> None:
    world.follow(A)
    site = world.web.answer("/", Answer(body=b"<html><body><p>Bonjour</p></body></html>"))
    world.publish("/feed", item(1))
    assert "A feed was found" in look(client, site).text
    assert world.web.paths == ["/", "/robots.txt", "/feed"]


def test_unusual_places_are_tried_only_when_asked(client: FlaskClient, world: World) -> None:
    world.follow(A)
    site = world.web.answer("/", Answer(body=b"<html><body><p>Bonjour</p></body></html>"))
    world.publish("/rss.xml", item(1))
    page = look(client, site).text
    assert "gives a web page, not a feed" in page
    assert "Not every place was looked at" in page
    assert world.web.paths == ["/", "/robots.txt", "/feed"]
    page = client.post("/add", data={"what": site, "everywhere": "yes"}, headers=OWN).text
    assert "A feed was found" in page
    assert "Look further" not in page
    assert world.web.paths[3:] == ["/feed", "/rss", "/atom.xml", "/rss.xml"]


def test_an_address_that_fails_is_said_and_stays_typed(client: FlaskClient, world: World) -> None:
    world.follow(A)
    gone = world.web.answer("/gone", Answer(status=410, body=b""))
    page = look(client, gone).text
    assert "gone for good (410)" in page
    assert f">{gone}</textarea>" in page
    assert "must begin with http" in look(client, "nowhere").text
    assert "Type an address" in look(client, "").text


def test_an_address_that_is_followed_is_said_with_its_place(
    client: FlaskClient, world: World
) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url)
    page = look(client, url).text
    assert "You follow this already:" in page
    assert 'href="/pages/veille"' in page


def test_of_a_list_only_what_is_new_is_added(client: FlaskClient, world: World) -> None:
    world.follow(A)
    page = look(client, OPML).text
    assert "1 source to follow" in page
    assert "1 is followed already:" in page
    form = {"wanted": field(page, "wanted"), "digest": field(page, "digest")}
    client.post("/follow", data=form, headers=OWN)
    assert [one.url for one in world.sources()] == [A, B]
    assert "You follow all of this list already." in look(client, OPML).text


def test_after_a_hand_edit_the_lines_are_shown_again_first(
    client: FlaskClient, world: World
) -> None:
    world.follow(A)
    page = look(client, f"{B}\n{A}").text
    form = {"wanted": field(page, "wanted"), "digest": field(page, "digest")}
    by_hand = feeds_yaml(world) + "# à la main\n"
    world.feeds.write_text(by_hand, encoding="utf-8")
    again = client.post("/follow", data=form, headers=OWN).text
    assert "feeds.yaml has changed since" in again
    assert feeds_yaml(world) == by_hand
    form["digest"] = field(again, "digest")
    client.post("/follow", data=form, headers=OWN)
    assert feeds_yaml(world) == by_hand.replace("# à", f"  - {B}\n# à")


@pytest.mark.parametrize(
    "form",
    [{}, {"wanted": "x"}, {"wanted": "[1]"}, {"wanted": "[[1,2,3]]"}, {"url": " "}],
)
def test_a_form_that_makes_no_sense_is_refused(
    client: FlaskClient, world: World, form: dict[str, str]
) -> None:
    world.follow(A)
    assert client.post("/follow", data=form, headers=OWN).status_code == 400
    assert client.post("/add/lines", data=form, headers=OWN).status_code in {200, 400}


def test_a_secret_is_never_followed_from_a_form(client: FlaskClient, world: World) -> None:
    world.follow(A)
    form = {"url": "http://evil.example/?k=${HOME}"}
    assert "by hand" in client.post("/follow", data=form, headers=OWN).text
    wanted = {"wanted": json.dumps([["http://evil.example/?k=${HOME}", None, None]])}
    assert "by hand" in client.post("/follow", data=wanted, headers=OWN).text
    assert "evil" not in feeds_yaml(world)


def test_the_address_of_the_page_for_following_may_be_filled_in(
    client: FlaskClient, world: World
) -> None:
    world.follow(A)
    assert ">http://c.example/</textarea>" in client.get("/add?url=http://c.example/").text
    assert world.web.asked == []


def test_with_htmx_each_step_is_a_part(client: FlaskClient, world: World) -> None:
    world.follow(A)
    part = look(client, world.publish("/rss", item(1)), headers=HTMX).text
    assert part.startswith('<section class="follow-step" id="follow"')


@pytest.mark.parametrize("headers", [OWN, HTMX])
def test_a_source_is_paused_resumed_and_retired(
    client: FlaskClient, world: World, headers: dict[str, str]
) -> None:
    world.follow(A)
    wanted = world.sources()[0].id
    answer = client.post(f"/sources/{wanted}/pause", headers=headers)
    toast = answer.text if headers is HTMX else client.get("/sources").text
    assert "is paused." in toast
    assert f'action="/sources/{wanted}/resume"' in toast
    assert state_of(world.sources()[0], now=world.clock()) is SourceState.PAUSED
    client.post(f"/sources/{wanted}/resume", headers=headers)
    assert state_of(world.sources()[0], now=world.clock()) is SourceState.NEW
    assert "nothing new for a long time" in client.get(f"/sources/{wanted}/retire").text
    sent = client.post(f"/sources/{wanted}/retire", data={"why": "it has closed"}, headers=OWN)
    assert sent.location == "/sources"
    assert "    why: it has closed\n" in feeds_yaml(world)
    assert "it has closed" in client.get("/sources").text
    client.post(f"/sources/{wanted}/resume", headers=headers)
    assert state_of(world.sources()[0], now=world.clock()) is SourceState.NEW


@pytest.mark.parametrize("act", ["pause", "resume", "retire"])
def test_acts_on_what_is_not_followed_are_refused(
    client: FlaskClient, world: World, act: str
) -> None:
    world.follow(A)
    assert client.post(f"/sources/99/{act}", headers=OWN).status_code == 404
    assert client.get("/sources/99/retire").status_code == 404


@pytest.mark.parametrize("path", ["/follow", "/welcome", "/add/lines", "/sources/1/pause"])
def test_nothing_changes_by_a_visit(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 405


def test_a_broken_file_is_said_and_nothing_is_written(client: FlaskClient, world: World) -> None:
    world.follow(A)
    world.feeds.write_text("sources: [\n", encoding="utf-8")
    answer = client.post(f"/sources/{world.sources()[0].id}/pause", headers=HTMX)
    assert answer.status_code == 400
    assert "feeds.yaml:2" in answer.text
    page = look(client, "http://x.example/\nhttp://y.example/")
    assert "feeds.yaml:2" in page.text
    assert ">http://x.example/" in page.text


def test_a_deleted_feeds_yaml_is_said_on_every_page_and_written_again(
    client: FlaskClient, world: World
) -> None:
    world.follow(A)
    before = feeds_yaml(world)
    world.feeds.unlink()
    following.refresh(world.context)
    assert "is not there any more" in client.get("/sources").text
    client.post("/feeds-yaml", headers=OWN)
    assert feeds_yaml(world) == before
    assert "is not there any more" not in client.get("/sources").text


def followed_just_now(client: FlaskClient, world: World) -> tuple[str, str]:
    """Follow a second source; give the text before, and the address that undoes it."""
    world.follow(A)
    before = feeds_yaml(world)
    url = world.publish("/rss", item(1))
    form = {"url": url, "name": "CWM", "page": "Neuve"}
    form["digest"] = field(look(client, url).text, "digest")
    sent = client.post("/follow", data=form, headers=OWN)
    undo = re.findall(r'action="(/follow/undo/\w+/\w+)"', client.get(sent.location).text)
    return before, undo[0]


@pytest.mark.parametrize("headers", [OWN, HTMX])
def test_what_was_followed_just_now_can_be_undone(
    client: FlaskClient, world: World, headers: dict[str, str]
) -> None:
    before, undo = followed_just_now(client, world)
    answer = client.post(undo, data={"next": "/pages/neuve"}, headers=headers)
    assert feeds_yaml(world) == before
    assert [one.url for one in world.sources()] == [A]
    gone_to = answer.headers["HX-Redirect"] if headers is HTMX else answer.location
    assert gone_to == "/"
    assert "feeds.yaml is as it was before" in client.get("/").text


def test_following_is_not_undone_over_a_hand_edit(client: FlaskClient, world: World) -> None:
    _, undo = followed_just_now(client, world)
    by_hand = feeds_yaml(world) + "# à la main\n"
    world.feeds.write_text(by_hand, encoding="utf-8")
    assert client.post(undo, headers=OWN).status_code == 303
    assert "feeds.yaml was edited since" in client.get("/").text
    assert feeds_yaml(world) == by_hand


def test_following_is_not_undone_to_another_text_than_the_one_before(
    client: FlaskClient, world: World
) -> None:
    before, undo = followed_just_now(client, world)
    written = feeds_yaml(world)
    other = undo.rsplit("/", 1)[0] + "/0000000000000000"
    client.post(other, headers=OWN)
    assert feeds_yaml(world) == written != before
    client.post(undo, headers=OWN)
    client.post(undo, headers=OWN)
    assert feeds_yaml(world) == before
    assert client.get(undo).status_code == 405


def test_a_site_whose_feed_is_followed_is_left_out_of_a_list_and_said(
    client: FlaskClient, world: World
) -> None:
    url = world.publish("/rss", item(1))  # of http://cwm.example/
    world.follow(url)
    world.poll()
    spellings = "https://www.cwm.example\nhttp://cwm.example:80/?\n"
    page = look(client, f"{spellings}{url}/\n{B}").text
    assert "1 source to follow" in page
    assert "3 are followed already:" in page
    assert f'<a class="link" href="/pages/veille">{world.sources()[0].name}, Veille</a>' in page
    assert json.loads(field(page, "wanted")) == [[B, None, None]]
    assert "You follow all of this list already." in look(client, f"{spellings}{url}").text


def test_another_spelling_of_a_followed_feed_is_said_by_its_address_too(
    client: FlaskClient, world: World
) -> None:
    url = world.publish("/rss", item(1))
    world.publish("/rss/", item(1))
    world.follow(url)
    assert "You follow this already:" in look(client, f"{url}/").text


def test_another_feed_of_a_followed_site_is_offered_with_a_word_of_it(
    client: FlaskClient, world: World
) -> None:
    url = world.publish("/rss", item(1))
    world.follow(url)
    world.poll()
    world.publish("/other", item(2))
    links = '<link rel="alternate" type="application/rss+xml" href="/other">'
    site = world.web.answer("/", Answer(body=f"<html><head>{links}</head></html>".encode()))
    known = feed(item(1)).body.replace(b"http://cwm.example/<", f"{site}<".encode())
    world.web.answer("/rss", Answer(body=known))
    world.poll(hours=3)
    page = look(client, site).text
    assert "A feed was found" in page
    assert "You follow a feed of this site already:" in page


def test_the_first_three_left_out_of_a_list_are_named_in_the_open(
    client: FlaskClient, world: World
) -> None:
    world.follow(A)
    marks = "".join(f'<DT><A HREF="javascript:{number}">x</A>' for number in range(5))
    page = look(client, f"<!DOCTYPE NETSCAPE-Bookmark-file-1><DL>{marks}</DL>").text
    assert "5 addresses are left out:" in page
    in_the_open, folded = page.split("and 2 more")
    assert 'javascript:2</span> <span class="soft">no web address' in in_the_open
    assert "javascript:3" not in in_the_open
    assert "javascript:3" in folded


def test_one_comes_back_to_the_board_where_one_stopped_following(
    client: FlaskClient, world: World
) -> None:
    world.follow(A, B)
    wanted = world.sources()[0].id
    board = client.get("/pages/veille").text
    found = re.search(rf'href="(/sources/{wanted}/retire\?next=[^"]+)"', board)
    assert found
    asked = client.get(found[1]).text
    assert 'class="button" href="/pages/veille"' in asked
    form = {"next": field(of_step(asked), "next")}
    sent = client.post(f"/sources/{wanted}/retire", data=form, headers=OWN)
    assert sent.location == "/pages/veille"
    assert "is no longer followed." in client.get(sent.location).text
    foreign = client.get(f"/sources/{wanted}/retire?next=https://evil.example/").text
    assert field(of_step(foreign), "next") == "/sources"


def test_what_is_followed_again_has_its_box_again(client: FlaskClient, world: World) -> None:
    world.follow(A, B)
    wanted = world.sources()[0].id
    client.post(f"/sources/{wanted}/retire", headers=OWN)
    back = {"next": "/pages/veille"}
    answer = client.post(f"/sources/{wanted}/resume", data=back, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/pages/veille"
    assert "is followed again." in client.get("/pages/veille").text


def test_a_box_that_is_paused_says_so_instead_of_its_last_check(
    client: FlaskClient, world: World
) -> None:
    world.follow(world.publish("/rss", item(1)))
    world.poll()
    assert ">checked just now</span>" in client.get("/pages/veille").text
    client.post(f"/sources/{world.sources()[0].id}/pause", headers=HTMX)
    board = client.get("/pages/veille").text
    assert re.search(r'class="fresh is-paused">.*paused</span>', board)
    assert "checked just now" not in board


def test_nothing_at_a_typed_address_is_said_as_of_an_address_never_seen(
    client: FlaskClient, world: World
) -> None:
    world.follow(A)
    nowhere = world.web.answer("/nowhere", Answer(status=404, body=b""))
    page = look(client, nowhere).text
    assert "There is nothing at this address (404)" in page
    assert "any more" not in of_step(page)


def test_where_nothing_is_followed_yet_nothing_is_said_of_sources(
    client: FlaskClient, world: World
) -> None:
    page = client.get("/").text
    assert 'id="health"' not in page
    assert "Export OPML" not in page
    found = look(client, world.publish("/rss", item(1))).text
    assert "A feed was found" in found
    assert 'id="page"' not in found
    world.follow(A)
    page = client.get("/").text
    assert 'id="health"' in page
    assert "Export OPML" in page
