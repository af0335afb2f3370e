"""What the page of a source writes into feeds.yaml, and how that is undone."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from aggregator.domain.faults import Fault
from aggregator.domain.health import Proposal, ProposalId, ProposalKind
from aggregator.domain.sources import SourceHealth, SourceId
from aggregator.services import following, replacing, sources
from aggregator.services.context import Context
from aggregator.services.replacing import Sought
from aggregator.storage import tables
from tests.web.conftest import HTMX, OWN
from tests.web.world import NOW

MOVED = "https://annuaire.example.org/feed/"


def text(context: Context) -> str:
    return context.settings.feeds_path.read_text(encoding="utf-8")


def source(context: Context, source_id: int) -> SourceHealth:
    return sources.source(context, SourceId(source_id))


@pytest.fixture
def proposal(context: Context) -> int:
    """Propose another address for the annuaire."""
    row = {"source_id": 3, "kind": "moved", "url": MOVED, "title": "<b>Carnet</b>"}
    with context.database.write() as session:
        session.execute(tables.proposals.insert().values(**row, found_at=NOW))
        return int(session.execute(select(tables.proposals.c.id)).scalar_one())


@pytest.fixture
def context(context: Context) -> Context:
    """Have the world's feeds.yaml be that of its database, so that it may be edited."""
    following.refresh(context, adopt=True)
    return context


def undo_of(page: str) -> str:
    found = re.search(r'action="(/sources/\d+/undo/[^"]+)"', page)
    assert found
    return found[1]


def test_a_purpose_is_written_shown_and_undone(client: FlaskClient, context: Context) -> None:
    before = text(context)
    form = {"purpose": "  répondre :  vite "}
    answer = client.post("/sources/1/purpose", data=form, headers=OWN)
    assert (answer.status_code, answer.location) == (303, "/sources/1")
    assert source(context, 1).purpose == "répondre : vite"
    page = client.get("/sources/1").text
    assert 'value="répondre : vite"' in page
    assert "Written: what it is for." in page
    client.post(undo_of(page), headers=OWN)
    assert text(context) == before
    assert "Undone: feeds.yaml is as it was before." in client.get("/sources/1").text


def test_a_purpose_is_written_and_taken_out_with_htmx(
    client: FlaskClient, context: Context
) -> None:
    toast = client.post("/sources/1/purpose", data={"purpose": "lire"}, headers=HTMX)
    assert toast.headers["HX-Trigger-After-Swap"] == "changed"
    assert undo_of(toast.text)
    again = client.post("/sources/1/purpose", data={"purpose": "lire"}, headers=HTMX)
    assert "Nothing had to be changed." in again.text
    empty = client.post("/sources/1/purpose", data={}, headers=HTMX)
    assert "Its purpose is taken out." in empty.text
    assert source(context, 1).purpose is None


def test_what_was_edited_since_is_not_undone(client: FlaskClient, context: Context) -> None:
    toast = client.post("/sources/1/purpose", data={"purpose": "lire"}, headers=HTMX).text
    path = context.settings.feeds_path
    path.write_text(text(context) + "# moi\n", encoding="utf-8")
    client.post(undo_of(toast), headers=OWN)
    assert "feeds.yaml was edited since" in client.get("/sources/1").text
    assert "purpose: lire" in text(context)


def test_a_broken_file_is_not_written(client: FlaskClient, context: Context) -> None:
    context.settings.feeds_path.write_text("sources: [\n", encoding="utf-8")
    answer = client.post("/sources/1/purpose", data={"purpose": "lire"}, headers=OWN)
    assert answer.status_code == 400
    assert "Nothing was written" in answer.text
    assert text(context) == "sources: [\n"


def test_a_proposed_address_is_asked_about_written_and_undone(
    client: FlaskClient, context: Context, proposal: int
) -> None:
    before = text(context)
    page = client.get("/sources/3").text
    assert "The site says that its feed has moved for good." in page
    assert f'href="{MOVED}"' in page
    assert "&lt;b&gt;Carnet&lt;/b&gt;" in page
    assert "new address" in client.get("/sources").text
    path = f"/sources/3/proposals/{proposal}/accept"
    assert client.post(path, headers=OWN).location == "/sources/3"
    assert text(context) == before.replace("https://annuaire.example.org/atom", MOVED)
    page = client.get("/sources/3").text
    assert "The new address is written" in page
    assert 'id="proposal-' not in page
    client.post(undo_of(page), headers=OWN)
    assert text(context) == before


def test_a_proposed_address_is_declined_for_good(
    client: FlaskClient, context: Context, proposal: int
) -> None:
    before = text(context)
    toast = client.post(f"/sources/3/proposals/{proposal}/decline", headers=HTMX)
    assert "The address stays as it is." in toast.text
    assert text(context) == before
    assert 'id="proposal-' not in client.get("/sources/3").text
    for decided in ("accept", "decline"):
        path = f"/sources/3/proposals/{proposal}/{decided}"
        assert client.post(path, headers=OWN).status_code == 404


def test_what_was_declined_by_mistake_is_proposed_again(
    client: FlaskClient, proposal: int
) -> None:
    path = f"/sources/3/proposals/{proposal}"
    toast = client.post(f"{path}/decline", headers=HTMX).text
    assert f'action="{path}/reopen"' in toast
    client.post(f"{path}/reopen", headers=OWN)
    page = client.get("/sources/3").text
    assert "The address is proposed again." in page
    assert f'id="proposal-{proposal}"' in page
    assert client.post(f"{path}/reopen", headers=OWN).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/sources/999/purpose",
        "/sources/999/look",
        "/sources/1/proposals/999/accept",
        "/sources/1/proposals/999/decline",
        "/sources/1/proposals/x/accept",
    ],
)
def test_what_is_not_there_cannot_be_edited(client: FlaskClient, path: str) -> None:
    assert client.post(path, data={"purpose": "a"}, headers=OWN).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/sources/1/purpose",
        "/sources/1/look",
        "/sources/1/proposals/1/accept",
        "/sources/1/proposals/1/decline",
        "/sources/1/proposals/1/reopen",
        "/sources/1/undo/a/b",
    ],
)
def test_nothing_is_edited_by_a_visit(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 405


FOUND = Proposal(id=ProposalId(1), kind=ProposalKind.FOUND, url=MOVED, title=None, found_at=NOW)


@pytest.mark.parametrize(
    ("found", "said", "leads"),
    [
        (Sought(proposals=(FOUND,)), "Found: another address is proposed.", True),
        (Sought(used=MOVED), f"Found: the feed is at {MOVED}", True),
        (Sought(too_soon=True), "It was looked for a moment ago", False),
        (Sought(fault=Fault(code="http-404")), "its site is not there any more either", False),
        (Sought(fault=Fault(code="empty")), "Its site cannot be looked at. The answer", False),
        (Sought(), "Nothing was found: its site announces no other feed.", False),
    ],
)
def test_what_looking_for_the_new_address_came_to_is_said(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    found: Sought,
    said: str,
    *,
    leads: bool,
) -> None:
    monkeypatch.setattr(replacing, "look_now", lambda _context, _source_id: found)
    assert client.post("/sources/3/look", headers=OWN).location == "/sources/3"
    assert said in client.get("/sources/3").text
    answer = client.post("/sources/3/look", headers=HTMX)
    assert (answer.headers.get("HX-Redirect") == "/sources/3") == leads
    assert (said in answer.text) != leads
