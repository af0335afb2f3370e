"""Files that come with an entry: what kind each is, and what it is called."""

from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from aggregator.domain.items import Enclosure


class Kind(StrEnum):
    """How a file is shown."""

    AUDIO = "audio"
    VIDEO = "video"
    IMAGE = "image"
    FILE = "file"


_BY_ENDING: Final = {
    **dict.fromkeys(("mp3", "m4a", "aac", "oga", "ogg", "opus", "wav", "flac"), Kind.AUDIO),
    **dict.fromkeys(("mp4", "m4v", "webm", "ogv", "mov"), Kind.VIDEO),
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif"), Kind.IMAGE),
}
_TELLS_NOTHING: Final = {"", "application/octet-stream", "binary/octet-stream"}


def kind_of(enclosure: Enclosure) -> Kind:
    """Tell the kind of a file: by its declared type, else by how its name ends."""
    declared = (enclosure.media_type or "").partition(";")[0].strip().lower()
    if declared in _TELLS_NOTHING:
        return _BY_ENDING.get(ending_of(enclosure.url), Kind.FILE)
    main = declared.partition("/")[0]
    if main == "image" and "svg" in declared:
        return Kind.FILE
    return Kind(main) if main in {Kind.AUDIO, Kind.VIDEO, Kind.IMAGE} else Kind.FILE


def ending_of(url: str) -> str:
    """Give how the name of a file ends, in small letters: `mp3`; empty where it does not."""
    ending = file_name(url).rpartition(".")[2].lower()
    most = 5
    return ending if "." in file_name(url) and ending.isalnum() and len(ending) <= most else ""


def file_name(url: str) -> str:
    """Name a file by the last part of its address."""
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc
