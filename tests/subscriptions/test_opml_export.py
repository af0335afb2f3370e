"""The list is exported as OPML 2.0 that other readers understand, without its secrets."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.domain.exchange import OpmlFolder, OpmlOutline
from aggregator.subscriptions.opml import export

AT = datetime(2026, 11, 25, 10, 30, tzinfo=timezone(timedelta(hours=1)))
BLOG = OpmlOutline(
    name="Le blog de CWM",
    feed_url="https://cwm.example.org/rss",
    site_url="https://cwm.example.org/",
)


def outlines(*given_ones: OpmlOutline) -> list[etree._Element]:
    whole = etree.fromstring(
        export("Veille", [OpmlFolder(name="Une", outlines=given_ones)], created_at=AT)
    )
    return whole.findall("body/outline/outline")


def test_each_page_is_a_folder_in_the_order_given() -> None:
    folders = [
        OpmlFolder(name="Mon blog", outlines=(BLOG,)),
        OpmlFolder(name="Concurrents"),
        OpmlFolder(name="À la une"),
    ]
    whole = etree.fromstring(export("La liste de CWM", folders, created_at=AT))
    assert (whole.tag, whole.get("version")) == ("opml", "2.0")
    assert whole.findtext("head/title") == "La liste de CWM"
    assert whole.findtext("head/dateCreated") == "Wed, 25 Nov 2026 09:30:00 GMT"
    assert [each.get("text") for each in whole.findall("body/outline")] == [
        "Mon blog",
        "Concurrents",
        "À la une",
    ]


def test_a_subscription_has_all_that_readers_look_for() -> None:
    (outline,) = outlines(BLOG)
    assert dict(outline.attrib) == {
        "text": "Le blog de CWM",
        "title": "Le blog de CWM",
        "type": "rss",
        "xmlUrl": "https://cwm.example.org/rss",
        "htmlUrl": "https://cwm.example.org/",
    }


def test_names_and_passwords_in_addresses_are_left_out() -> None:
    text = export(
        "Veille",
        [
            OpmlFolder(
                name="Une",
                outlines=(
                    OpmlOutline(
                        name="Privé",
                        feed_url="https://moi:hunter2@a.org/feed?k=${KEY}",
                        site_url="https://moi:hunter2@a.org/",
                    ),
                ),
            )
        ],
        created_at=AT,
    ).decode()
    assert "hunter2" not in text
    assert "moi" not in text
    assert 'xmlUrl="https://a.org/feed?k=${KEY}"' in text


@pytest.mark.parametrize("site_url", [None, "", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_site_that_is_no_web_address_is_left_out(site_url: str | None) -> None:
    (outline,) = outlines(OpmlOutline(name="x", feed_url="https://a.org/", site_url=site_url))
    assert "htmlUrl" not in outline.attrib


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('"><script>alert(1)</script>&amp;', '"><script>alert(1)</script>&amp;'),
        ("a\x00b\x1bc\ufffe\ud800d", "abcd"),
        ("deux\nlignes\tici", "deux lignes ici"),
        ("\x07", "https://a.org/"),
        ("]]>&x;😀", "]]>&x;😀"),
    ],
)
def test_hostile_names_stay_names(name: str, written: str) -> None:
    (outline,) = outlines(OpmlOutline(name=name, feed_url="https://a.org/"))
    assert outline.get("text") == outline.get("title") == written


@given(st.text(), st.text())
def test_any_name_and_address_make_good_xml(name: str, address: str) -> None:
    assert len(outlines(OpmlOutline(name=name, feed_url=address, site_url=address))) == 1


def test_the_same_list_makes_the_same_bytes() -> None:
    folders = [OpmlFolder(name="Une", outlines=(BLOG, BLOG))]
    assert export("V", folders, created_at=AT) == export("V", folders, created_at=AT)
