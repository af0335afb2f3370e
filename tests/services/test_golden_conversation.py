"""The golden case of PRODUCT.md: ten comments, exact whatever platform told them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pytest

from tests.cli.conftest import empty_place, veille
from tests.command import CommandLine
from tests.conversations import GOLDEN_TEXTS, MINE_URL
from tests.scripted_server import Answer
from tests.world import World

__all__ = ["empty_place", "veille"]

ARTICLE_AT: Final = "Fri, 17 Sep 2010 04:33:00 GMT"
ANSWERS: Final = {
    "2010-09-17T15:30:00Z": "2010-09-17T13:10:00Z",
    "2010-09-17T17:41:00Z": "2010-09-17T16:27:00Z",
    "2010-09-19T08:50:00Z": "2010-09-18T22:04:00Z",
    "2010-09-19T08:51:00Z": "2010-09-19T02:43:00Z",
    "2010-09-19T12:37:00Z": "2010-09-19T09:45:00Z",
}
"""When each answer was written, and the comment that it answers."""

METRICS: Final = {
    "received": 5,
    "answered": 5,
    "answer_rate": 1.0,
    "median_s": 172 * 60,
    "mean_s": 280 * 60,
    "longest_s": 646 * 60,
    "first_comment_after_s": (8 * 60 + 37) * 60,
}


def follow(
    world: World, *, link: str, key: str = "billet-150", more: str = "", generator: str = ""
) -> None:
    """Follow a blog of mine whose only article has the golden conversation."""
    document = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel><title>Le blog de CWM</title>'
        f"<link>{world.web.url('/')}</link><generator>{escape(generator)}</generator>"
        f"<item><guid isPermaLink='false'>{escape(key)}</guid>"
        f"<title>Quantité ou qualité ?</title><link>{escape(link)}</link>"
        f"<pubDate>{ARTICLE_AT}</pubDate>{more}</item></channel></rss>"
    )
    headers = (("Content-Type", "application/rss+xml"),)
    url = world.web.answer("/rss", Answer(body=document.encode(), headers=headers))
    world.follow(
        text=f"me:\n  names: [CWM]\n  sites: [{MINE_URL}/, https://cwm.over-blog.com/]\n"
        f"sources:\n  - url: {url}\n    mine: true\n"
    )


def announced(url: str) -> str:
    return f"<wfw:commentRss>{escape(url)}</wfw:commentRss>"


def serve(world: World, path: str, body: str | bytes, kind: str = "application/xml") -> str:
    content = body.encode() if isinstance(body, str) else body
    return world.web.answer(path, Answer(body=content, headers=(("Content-Type", kind),)))


def wordpress(world: World, golden: Path) -> None:
    url = serve(world, "/billet/feed/", (golden / "wordpress-comments.rss.xml").read_bytes())
    follow(world, link="http://blog.example/quantite-ou-qualite/", more=announced(url))


def blogger(world: World, golden: Path) -> None:
    there = "http://www.blogger.com/feeds/100/150/comments/default?"
    pages = [
        (golden / f"blogger-comments-page{number}.atom.xml")
        .read_text(encoding="utf-8")
        .replace(there, world.web.url("/comments?"))
        for number in (1, 2)
    ]
    url = serve(world, "/comments", pages[0])
    serve(world, "/comments?start-index=6&max-results=5", pages[1])
    link = "http://cwm.blogspot.com/2010/09/quantite-ou-qualite.html"
    follow(world, link=link, key="tag:blogger.com,1999:blog-100.post-150", more=announced(url))


def dotclear(world: World, golden: Path) -> None:
    url = serve(
        world, "/feed/atom/comments/150", (golden / "dotclear-comments.atom.xml").read_bytes()
    )
    follow(world, link="http://dc.example/post/2010/09/17/Quantite", more=announced(url))


def threaded_atom(world: World, _golden: Path) -> None:
    entries = "".join(
        f"<entry><id>tag:cwm,2010:{number}</id><title>Re</title><published>{at}</published>"
        f"<updated>{at}</updated><link href='http://cwm.example/billet#isso-{number}'/>"
        f"<author><name>{author}</name><uri>{site or ''}</uri></author>"
        f"<thr:in-reply-to ref='tag:cwm,2010:{parent or 'billet'}' "
        f"href='http://cwm.example/billet'/><content>{escape(text)}</content></entry>"
        for number, parent, author, site, at, text in GOLDEN_TEXTS
    )
    url = serve(
        world,
        "/isso.atom",
        '<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:thr="http://purl.org/syndication/thread/1.0"><title>Comments</title>'
        f"<id>tag:cwm,2010:comments</id>{entries}</feed>",
    )
    follow(world, link="http://cwm.example/billet", key="tag:cwm,2010:billet", more=announced(url))


def mastodon(world: World, _golden: Path) -> None:
    answers = [
        {
            "id": f"{1500 + number}",
            "in_reply_to_id": f"{1500 + (parent or 0)}",
            "in_reply_to_account_id": f"{parent or 2}",
            "created_at": at,
            "url": f"https://social.example/@{number}/{1500 + number}",
            "content": f"<p>{escape(text)}</p>",
            "account": {"id": f"{number}", "display_name": author, "url": site},
        }
        for number, parent, author, site, at, text in GOLDEN_TEXTS
    ]
    context = json.dumps({"ancestors": [], "descendants": answers})
    serve(world, "/api/v1/statuses/1500/context", context, "application/json")
    follow(world, link=world.web.url("/@cwm/1500"), generator="Mastodon v4.2.0")


def wordpress_rest(world: World, _golden: Path) -> None:
    page = world.web.url("/billet/")
    told = [
        {
            "id": number,
            "post": 150,
            "parent": parent or 0,
            "author_name": author,
            "author_url": site or "",
            "date_gmt": at.removesuffix("Z"),
            "content": {"rendered": f"<p>{escape(text)}</p>"},
            "link": f"{page}#comment-{number}",
            "type": "comment",
        }
        for number, parent, author, site, at, text in reversed(GOLDEN_TEXTS)
    ]
    path = "/wp-json/wp/v2/comments?post=150&per_page=100"
    serve(world, path, json.dumps(told), "application/json")
    follow(
        world,
        link=page,
        key=world.web.url("/?p=150"),
        more=announced(world.web.url("/billet/feed/")),
        generator="https://wordpress.org/?v=6.4",
    )


FORMATS: Final[dict[str, Callable[[World, Path], None]]] = {
    "wordpress": wordpress,
    "blogger": blogger,
    "dotclear": dotclear,
    "threaded-atom": threaded_atom,
    "mastodon": mastodon,
    "wordpress-rest": wordpress_rest,
}


@pytest.mark.corpus
@pytest.mark.parametrize("name", FORMATS)
def test_the_golden_conversation_is_exact(
    name: str, world: World, veille: CommandLine, corpus: Path
) -> None:
    FORMATS[name](world, corpus / "golden-thread")
    world.poll()
    told: Any = veille("conversations", "--json").document
    assert told["metrics"] == METRICS
    (thread,) = told["threads"]
    assert thread["entry_title"] == "Quantité ou qualité ?"
    at = {comment["id"]: comment["published_at"] for comment in thread["comments"]}
    answered = {
        at[comment["id"]]: at.get(comment["parent"])
        for comment in thread["comments"]
        if comment["mine"]
    }
    assert answered == ANSWERS
    assert {
        at[comment["answered_by"]]: at[comment["id"]]
        for comment in thread["comments"]
        if comment["state"] == "answered"
    } == ANSWERS
    others = [comment for comment in thread["comments"] if not comment["mine"]]
    assert [(comment["parent"], comment["state"]) for comment in others] == [
        (None, "answered")
    ] * 5
    by_rule = {"dotclear": "deduced", "wordpress": "deduced"}.get(name, "declared")
    assert {comment["pairing"] for comment in thread["comments"] if comment["mine"]} == {by_rule}
