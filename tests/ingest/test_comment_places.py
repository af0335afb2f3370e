"""Where comments are asked for: what is announced, and what a known platform has besides."""

from typing import Final

import pytest

from aggregator.ingest.comments.places import CommentPlace, of_entry, of_site

WORDPRESS: Final = "https://wordpress.org/?v=6.4"
CARNET: Final = "https://carnet.example"


def as_pairs(places: tuple[CommentPlace, ...]) -> list[tuple[str, str]]:
    return [(place.url, place.origin) for place in places]


SITES: Final = {
    "a WordPress that announces nothing": (
        f"{CARNET}/feed/",
        CARNET,
        WORDPRESS,
        None,
        [
            (f"{CARNET}/comments/feed/atom/", "wordpress"),
            (f"{CARNET}/wp-json/wp/v2/comments?per_page=100", "wordpress"),
            (f"{CARNET}/comments/feed/", "wordpress"),
        ],
    ),
    "a WordPress in a folder, read through another host": (
        "https://feeds.other.example/carnet",
        f"{CARNET}/blog/",
        WORDPRESS,
        None,
        [
            (f"{CARNET}/blog/comments/feed/atom/", "wordpress"),
            (f"{CARNET}/blog/wp-json/wp/v2/comments?per_page=100", "wordpress"),
            (f"{CARNET}/blog/comments/feed/", "wordpress"),
        ],
    ),
    "a WordPress without a site": (
        f"{CARNET}/blog/category/lamps/feed/",
        None,
        WORDPRESS,
        None,
        [],
    ),
    "a WordPress that announces its comments": (
        f"{CARNET}/feed/",
        "https://elsewhere.example/",
        None,
        f"{CARNET}/comments/feed/",
        [
            (f"{CARNET}/comments/feed/atom/", "wordpress"),
            (f"{CARNET}/wp-json/wp/v2/comments?per_page=100", "wordpress"),
            (f"{CARNET}/comments/feed/", "announced"),
        ],
    ),
    "a WordPress without fine addresses": (
        f"{CARNET}/?feed=rss2",
        CARNET,
        WORDPRESS,
        f"{CARNET}/?feed=comments-rss2",
        [
            (f"{CARNET}/?feed=comments-atom", "wordpress"),
            (f"{CARNET}/?rest_route=/wp/v2/comments&per_page=100", "wordpress"),
            (f"{CARNET}/?feed=comments-rss2", "announced"),
        ],
    ),
    "a blog at wordpress.com": (
        "https://lampes.wordpress.com/feed/",
        "https://lampes.wordpress.com",
        "http://wordpress.com/",
        None,
        [
            ("https://lampes.wordpress.com/comments/feed/atom/", "wordpress"),
            (
                "https://lampes.wordpress.com/wp-json/wp/v2/comments?per_page=100",
                "wordpress",
            ),
            ("https://lampes.wordpress.com/comments/feed/", "wordpress"),
        ],
    ),
    "a Blogger": (
        "https://faros.blogspot.com/feeds/posts/default?alt=rss",
        "https://faros.blogspot.com/",
        "Blogger",
        None,
        [("https://faros.blogspot.com/feeds/comments/default", "blogger")],
    ),
    "a Blogger behind FeedBurner": (
        "https://feeds.feedburner.com/faros",
        "https://www.faros.example/",
        "Blogger",
        None,
        [("https://www.faros.example/feeds/comments/default", "blogger")],
    ),
    "a Dotclear": (
        "https://quai.example/index.php?feed/rss2",
        "https://quai.example/",
        "Dotclear",
        None,
        [("https://quai.example/index.php?feed/atom/comments", "dotclear")],
    ),
    "a group of Reddit": (
        "https://www.reddit.com/r/feeds/.rss",
        "https://www.reddit.com/r/feeds/",
        None,
        None,
        [("https://www.reddit.com/r/feeds/comments/.rss", "reddit")],
    ),
    "a person of Reddit": (
        "https://www.reddit.com/user/mara/.rss",
        "https://www.reddit.com/user/mara",
        None,
        None,
        [],
    ),
    "a Discourse": (
        "https://talk.example/latest.rss",
        "https://talk.example/latest",
        "Discourse",
        None,
        [("https://talk.example/posts.rss", "discourse")],
    ),
    "a Mastodon": (
        "https://social.example/@cwm.rss",
        "https://social.example/@cwm",
        "Mastodon v4.2.1",
        None,
        [],
    ),
    "a program that is not known": (
        f"{CARNET}/feed/",
        CARNET,
        "Hugo",
        None,
        [],
    ),
    "a program that is not known and announces comments": (
        f"{CARNET}/rss",
        CARNET,
        None,
        f"{CARNET}/replies.xml",
        [(f"{CARNET}/replies.xml", "announced")],
    ),
    "Disqus, announced": (
        f"{CARNET}/rss",
        CARNET,
        None,
        "https://carnet.disqus.com/latest.rss",
        [("https://carnet.disqus.com/latest.rss", "announced")],
    ),
}


@pytest.mark.parametrize("name", SITES)
def test_where_the_comments_of_a_site_are(name: str) -> None:
    feed_url, site_url, generator, announced, expected = SITES[name]
    found = of_site(feed_url=feed_url, site_url=site_url, generator=generator, announced=announced)
    assert as_pairs(found) == expected


POST: Final = f"{CARNET}/2026/11/veilleurs"
ENTRIES: Final = {
    "a WordPress": (
        (f"{CARNET}/feed/", CARNET, WORDPRESS),
        (f"{CARNET}/?p=150", f"{POST}/?utm_source=rss", f"{POST}/feed/"),
        [
            (f"{POST}/feed/atom/", "wordpress"),
            (f"{CARNET}/wp-json/wp/v2/comments?post=150&per_page=100", "wordpress"),
            (f"{POST}/feed/", "announced"),
        ],
    ),
    "a WordPress known by its key alone": (
        (f"{CARNET}/feed/", None, None),
        (f"{CARNET}/?p=150", f"{POST}/", None),
        [
            (f"{POST}/feed/atom/", "wordpress"),
            (f"{CARNET}/wp-json/wp/v2/comments?post=150&per_page=100", "wordpress"),
            (f"{POST}/feed/", "wordpress"),
        ],
    ),
    "a WordPress without fine addresses": (
        (f"{CARNET}/?feed=rss2", CARNET, WORDPRESS),
        (f"{CARNET}/?p=150", f"{CARNET}/?p=150", f"{CARNET}/?feed=rss2&p=150"),
        [
            (f"{CARNET}/?feed=atom&p=150", "wordpress"),
            (f"{CARNET}/?rest_route=/wp/v2/comments&post=150&per_page=100", "wordpress"),
            (f"{CARNET}/?feed=rss2&p=150", "announced"),
        ],
    ),
    "a WordPress whose articles are behind a counter of clicks": (
        ("https://feeds.other.example/carnet", CARNET, WORDPRESS),
        (f"{CARNET}/?p=150", "https://clicks.other.example/r/1234", None),
        [(f"{CARNET}/wp-json/wp/v2/comments?post=150&per_page=100", "wordpress")],
    ),
    "a Blogger that announces them": (
        ("https://faros.blogspot.com/feeds/posts/default", None, "Blogger"),
        (
            "tag:blogger.com,1999:blog-77.post-31",
            "https://faros.blogspot.com/2026/11/g.html",
            "https://faros.blogspot.com/feeds/31/comments/default",
        ),
        [("https://faros.blogspot.com/feeds/31/comments/default", "announced")],
    ),
    "a Blogger": (
        ("https://faros.example/feeds/posts/default?alt=rss", None, "Blogger"),
        (
            "tag:blogger.com,1999:blog-77.post-31",
            "https://faros.example/2026/11/g.html",
            None,
        ),
        [("https://faros.example/feeds/31/comments/default", "blogger")],
    ),
    "a Dotclear": (
        ("https://quai.example/feed/rss2", "https://quai.example/", "Dotclear"),
        (
            "urn:md5:5d41402abc4b2a76b9719d911017c592",
            "https://quai.example/post/attente",
            "https://quai.example/feed/rss2/comments/150",
        ),
        [
            ("https://quai.example/feed/atom/comments/150", "dotclear"),
            ("https://quai.example/feed/rss2/comments/150", "announced"),
        ],
    ),
    "a post of Reddit": (
        ("https://www.reddit.com/r/feeds/.rss", None, None),
        (
            "t3_1abcde",
            "https://www.reddit.com/r/feeds/comments/1abcde/which_reader/",
            None,
        ),
        [("https://www.reddit.com/r/feeds/comments/1abcde/.rss", "reddit")],
    ),
    "a status of Mastodon": (
        ("https://social.example/@cwm.rss", None, "Mastodon v4.2.1"),
        ("https://social.example/@cwm/1135", "https://social.example/@cwm/1135", None),
        [("https://social.example/api/v1/statuses/1135/context", "mastodon")],
    ),
    "a topic of Discourse": (
        ("https://talk.example/latest.rss", "https://talk.example/latest", None),
        ("talk.example-topic-45", "https://talk.example/t/on-a-train/45", None),
        [("https://talk.example/t/on-a-train/45.rss", "discourse")],
    ),
    "a program that is not known": (
        (f"{CARNET}/feed", CARNET, "Ghost 5.0"),
        ("653a", f"{POST}/", None),
        [],
    ),
    "an article without an address": (
        (f"{CARNET}/feed/", None, WORDPRESS),
        ("sha256:1234", None, None),
        [],
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_where_the_comments_of_an_article_are(name: str) -> None:
    (feed_url, site_url, generator), (key, url, announced), expected = ENTRIES[name]
    found = of_entry(
        feed_url=feed_url,
        site_url=site_url,
        generator=generator,
        key=key,
        url=url,
        announced=announced,
        comments_url=f"{url}#comments" if url else None,
    )
    assert as_pairs(found) == expected
