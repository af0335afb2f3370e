"""Edits of feeds.yaml: what is meant is done, and every other byte stays."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aggregator.domain.exchange import Subscription
from aggregator.domain.following import FollowList
from aggregator.errors import InvalidInputError
from aggregator.subscriptions import feeds_yaml
from aggregator.subscriptions.edit import acts
from aggregator.subscriptions.edit.changes import Append, Change, Put
from aggregator.subscriptions.edit.text import edited
from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.encoding import decoded

FILE = """\
# ce que je suis
sources:
  - https://a.example/rss   # la mienne

  # Magalie écrit le dimanche
  - name: "Magalie"
    url: 'https://magalie.example/rss'
    tags: [huile, 'sept: huit']
    # every: 2h
pages:
  - name: Un
# la fin
"""


def change(text: str, *changes: Change) -> str:
    return edited(text.encode(), changes).content.decode()


def read(content: bytes) -> FollowList:
    reading = feeds_yaml.read(content, file="feeds.yaml", language="en")
    assert reading.follow is not None, reading.problems
    return reading.follow


def value_of(content: bytes) -> Any:
    return Document(decoded(content)[0]).value


def follow(content: bytes, *wanted: Subscription) -> bytes:
    listed = read(content) if content.strip() else FollowList()
    return edited(content, acts.following(value_of(content), listed, wanted)).content


def test_a_plain_address_is_added_below_the_comments_of_the_last_source() -> None:
    made = change(FILE, Append(at=("sources",), items=["https://new.example/rss"]))
    below = "    # every: 2h\n"
    assert made == FILE.replace(below, below + "\n  - https://new.example/rss\n")


def test_a_source_with_a_name_is_added_in_block_style() -> None:
    made = follow(FILE.encode(), Subscription(url="https://b.example/", name="B: le blog"))
    assert '    # every: 2h\n\n  - name: "B: le blog"\n    url: https://b.example/\npages:' in (
        made.decode()
    )


def test_a_plain_address_becomes_a_source_with_keys_and_keeps_its_comment() -> None:
    made = change(FILE, *acts.pausing(("sources", 0)))
    old = "  - https://a.example/rss   # la mienne\n"
    new = "  - url: https://a.example/rss   # la mienne\n    paused: true\n"
    assert made == FILE.replace(old, new)


def test_what_was_paused_and_resumed_is_as_it_was() -> None:
    paused = change(FILE, *acts.pausing(("sources", 1)))
    assert "sept: huit']\n    paused: true\n    # every: 2h\n" in paused
    assert change(paused, *acts.resuming(("sources", 1), retired=False)) == FILE


def test_a_retired_source_says_since_when_and_why() -> None:
    changes = acts.retiring(("sources", 1), since=date(2026, 11, 25), why="page: fermée")
    retired = change(FILE, *changes)
    assert (
        "    retired:\n      since: 2026-11-25\n"
        '      why: "page: fermée"\n    # every: 2h\n' in retired
    )
    assert change(retired, *acts.resuming(("sources", 1), retired=True)) == FILE


def test_comments_of_what_is_taken_away_stay() -> None:
    text = "sources:\n  - url: https://a.example/\n    retired:  # un\n      # deux\n"
    text += "      since: 2026-01-01  # trois\n    name: A\n"
    made = change(text, *acts.resuming(("sources", 0), retired=True))
    assert made == (
        "sources:\n  - url: https://a.example/\n    # un\n    # deux\n    # trois\n    name: A\n"
    )


def test_settings_are_set_changed_and_taken_away() -> None:
    text = "settings:\n  language: fr   # ma langue\nsources:\n  - https://a.example/\n"
    made = change(text, *acts.setting({"theme": "dark", "language": "en"}))
    assert made == text.replace("fr ", "en ").replace("langue\n", "langue\n  theme: dark\n")
    again = change(made, *acts.setting({"theme": None, "language": "fr"}))
    assert again == text


def test_a_missing_section_is_made_at_the_end_with_a_blank_line_where_there_are_some() -> None:
    made = change(FILE, *acts.setting({"theme": "dark"}))
    assert made == FILE + "\nsettings:\n  theme: dark\n".replace("\n\n", "\n")
    airy = "sources:\n  - https://a.example/\n\npages:\n  - name: Un\n"
    assert change(airy, *acts.setting({"theme": "dark"})) == airy + "\nsettings:\n  theme: dark\n"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", "sources:\n  - https://n.example/\n"),
        ("# rien\n", "# rien\n\nsources:\n  - https://n.example/\n"),
        ("sources:\n", "sources:\n  - https://n.example/\n"),
        ("sources: []\n", "sources:\n  - https://n.example/\n"),
        (
            "sources:\n  # - https://a.example/\n",
            "sources:\n  - https://n.example/\n  # - https://a.example/\n",
        ),
        (
            "sources:\n- https://a.example/\n",
            "sources:\n- https://a.example/\n- https://n.example/\n",
        ),
        (
            "sources:\n    -   https://a.example/",
            "sources:\n    -   https://a.example/\n    -   https://n.example/",
        ),
        (
            "sources:\r\n  - https://a.example/\r\n",
            "sources:\r\n  - https://a.example/\r\n  - https://n.example/\r\n",
        ),
        (
            "sources:\r  - https://a.example/\r",
            "sources:\r  - https://a.example/\r  - https://n.example/\r",
        ),
        (
            "\ufeffsources:\n  - https://a.example/\n",
            "\ufeffsources:\n  - https://a.example/\n  - https://n.example/\n",
        ),
        (
            "sources:\n  - https://a.example/\n\n  - https://b.example/\n\npages:\n",
            (
                "sources:\n  - https://a.example/\n\n  - https://b.example/\n\n"
                "  - https://n.example/\n\npages:\n"
            ),
        ),
    ],
)
def test_an_address_is_added_as_the_owner_writes(text: str, made: str) -> None:
    assert change(text, Append(at=("sources",), items=["https://n.example/"])) == made


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sources: [https://a.example/]\n", 1),
        ("# x\n{sources: [https://a.example/]}\n", 2),
        ("sources: &all\n  - https://a.example/\n", 1),
    ],
)
def test_what_cannot_be_spliced_is_refused_with_the_lines_to_put_in(text: str, line: int) -> None:
    with pytest.raises(InvalidInputError) as refused:
        change(text, Append(at=("sources",), items=["https://n.example/"]))
    assert refused.value.params["line"] == line
    assert refused.value.params["lines"] == "sources:\n  - https://n.example/"


def test_a_source_in_braces_is_refused_with_the_lines_to_put_in() -> None:
    with pytest.raises(InvalidInputError, match="paused: true"):
        change("sources:\n  - {url: https://a.example/}\n", *acts.pausing(("sources", 0)))


def test_a_key_beside_the_dash_is_said_to_be_taken_out_by_hand() -> None:
    text = "sources:\n  - paused: true\n    url: https://a.example/\n"
    with pytest.raises(InvalidInputError, match="Take out by hand: paused"):
        change(text, *acts.resuming(("sources", 0), retired=False))


def test_new_lines_are_told_by_their_numbers() -> None:
    made = edited(FILE.encode(), acts.pausing(("sources", 0)))
    told = [(line.number, line.text) for line in made.lines]
    assert told == [(3, "  - url: https://a.example/rss   # la mienne"), (4, "    paused: true")]


def test_a_source_goes_to_the_page_that_holds_its_own() -> None:
    text = b"pages:\n  - name: Un\n  - name: Deux\n    sources:\n      - https://a.example/\n"
    made = follow(text, Subscription(url="https://n.example/", page="Deux"))
    assert made == text + b"      - https://n.example/\n"


def test_a_new_page_is_added_and_moves_no_other_source() -> None:
    text = b"sources:\n  - https://a.example/\n"
    made = follow(text, Subscription(url="https://n.example/", page="Deux"))
    assert [(one.url, one.page) for one in read(made).sources] == [
        ("https://a.example/", "Veille"),
        ("https://n.example/", "Deux"),
    ]
    assert made.endswith(b"    page: Deux\npages:\n  - name: Veille\n  - name: Deux\n")


def test_the_first_page_needs_no_key() -> None:
    made = follow(FILE.encode(), Subscription(url="https://n.example/", page="Un"))
    assert b"  - https://n.example/\npages:" in made


ADDRESSES = st.sampled_from([f"https://{letter}.example/rss?a=1&b=%20" for letter in "abcdefgh"])
ODD = st.sampled_from(
    [
        "Magalie : bio",
        "#netvibes",
        "@compte",
        "& Co",
        "*x",
        "!A",
        "%p",
        "[C] D",
        "L'agence",
        "- x",
        "null",
        "true",
        "12",
        "",
        "“Foo”",
        'a "b"',
        "c\\d",
        "name:x",
        "x #y",
        "{a}",
        "a, b",
        "é: ",
        "?",
        "|",
        ">",
        "`x`",
        "https://x.example/#a",
        "x\xa0: y",
        "\xa0x",
        "18h",
        "9:00",
        "~",
        "=",
        "a:",
    ]
)
TEXTS = st.one_of(ODD, st.text(max_size=30))
COMMENTS = st.sampled_from(["", "", "  # dit « moi »", " #: [x]", "   # - 'a"])


@st.composite
def sources(draw: st.DrawFn, indent: str, urls: Sequence[str]) -> str:
    written = ""
    for url in urls:
        if draw(st.booleans()):
            written += draw(st.sampled_from(["", f"{indent}# avant\n", "\n", "\n# au bord\n"]))
        quote = draw(st.sampled_from(["", "'", '"']))
        shape = draw(st.integers(0, 3))
        comment, inner = draw(COMMENTS), indent + "  "
        if shape == 0:
            written += f"{indent}- {quote}{url}{quote}{comment}\n"
            continue
        written += f"{indent}- url: {quote}{url}{quote}{comment}\n"
        if shape > 1:
            written += f"{inner}tags:{draw(COMMENTS)}\n{inner}- un{draw(COMMENTS)}\n"
        if shape > 2:
            since = draw(st.sampled_from(["", f"{inner}  # pourquoi\n"]))
            written += f"{inner}retired:{draw(COMMENTS)}\n{since}{inner}  since: 2026-01-02\n"
        written += draw(st.sampled_from(["", f"{inner}name: N{draw(COMMENTS)}\n"]))
        written += draw(st.sampled_from(["", f"{inner}# every: 1h\n"]))
    return written


@st.composite
def files(draw: st.DrawFn) -> bytes:
    urls = draw(st.lists(ADDRESSES, unique=True, min_size=1, max_size=6))
    cut = draw(st.integers(0, len(urls)))
    indent = draw(st.sampled_from(["", "  ", "    "]))
    parts = [f"sources:{draw(COMMENTS)}\n{draw(sources(indent, urls[:cut]))}"]
    pages = f"pages:\n{indent}- name: Un{draw(COMMENTS)}\n"
    if urls[cut:]:
        pages += f"{indent}  sources:\n{draw(sources(indent + '    ', urls[cut:]))}"
    parts.append(pages)
    parts.append(draw(st.sampled_from(["", "settings:\n  language: fr # ici\n", "settings:\n"])))
    parts.append(draw(st.sampled_from(["", "# la fin\n", "\n\n"])))
    gap = draw(st.sampled_from(["", "\n", "# entre\n"]))
    text = gap.join(draw(st.permutations(parts)))
    text = text.rstrip("\n") if draw(st.booleans()) else text
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return (draw(st.sampled_from(["", "\ufeff"])) + text).encode()


def comments(content: bytes) -> list[str]:
    """Give the comments of a generated file, in which no text holds a # after a space."""
    return re.findall(r"(?:^|(?<=\s))#.*?(?=\r?$)", content.decode("utf-8-sig"), re.MULTILINE)


WIDE = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@WIDE
@given(content=files(), name=TEXTS, page=st.sampled_from([None, "Un", "Deux : trois"]))
def test_following_adds_one_source_and_changes_nothing_else(
    content: bytes, name: str, page: str | None
) -> None:
    before = read(content)
    wanted = Subscription(url="https://new.example/", name=name.strip() or None, page=page)
    assume(name.strip() == name)
    made = follow(content, wanted)
    after = read(made)
    new = [one for one in after.sources if one.url == wanted.url]
    assert [one for one in after.sources if one.url != wanted.url] == list(before.sources)
    assert [one.page for one in new] == [page or "Un"]
    assert (after.preferences, after.me) == (before.preferences, before.me)
    assert _lines_stay(content, made)


@WIDE
@given(content=files(), at=st.integers(0, 5), why=TEXTS)
def test_retiring_and_resuming_change_one_source_and_keep_every_comment(
    content: bytes, at: int, why: str
) -> None:
    before = read(content)
    url = before.sources[at % len(before.sources)].url
    path = acts.source_path(value_of(content), url)
    assert path is not None
    for changes in (
        acts.retiring(path, since=date(2026, 11, 25), why=why),
        acts.pausing(path),
        acts.resuming(path, retired=True),
    ):
        made = edited(content, changes).content
        after = read(made)
        others = [one for one in after.sources if one.url != url]
        assert others == [one for one in before.sources if one.url != url]
        assert sorted(comments(content)) == sorted(
            one for one in comments(made) if one in comments(content)
        )
    back = edited(edited(content, acts.pausing(path)).content, acts.resuming(path, retired=False))
    assert read(back.content) == before


@WIDE
@given(content=files(), theme=st.sampled_from(["dark", "light", None]))
def test_settings_change_alone(content: bytes, theme: str | None) -> None:
    made = edited(content, acts.setting({"theme": theme})).content
    assert (value_of(made).get("settings") or {}).get("theme") == theme
    assert read(made).sources == read(content).sources
    assert _lines_stay(content, made)


@given(text=TEXTS)
def test_any_text_is_written_so_that_it_is_read_again(text: str) -> None:
    made = edited(
        b"sources:\n  - https://a.example/\n", [Put(at=("sources", 0), values={"x": text})]
    )
    again = value_of(made.content)["sources"][0].get("x")
    assert (again or "").split() == text.split() or not text.isprintable()


def _lines_stay(content: bytes, made: bytes) -> bool:
    """Tell whether every line of a file is still there, byte for byte and in order."""
    lines = iter(made.splitlines())
    return all(line in lines for line in content.splitlines())
