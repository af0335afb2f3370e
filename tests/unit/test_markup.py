"""Stored markup is shown with pictures only where allowed, and reads right on our pages."""

import pytest

from aggregator.domain.markup import (
    count_images,
    has_images,
    headings_from,
    named_images,
    scrollable,
    with_images,
    words_for_images,
)

STORED = '<p>a</p><img data-src="https://cwm.example/a.png" alt="x">'
BARE = '<img data-src="https://cwm.example/a.png" width="3">'
ADORNING = '<img data-src="https://cwm.example/a.png" alt="" width="3">'


def test_pictures_are_given_their_source_when_they_may_load() -> None:
    assert with_images(STORED) == '<p>a</p><img src="https://cwm.example/a.png" alt="x">'


def test_it_can_be_told_whether_there_are_pictures_and_how_many() -> None:
    assert has_images(STORED)
    assert not has_images("<p>no picture</p>")
    assert count_images(STORED + BARE) == 2


def test_a_picture_without_a_description_is_called_what_it_is() -> None:
    assert named_images(BARE, "Image").endswith(' width="3" alt="Image">')
    assert named_images(STORED, "Image") == STORED


def test_a_picture_that_only_adorns_says_nothing_but_where_it_is_all_of_a_link() -> None:
    assert named_images(ADORNING, "Image") == ADORNING
    linked = f'<a href="https://cwm.example/"> {ADORNING}</a>'
    assert ' alt="Image"' in named_images(linked, "Image")
    beside = f'<a href="https://cwm.example/">{ADORNING} words</a>'
    assert named_images(beside, "Image") == beside


def test_the_description_of_a_picture_stands_in_its_place() -> None:
    assert words_for_images(STORED) == '<p>a</p><span class="picture-words">x</span>'
    assert words_for_images(ADORNING) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<h1>a</h1><h2>b</h2><h1>c</h1>", "<h3>a</h3><h4>b</h4><h3>c</h3>"),
        ("<h2>a</h2><h5>b</h5>", "<h3>a</h3><h4>b</h4>"),
        ("<h4>a</h4><h2>b</h2><h6>c</h6>", "<h3>a</h3><h3>b</h3><h4>c</h4>"),
        ('<h1 lang="fr">a</h1>', '<h3 lang="fr">a</h3>'),
        ("<h3>a</h3><h4>b</h4><h5>c</h5><h6>d</h6>", "<h3>a</h3><h4>b</h4><h5>c</h5><h6>d</h6>"),
        ("<h2>a</h2><h3></h3><h4></h4><h5></h5><h6>", "<h3>a</h3><h4></h4><h5></h5><h6></h6><h6>"),
        ("<h1><div><h2>a</h2></div></h1>", "<h3><div><h4>a</h4></div></h3>"),
        ("a</h2>", "a</h2>"),
        ("<header>a</header><hr>", "<header>a</header><hr>"),
    ],
)  # fmt: skip
def test_headings_follow_the_title_and_none_is_left_out(before: str, after: str) -> None:
    assert headings_from(before, 3) == after


def test_tables_and_code_scroll_by_keyboard_the_outermost_alone() -> None:
    assert scrollable("<pre>a</pre>", "Table") == '<pre tabindex="0">a</pre>'
    nested = "<table><tr><td><table></table></td></tr></table><table></table>"
    shown = scrollable(nested, "Table")
    opening = '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>'
    assert shown.count(opening) == 2
    assert shown.count("</table></div>") == 2
    assert "<td><table></table></td>" in shown
    assert scrollable("<p>a</p>", "Table") == "<p>a</p>"
