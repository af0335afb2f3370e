"""The thread under an article and by itself: what it says, what one does there, what is safe."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from aggregator.domain.conversations.comments import Kind
from aggregator.services.context import Context
from aggregator.services.conversations import acts
from aggregator.storage import tables
from tests.conversations import comment, fresh, golden, put, state
from tests.web.conftest import HTMX, OWN
from tests.web.test_live import ask, seen
from tests.web.world import NOW, entry_id

POST = "Quantité ou qualité ?"
AT = NOW - timedelta(hours=2)


@pytest.fixture
def entry(context: Context) -> str:
    return f"/entries/{entry_id(context, POST)}"


def said(context: Context, *items: object) -> None:
    put(context, entry_id(context, POST), items)  # type: ignore[arg-type]


def of_comment(page: str, comment_id: int) -> str:
    """Cut a comment out of a page, up to the next one."""
    start = page.index(f'id="comment-{comment_id}"')
    end = page.find('<li class="comment', start)
    return page[start : end if end > 0 else None]


def test_an_article_shows_its_conversation_with_mine_marked(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, *golden())
    panel = client.get(entry, headers=HTMX).text
    assert "10 comments" in panel
    assert panel.count('<span class="badge">me</span>') == 5
    assert panel.count('<ul class="replies">') == 5
    assert 'title="Friday, September 17, 2010, 3:10\N{NARROW NO-BREAK SPACE}PM"' in panel


def test_the_same_thread_stands_on_a_page_of_its_own(
    client: FlaskClient, context: Context
) -> None:
    said(context, *golden())
    page = client.get("/threads/1")
    assert page.status_code == 200
    assert page.text.startswith("<!doctype html>")
    part = client.get("/threads/1", headers=HTMX).text
    assert part.startswith('<section class="thread" id="thread-1"')


def test_what_waits_says_for_how_long_and_that_it_is_late(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, *fresh(NOW))
    panel = client.get(entry, headers=HTMX).text
    assert "3 wait for an answer" in panel
    late = of_comment(panel, state(context, "f1").id)
    assert "waiting for 2 d" in late
    assert '<span class="waited-late"> · late</span>' in late
    assert "in office hours: 18 h" in late
    assert "waiting for 40 min" in of_comment(panel, state(context, "f4").id)


def test_who_borrows_my_name_is_not_me(client: FlaskClient, context: Context, entry: str) -> None:
    said(context, *fresh(NOW))
    impostor = of_comment(client.get(entry, headers=HTMX).text, state(context, "f6").id)
    assert "not you" in impostor
    assert ">me<" not in impostor


def test_mine_by_name_alone_is_not_verified(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, comment("a", author="CWM", at=AT))
    assert "signed CWM, not verified" in client.get(entry, headers=HTMX).text


def test_the_author_of_another_blog_is_marked_but_not_me(
    client: FlaskClient, context: Context
) -> None:
    there = entry_id(context, "Trois huiles pour l’hiver")
    put(context, there, [comment("a", author="Magalie", at=AT, by_author=True)])
    panel = client.get(f"/entries/{there}", headers=HTMX).text
    assert '<span class="badge is-soft">author</span>' in panel


def test_hostile_names_and_texts_do_nothing(
    client: FlaskClient, context: Context, entry: str
) -> None:
    name = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    said(
        context,
        comment("a", author=name, at=AT),
        comment("p", author=name, at=AT, text=name, kind=Kind.PINGBACK),
        comment("r", author=name, at=AT, in_reply_to=("a",)),
    )
    put(context, entry_id(context, POST), [comment("b", author=name, at=AT, text="b")])
    with context.database.write() as session:
        session.execute(update(tables.comments).values(content_html="<p>bien</p>"))
    for path in (entry, "/threads/1", "/comments/1/parent", "/"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_name_of_ten_thousand_letters_is_cut(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, comment("a", author="x" * 10_000, at=AT))
    panel = client.get(entry, headers=HTMX).text
    assert "x" * 80 + "…" in panel
    assert "x" * 81 not in panel


def test_a_comment_in_arabic_is_written_from_the_right(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, comment("a", author="سلمى", at=AT, text="شكرا جزيلا"))
    panel = client.get(entry, headers=HTMX).text
    assert re.search(r'<div class="comment-text prose" dir="auto"[^>]*><p>شكرا', panel)
    assert "<bdi>سلمى</bdi>" in panel


def test_a_picture_in_a_comment_loads_only_where_it_may(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, comment("a", at=AT))
    with context.database.write() as session:
        image = '<p><img data-src="https://a.example/x.png" alt="un chat"></p>'
        session.execute(update(tables.comments).values(content_html=image))
    closed = client.get(entry, headers=HTMX).text
    assert "https://a.example/x.png" not in closed
    assert "un chat" in closed
    assert 'src="https://a.example/x.png"' in client.get(f"{entry}?images=1", headers=HTMX).text


def test_a_long_comment_is_folded(client: FlaskClient, context: Context, entry: str) -> None:
    said(context, comment("a", at=AT, text="long " * 300), comment("b", at=AT, text="court"))
    panel = client.get(entry, headers=HTMX).text
    assert panel.count("comment-text prose is-long") == 1
    assert panel.count('class="whole-comment"') == 1


def test_what_was_edited_or_deleted_at_the_source_says_so(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, comment("a", at=AT), comment("b", at=AT))
    said(context, comment("a", at=AT, text="autrement"))
    with context.database.write() as session:
        gone = tables.comments.c.key == "b"
        session.execute(update(tables.comments).where(gone).values(vanished_at=NOW))
    panel = client.get(entry, headers=HTMX).text
    assert "edited" in of_comment(panel, state(context, "a").id)
    assert "deleted at the source" in of_comment(panel, state(context, "b").id)


def test_pingbacks_are_folded_apart(client: FlaskClient, context: Context, entry: str) -> None:
    said(context, *fresh(NOW))
    panel = client.get(entry, headers=HTMX).text
    assert '<details class="pingbacks"' in panel
    assert "1 pingback" in panel


def test_a_hidden_comment_is_folded(client: FlaskClient, context: Context, entry: str) -> None:
    said(context, comment("a", author="Importun", at=AT))
    acts.hide(context, [state(context, "a").id], hidden=True)
    panel = client.get(entry, headers=HTMX).text
    assert "Hidden: a comment of Importun" in panel


def test_what_is_deeper_than_five_levels_says_whom_it_answers(
    client: FlaskClient, context: Context, entry: str
) -> None:
    chain = [
        comment(
            f"d{level}",
            author=f"Auteur {level}",
            at=AT + timedelta(minutes=level),
            in_reply_to=(f"d{level - 1}",) if level else (),
        )
        for level in range(8)
    ]
    said(context, *chain)
    panel = client.get(entry, headers=HTMX).text
    assert panel.count('<ul class="replies">') == 4
    told = of_comment(panel, state(context, "d7").id)
    assert "in reply to Auteur 6" in told
    assert 'class="is-phone"' not in told


def test_a_long_thread_is_shown_in_part_and_goes_on_without_javascript(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, *(comment(f"m{n}", at=AT + timedelta(seconds=n)) for n in range(130)))
    panel = client.get(entry, headers=HTMX).text
    assert "See the 90 other comments" in panel
    assert len(re.findall('<li class="comment', panel)) == 40
    first = client.get("/threads/1?after=0").text
    assert len(re.findall('<li class="comment', first)) == 40
    more = re.findall(r'href="(/threads/1\?after=\d+)"', first)
    second = client.get(more[-1], headers=HTMX).text
    assert second.startswith('<div class="comments"')
    assert len(re.findall('<li class="comment', second)) == 40
    assert "after=" in second


def test_an_article_whose_comments_did_not_come_says_how_many_there_are(
    client: FlaskClient, entry: str
) -> None:
    panel = client.get(entry, headers=HTMX).text
    assert "10 comments are announced; they have not come here." in panel
    assert "See the comments at the source" in panel


def test_a_comment_feed_in_error_says_so_under_its_article(
    client: FlaskClient, context: Context, entry: str
) -> None:
    with context.database.write() as session:
        session.execute(
            tables.comment_feeds.insert().values(
                source_id=1,
                url="https://cwm.example.org/comments/feed/",
                host="cwm.example.org",
                origin="announced",
                others=[],
                asked_for=[],
                fault_code="http-404",
                fault_params={},
                failing_since=NOW - timedelta(days=2),
                next_poll_at=NOW + timedelta(hours=6),
            )
        )
    panel = client.get(entry, headers=HTMX).text
    assert "The comments cannot be read." in panel
    assert "next try" in panel
    said(context, *golden())
    assert "The comments cannot be read." in client.get("/threads/1").text


# What one does


def test_looking_marks_what_was_shown_as_seen(client: FlaskClient, context: Context) -> None:
    said(context, *golden())
    answer = client.post("/threads/1/look", data={"upto": "10"}, headers=HTMX)
    assert (answer.status_code, answer.text) == (200, "")
    said(context, *fresh(NOW))
    page = client.get("/threads/1").text
    assert re.search(r'<a class="thread-new"[^>]*>\d new</a>', page)
    assert page.count('class="new-mark"') == 4


def test_looking_without_htmx_goes_back_to_where_one_was(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, *golden())
    answer = client.post("/threads/1/look", data={"upto": "10", "next": entry}, headers=OWN)
    assert (answer.status_code, answer.location) == (303, entry)


def test_opening_a_thread_marks_nothing(client: FlaskClient, context: Context) -> None:
    said(context, *golden())
    client.get("/threads/1")
    with context.database.read() as session:
        assert session.execute(tables.threads.select()).one().seen_upto == 0


def test_saying_whom_a_comment_answers_moves_it_and_can_be_undone(
    client: FlaskClient, context: Context
) -> None:
    said(context, *fresh(NOW))
    moved, to = state(context, "f4").id, state(context, "f1").id
    form = client.get(f"/comments/{moved}/parent", headers=HTMX).text
    assert form.startswith(f'<div class="comment-more" id="pairing-{moved}"')
    assert "Et le samedi soir ?" in form
    answer = client.post(f"/comments/{moved}/parent", data={"parent": to}, headers=HTMX)
    assert answer.headers["HX-Trigger-After-Swap"] == "paired, changed"
    assert "Moved to where it belongs." in answer.text
    assert "placed by hand" in client.get("/threads/1").text
    client.post("/undo", headers=HTMX)
    assert state(context, "f4").parent_id is None


def test_without_htmx_the_choice_is_a_page_and_leads_back_to_the_comment(
    client: FlaskClient, context: Context
) -> None:
    said(context, *fresh(NOW))
    moved = state(context, "f4").id
    assert "the article itself" in client.get(f"/comments/{moved}/parent").text
    answer = client.post(f"/comments/{moved}/parent", data={"parent": "0"}, headers=OWN)
    assert answer.location == f"/threads/1?comment={moved}#comment-{moved}"


@pytest.mark.parametrize("form", [{}, {"parent": "x"}, {"parent": "-1"}])
def test_a_form_that_names_no_comment_is_refused(
    client: FlaskClient, context: Context, form: dict[str, str]
) -> None:
    said(context, *fresh(NOW))
    assert client.post("/comments/1/parent", data=form, headers=OWN).status_code == 400


@pytest.mark.parametrize("path", ["/threads/99", "/threads/99?after=0", "/comments/99/parent"])
def test_what_is_not_there_says_so(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/threads/99/look", "/comments/99/parent"])
def test_nothing_is_done_to_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.post(path, data={"parent": "0"}, headers=OWN).status_code == 404


@pytest.mark.parametrize("path", ["/threads/1/look", "/threads/1/page"])
def test_no_state_changes_by_get(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 405


# What stays fresh


def test_a_thread_that_did_not_change_is_not_sent(
    client: FlaskClient, context: Context, entry: str
) -> None:
    said(context, *fresh(NOW))
    assert ask(client, seen(client, entry)) == (204, [])


def test_new_comments_are_announced_and_do_not_move_what_one_reads(
    client: FlaskClient, context: Context
) -> None:
    said(context, *golden())
    fields = [field for field in seen(client, "/threads/1") if field.startswith("thread.")]
    said(context, *fresh(NOW))
    status, parts = ask(client, fields)
    assert (status, parts) == (200, ["thread-news-1"])
    answer = client.get("/changes", query_string={"seen": fields}, headers=HTMX).text
    assert "6 new comments" in answer


def test_where_a_comment_stands_is_shown_again(client: FlaskClient, context: Context) -> None:
    said(context, *fresh(NOW))
    fields = [field for field in seen(client, "/threads/1") if field.startswith("state.")]
    mine = comment(
        *("mine",), author="CWM", url="https://cwm.example.org", at=NOW, in_reply_to=("f1",)
    )
    said(context, mine)
    answered = state(context, "f1").id
    assert ask(client, fields) == (200, [f"state-{answered}"])


# Marks elsewhere


def test_a_line_counts_what_is_stored_and_what_waits(
    client: FlaskClient, context: Context
) -> None:
    put(context, entry_id(context, "Billet 9"), fresh(NOW))
    for path in ("/", "/read"):
        page = client.get(path).text
        line = page[page.index(f'id="entry-{entry_id(context, "Billet 9")}"') :]
        line = line[: line.index("</li>")]
        assert 'title="5 comments" data-talk' in line or 'data-talk title="5 comments"' in line
        assert "3 comments wait for an answer" in line
    head = client.get("/").text
    assert 'href="/comments?source=1"' in head


def test_the_greater_count_is_shown(client: FlaskClient, context: Context) -> None:
    # The feed announces ten; two are stored.
    said(context, comment("a", at=AT), comment("b", at=AT))
    assert 'title="10 comments"' in client.get("/").text


def test_the_box_and_the_line_stay_fresh(client: FlaskClient, context: Context) -> None:
    fields = seen(client, "/")
    listed = seen(client, "/read")
    put(context, entry_id(context, "Billet 9"), fresh(NOW))
    _, parts = ask(client, fields)
    assert {"head-1", "rows-1", "widget-answers"} <= set(parts)
    _, lines = ask(client, listed)
    assert any(part.startswith("lines-") for part in lines)
