"""One conversation in several forms of its platform, as addresses fail and others are asked."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from aggregator.ingest.comments.reading import read_comments
from aggregator.services.context import Context
from aggregator.services.conversations.taking_in import take_in
from aggregator.storage import tables
from aggregator.storage.conversations.writing import Taken
from tests.conversations import ME
from tests.web.world import NOW, entry_id, steady_world

HOME: Final = "https://carnet.example"
PAGE: Final = f"{HOME}/veilleurs/"
ATOM: Final = f"{PAGE}feed/atom/"
REST: Final = f"{HOME}/wp-json/wp/v2/comments?post=150&per_page=100"
RSS: Final = f"{PAGE}feed/"


def atom() -> str:
    def entry(number: int, name: str, said: str, site: str, answers: str) -> str:
        return (
            f"<entry><title>Par : {name}</title><link href='{PAGE}#comment-{number}'/>"
            f"<author><name>{name}</name><uri>{site}</uri></author>"
            f"<id>http://carnet.example/?p=150#comment-{number}</id>"
            f"<published>2026-11-24T1{number}:00:00Z</published>"
            f"<content type='html'><![CDATA[<p>{said}</p>]]></content>"
            f"<thr:in-reply-to ref='http://carnet.example/?p=150{answers}'/></entry>"
        )

    return (
        "<feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0'><title>Commentaires sur Nuit</title>"
        + entry(3, "CWM", "Merci.", "https://cwm.example/", "#comment-1")
        + entry(2, "Le phare", "[&#8230;] la nuit [&#8230;]", "https://phare.example/", "")
        + entry(1, "Magalie", "Et le jour&nbsp;?", "https://magalie.example/", "")
        + "</feed>"
    )


def rest(*numbers: int) -> str:
    told = {
        1: ("Magalie", "https://magalie.example/", "<p>Et le jour&nbsp;?</p>", 0),
        3: ("CWM", "https://cwm.example/", "<p>Merci.</p>", 1),
    }
    return json.dumps(
        [
            {
                "id": number,
                "post": 150,
                "parent": told[number][3],
                "author_name": told[number][0],
                "author_url": told[number][1],
                "date_gmt": f"2026-11-24T1{number}:00:00",
                "content": {"rendered": told[number][2]},
                "link": f"{PAGE}#comment-{number}",
                "type": "comment",
            }
            for number in numbers
        ]
    )


def rss() -> str:
    def item(number: int, name: str, said: str) -> str:
        return (
            f"<item><link>{PAGE}#comment-{number}</link><dc:creator>{name}</dc:creator>"
            f'<guid isPermaLink="false">http://carnet.example/?p=150#comment-{number}</guid>'
            f"<pubDate>Tue, 24 Nov 2026 1{number}:00:00 +0000</pubDate>"
            f"<description><![CDATA[{said}]]></description></item>"
        )

    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        "<title>Commentaires sur : Nuit</title>"
        + item(3, "CWM", "Merci.")
        + item(2, "Le phare", "[…] la nuit […]")
        + item(1, "Magalie", "Et le jour ?")
        + "</channel></rss>"
    )


def take(context: Context, body: str, url: str, *, hours: int) -> Taken:
    now = NOW + timedelta(hours=hours)
    document = read_comments(body.encode(), url=url, content_type=None, now=now)
    entry = entry_id(context, "Billet 9")
    with context.database.write() as session:
        source = session.execute(tables.entries.select().where(tables.entries.c.id == entry))
        return take_in(
            session,
            document,
            source_id=source.one().source_id,
            entry_id=entry,
            me=ME,
            now=now,
            misses=True,
        )


@pytest.mark.parametrize(("body", "url"), [(rest(1, 3), REST), (rss(), RSS)])
def test_another_form_of_the_same_comments_changes_nothing(
    tmp_path: Path, body: str, url: str
) -> None:
    with steady_world(tmp_path) as context:
        assert len(take(context, atom(), ATOM, hours=1).new) == 3
        other = take(context, body, url, hours=2)
        assert (other.new, other.vanished) == ((), ())
        with context.database.read() as session:
            rows = {row.author: row for row in session.execute(tables.comments.select())}
    assert set(rows) == {"CWM", "Le phare", "Magalie"}
    assert {name: row.author_url for name, row in rows.items()} == {
        "CWM": "https://cwm.example/",
        "Le phare": "https://phare.example/",
        "Magalie": "https://magalie.example/",
    }
    assert rows["CWM"].parent_id == rows["Magalie"].id
    assert all(row.vanished_at is None and row.edited_at is None for row in rows.values())
    assert rows["Le phare"].kind == "pingback"


def test_a_comment_that_a_form_ought_to_tell_vanishes_all_the_same(tmp_path: Path) -> None:
    with steady_world(tmp_path) as context:
        take(context, atom(), ATOM, hours=1)
        gone = take(context, rest(1), REST, hours=2).vanished
        with context.database.read() as session:
            rows = session.execute(tables.comments.select()).all()
    assert [row.author for row in rows if row.id in gone] == ["CWM"]
