"""The feeds that a page announces."""

import pytest

from aggregator.domain.items import FeedLink, WebPage
from aggregator.ingest.discover import MOST_FEEDS, ranked, read_page

URL = "https://cwm.example/2010/09/article/"


def page(*links: str) -> WebPage:
    return read_page(f"<html><head>{''.join(links)}</head></html>".encode(), url=URL)


def link(href: str, title: str = "", media_type: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{media_type}" title="{title}" href="{href}">'


def urls(found: WebPage) -> list[str]:
    return [feed.url for feed in found.feeds]


def test_a_page_announces_feeds_with_their_titles() -> None:
    found = page("<title>Le blog &amp; CWM</title>", link("/feed", "Le blog » Flux"))
    assert found == WebPage(
        title="Le blog & CWM",
        feeds=(
            FeedLink(
                url="https://cwm.example/feed",
                media_type="application/rss+xml",
                title="Le blog » Flux",
            ),
        ),
    )


def test_wordpress_announces_the_site_its_comments_and_those_of_the_post() -> None:
    found = page(
        link("https://cwm.example/2010/09/article/feed/", "CWM » Quantité ou qualité"),
        link("https://cwm.example/comments/feed/", "CWM » Flux des commentaires"),
        link("https://cwm.example/feed/", "CWM » Flux"),
        link("https://cwm.example/category/blogs/feed/", "CWM » blogs"),
    )
    assert urls(found) == [
        "https://cwm.example/feed/",
        "https://cwm.example/category/blogs/feed/",
        "https://cwm.example/comments/feed/",
        "https://cwm.example/2010/09/article/feed/",
    ]


@pytest.mark.parametrize(
    ("announced", "found"),
    [
        (["/feed/", "/comments/feed/", "/2010/09/article/feed/"], "/comments/feed/"),
        (["/blog/rss", "/blog/comments.atom"], "/blog/comments.atom"),
        (["/feeds/posts/default", "/feeds/comments/default"], "/feeds/comments/default"),
        (["/feed/", "/2010/09/article/comments/feed/"], None),
        (["/feed/"], None),
        (["/2010/09/article/comments.atom"], None),
    ],
)
def test_the_comments_of_a_site_are_told_from_those_of_a_post(
    announced: list[str], found: str | None
) -> None:
    told = page(*(link(f"https://cwm.example{path}") for path in announced)).comments_feed_url
    assert told == (found and f"https://cwm.example{found}")


def test_blogger_gives_the_comments_the_title_of_the_site() -> None:
    found = page(
        link("/feeds/123/comments/default", "El annuaire", "application/atom+xml"),
        link("/feeds/posts/default", "El annuaire", "application/atom+xml"),
    )
    assert urls(found)[0] == "https://cwm.example/feeds/posts/default"


def test_a_blog_in_a_folder_is_no_article() -> None:
    feeds = (FeedLink(url="https://a.example/blog/feed/"), FeedLink(url="https://a.example/c.rss"))
    assert ranked(feeds, "https://a.example/blog/") == feeds


def test_french_for_how_is_not_a_comment() -> None:
    found = page(link("/a", "Comment ça marche"), link("/b", "CWM"))
    assert urls(found) == ["https://cwm.example/a", "https://cwm.example/b"]


def test_a_comment_feed_alone_is_still_found() -> None:
    assert len(urls(page(link("feed/", "Commentaires sur : Quantité")))) == 1


def test_addresses_are_relative_to_the_base_of_the_page() -> None:
    found = page('<base href="/dossier/">', link("flux.xml"), link("//autre.example/rss"))
    assert urls(found) == ["https://cwm.example/dossier/flux.xml", "https://autre.example/rss"]


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="alternate" hreflang="en" href="/en/">',
        '<link rel="stylesheet" type="text/css" href="/a.css">',
        '<link rel="service.post" type="application/atom+xml" href="/post">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="http://[broken/">',
        '<link rel="alternate" type="application/rss+xml">',
    ],
)
def test_what_is_no_feed_is_left_out(element: str) -> None:
    assert page(element).feeds == ()


@pytest.mark.parametrize(
    "element",
    [
        '<LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="/f">',
        '<link rel="home alternate" type="text/xml" href="/f">',
        '<link rel="feed" href="/f">',
        '<link rel="alternate" type="application/feed+json" href="/f">',
        '<link rel="alternate" type="application/x-rss+xml" href="/f">',
    ],
)
def test_every_way_to_announce_a_feed_is_known(element: str) -> None:
    assert urls(page(element)) == ["https://cwm.example/f"]


def test_the_same_feed_twice_is_one() -> None:
    assert len(page(link("/f"), link("/f")).feeds) == 1


def test_a_page_of_nothing_but_feeds_is_bounded() -> None:
    assert len(page(*(link(f"/{n}") for n in range(1_000))).feeds) == MOST_FEEDS


@pytest.mark.parametrize("body", [b"<", b"<!-- -->", b"<html>", b"<div>" * 50_000, b"\xff" * 100])
def test_a_broken_page_announces_nothing(body: bytes) -> None:
    assert read_page(body, url=URL).feeds == ()
