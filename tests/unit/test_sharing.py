"""What is shared of an entry follows nobody."""

import pytest

from aggregator.domain.sharing import MOST_TITLE, server_name, short_title, without_tracking


@pytest.mark.parametrize(
    ("url", "shared"),
    [
        ("https://a.example/b", "https://a.example/b"),
        ("https://a.example/b?utm_source=rss&utm_medium=feed", "https://a.example/b"),
        ("https://a.example/b?id=3&fbclid=xyz&page=2", "https://a.example/b?id=3&page=2"),
        ("https://a.example/b?GCLID=1#top", "https://a.example/b#top"),
        ("https://a.example/b#xtor=RSS-3208", "https://a.example/b"),
        ("https://a.example/b?q=caf%C3%A9+noir&empty=&mc_eid=1", "https://a.example/b?q=caf%C3%A9+noir&empty="),
        ("https://a.example/b?fbclidish=1&at=2", "https://a.example/b?fbclidish=1&at=2"),
        ("https://a.example/b?at_medium=RSS&at_campaign=x", "https://a.example/b"),
        ("https://a.example/b?%75tm=1;x", "https://a.example/b?%75tm=1;x"),
    ],
)  # fmt: skip
def test_what_follows_readers_is_taken_out_of_an_address_and_nothing_else(
    url: str, shared: str
) -> None:
    assert without_tracking(url) == shared


def test_a_long_title_is_cut_at_a_word() -> None:
    cut = short_title("mot " * 100)
    assert len(cut) <= MOST_TITLE
    assert cut.endswith("mot…")
    assert len(short_title("m" * 1000)) == MOST_TITLE
    assert short_title("court") == "court"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mamot.fr", "mamot.fr"),
        (" https://Mamot.fr/@cwm ", "mamot.fr"),
        ("@cwm@framapiaf.org", "framapiaf.org"),
        ("réseau.example", "xn--rseau-bsa.example"),
        ("mastodon.example:8443", "mastodon.example:8443"),
        ("", None),
        ("localhost", None),
        ("a b.example", None),
        ("evil.example?x", None),
        ("evil.example#.fr", None),
        ("a..example", None),
        ("x.example:port", None),
        ("é" * 80 + ".example", None),
    ],
)
def test_the_name_of_a_server_is_read_however_it_is_written(
    written: str, name: str | None
) -> None:
    assert server_name(written) == name
