"""Files that come with an entry are known by their type, else by their name."""

import pytest

from aggregator.domain.enclosures import Kind, ending_of, file_name, kind_of
from aggregator.domain.items import Enclosure


@pytest.mark.parametrize(
    ("url", "media_type", "kind"),
    [
        ("https://a.example/e.mp3", "audio/mpeg", Kind.AUDIO),
        ("https://a.example/e.mp3", None, Kind.AUDIO),
        ("https://a.example/e.MP4?x=1", "application/octet-stream", Kind.VIDEO),
        ("https://a.example/e", "Video/MP4; codecs=avc1", Kind.VIDEO),
        ("https://a.example/e.jpg", "image/jpeg", Kind.IMAGE),
        ("https://a.example/e.jpg", "application/pdf", Kind.FILE),
        ("https://a.example/e.svg", "image/svg+xml", Kind.FILE),
        ("https://a.example/e.svg", None, Kind.FILE),
        ("https://a.example/e", None, Kind.FILE),
    ],
)
def test_a_file_is_of_its_declared_kind_else_of_that_of_its_name(
    url: str, media_type: str | None, kind: Kind
) -> None:
    assert kind_of(Enclosure(url=url, media_type=media_type)) == kind


def test_a_file_is_called_by_the_last_part_of_its_address() -> None:
    assert file_name("https://a.example/sons/%C3%A9pisode%201.mp3") == "épisode 1.mp3"
    assert file_name("https://a.example/") == "a.example"


def test_the_ending_of_a_name_is_short_or_none() -> None:
    assert ending_of("https://a.example/e.MP3") == "mp3"
    assert ending_of("https://a.example/e.longword") == ""
    assert ending_of("https://a.example/e") == ""
