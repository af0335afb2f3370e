"""Pictures of stored entries load only where the reader allows them."""

from aggregator.domain.markup import has_images, with_images

STORED = '<p>a</p><img data-src="https://cwm.example/a.png" alt="x">'


def test_pictures_are_given_their_source_when_they_may_load() -> None:
    assert with_images(STORED) == '<p>a</p><img src="https://cwm.example/a.png" alt="x">'


def test_it_can_be_told_whether_there_are_pictures() -> None:
    assert has_images(STORED)
    assert not has_images("<p>no picture</p>")
