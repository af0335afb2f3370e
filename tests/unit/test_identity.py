"""What an entry is called."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain import identity
from aggregator.domain.identity import LONGEST_KEY, Naming, canonical_link, keys


def item(
    guid: str | None = None, url: str | None = None, title: str = "", date: str = ""
) -> Naming:
    return Naming(guid=guid, url=url, title=title, date=date)


def test_the_guid_names_an_item_as_it_is_written() -> None:
    assert keys([item("/?p=150#comment-1", "http://cwm.example/1")]) == ("/?p=150#comment-1",)


def test_a_guid_that_two_items_have_names_none_of_them() -> None:
    named = keys([item("b", "http://cwm.example/1"), item("b", "http://cwm.example/2"), item("c")])
    assert named == ("http://cwm.example/1", "http://cwm.example/2", "c")


def test_without_a_guid_the_canonical_link_names_it() -> None:
    named = keys([item(None, "HTTP://CWM.example:80/1?utm_source=rss#top"), item("")])
    assert named[0] == "http://cwm.example/1"


def test_without_guid_and_link_title_and_date_name_it() -> None:
    first, second, other = keys(
        [item(title="Un", date="hier"), item(title="Deux", date="hier"), item(title="Un")]
    )
    assert len({first, second, other}) == 3
    assert keys([item(title="Un", date="hier")]) == (first,)


def test_a_second_same_key_gets_a_number_and_nothing_is_folded() -> None:
    link = "http://cwm.example/1"
    assert keys([item(url=link)] * 3) == (link, f"{link}#2", f"{link}#3")
    assert keys([item(url=link), item(f"{link}#2"), item(url=link)]) == (
        link,
        f"{link}#2",
        f"{link}#3",
    )


def test_links_that_differ_by_their_fragment_alone_keep_it() -> None:
    named = keys([item(url="http://cwm.example/1#c1"), item(url="http://cwm.example/1#c2")])
    assert named == ("http://cwm.example/1#c1", "http://cwm.example/1#c2")


def test_a_key_is_never_longer_than_what_can_be_stored() -> None:
    long = "x" * (LONGEST_KEY + 1)
    (key,) = keys([item(long)])
    assert len(key) <= LONGEST_KEY
    assert keys([item(long)]) == (key,)
    assert keys([item(long + "y")]) != (key,)


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert len(keys([item(title="\ud800")])) == 1


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://CWM.Example/Path", "http://cwm.example/Path"),
        ("http://cwm.example", "http://cwm.example/"),
        ("http://cwm.example:80/", "http://cwm.example/"),
        ("https://cwm.example:443/", "https://cwm.example/"),
        ("https://cwm.example:8443/", "https://cwm.example:8443/"),
        ("https://cwm.example/a#b", "https://cwm.example/a"),
        ("https://cwm.example/?utm_source=a&p=1&fbclid=b", "https://cwm.example/?p=1"),
        ("https://cwm.example/?UTM_medium=a", "https://cwm.example/"),
        ("https://cwm.example/?b=2&a=1&empty=", "https://cwm.example/?b=2&a=1&empty="),
        ("https://cwm@cwm.example/", "https://cwm@cwm.example/"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("http://[broken/", "http://[broken/"),
        ("http://cwm.example:port/", "http://cwm.example:port/"),
        ("tag:cwm.example,2010:1", "tag:cwm.example,2010:1"),
        ("", ""),
    ],
)
def test_spellings_of_one_address_become_one(url: str, canonical: str) -> None:
    assert canonical_link(url) == canonical
    assert canonical_link(canonical) == canonical


@given(st.from_regex(r"https?://[a-z0-9.:-]{1,8}/[^?#]{0,6}(\?[a-z=&]{0,4})?", fullmatch=True))
@settings(max_examples=200)
def test_an_address_that_is_canonical_already_is_what_taking_it_apart_gives(url: str) -> None:
    quick = canonical_link(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_CANONICAL", re.compile(r"(?!)"))
        assert quick == canonical_link(url)
