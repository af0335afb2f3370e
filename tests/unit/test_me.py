"""Which comments are mine, and who only borrows my name."""

import pytest

from aggregator.domain.conversations.comments import Mine
from aggregator.domain.conversations.me import Whose, myself, place, whose

ME = myself(
    names=["CWM", "Chloé Béa"],
    sites=[
        "https://cwm.over-blog.com/",
        "https://www.blogger.com/profile/1",
        "https://www.facebook.com/profile.php?id=12",
        "https://example.org/~cwm/",
    ],
    email_hashes=["mine"],
)


def told(
    name: str = "Magalie",
    url: str | None = None,
    *,
    email_hash: str | None = None,
    by_author: bool = False,
    own: bool = False,
) -> Whose:
    return whose(name=name, url=url, email_hash=email_hash, by_author=by_author, own=own, me=ME)


def test_my_e_mail_is_mine_whatever_is_signed() -> None:
    assert told("X", "https://elsewhere.example/", email_hash="mine").mine is Mine.EMAIL


def test_another_e_mail_is_not_mine() -> None:
    assert told(email_hash="other") == Whose(mine=None)


@pytest.mark.parametrize(
    "url",
    [
        "https://cwm.over-blog.com/",
        "http://cwm.over-blog.com",
        "HTTP://WWW.CWM.Over-Blog.com//",
        "http://cwm.over-blog.com:80/",
        "https://cwm.over-blog.com:443",
        "https://cwm.over-blog.com./",
        "http://cwm.over-blog.com/article-57.html",
        "http://cwm.over-blog.com/?utm_source=x",
        "http://cwm.over-blog.com/#moi",
        "cwm.over-blog.com",
        "http://www.blogger.com/profile/1",
        "http://facebook.com/profile.php?id=12",
        "http://example.org/%7ECWM",
        "http://example.org/~cwm/blog",
    ],
)
def test_my_site_is_mine_in_every_spelling_and_below_it(url: str) -> None:
    assert told("X", url).mine is Mine.SITE


@pytest.mark.parametrize(
    "url",
    [
        "http://over-blog.com/",
        "http://xcwm.over-blog.com/",
        "http://cwm.over-blog.com.evil.example/",
        "http://evil.example/cwm.over-blog.com/",
        "http://evil.example/?cwm.over-blog.com",
        "http://cwm.over-blog.com@evil.example/",
        "http://cwm.over-blog.com:8080/",
        "https://www.blogger.com/profile/12",
        "https://www.blogger.com/profile",
        "https://www.blogger.com/",
        "https://www.facebook.com/profile.php?id=13",
        "https://www.facebook.com/profile.php",
        "https://example.org/",
        "https://example.org/~cwmx",
    ],
)
def test_another_site_is_not_mine_and_my_name_with_it_is_suspect(url: str) -> None:
    assert told("CWM", url, own=True) == Whose(mine=None, suspect=True)
    assert told("Magalie", url, own=True) == Whose(mine=None)


@pytest.mark.parametrize(
    "url",
    ["", "http://[", "http://x:99999/", "mailto:cwm@example.org", "javascript:1", "http:///"],
)
def test_what_is_no_site_is_none(url: str) -> None:
    assert place(url) == ""
    assert told("CWM", url, own=True).mine is Mine.NAME


def test_a_name_that_no_host_can_have_is_no_site() -> None:
    assert place("http://" + "é" * 80 + ".example/") == ""


def test_a_site_is_the_same_in_its_two_spellings_of_letters() -> None:
    assert place("http://été.example/") == place("http://xn--t-9fab.example/")


def test_the_mark_of_the_author_counts_on_my_sources_alone() -> None:
    assert told("Rédaction", by_author=True, own=True).mine is Mine.AUTHOR
    assert told("Rédaction", by_author=True).mine is None


@pytest.mark.parametrize("name", ["CWM", "cwm", " C\u200bWM ", "CHLOE  BEA", "Chloé\u00a0Béa"])
def test_my_name_alone_counts_on_my_sources_in_every_spelling(name: str) -> None:
    assert told(name, own=True).mine is Mine.NAME


def test_my_name_alone_is_neither_mine_nor_suspect_elsewhere() -> None:
    assert told("CWM") == Whose(mine=None)


def test_my_name_with_my_site_is_mine_anywhere() -> None:
    assert told("CWM", "http://cwm.over-blog.com").mine is Mine.SITE


def test_who_says_nothing_of_oneself_has_no_comment() -> None:
    nobody = myself(names=["", " "], sites=["", "http://["], email_hashes=[])
    given = whose(name="", url="", email_hash=None, by_author=False, own=True, me=nobody)
    assert given == Whose(mine=None)
