"""A file that people keep is written whole or not at all."""

from pathlib import Path

import pytest

from aggregator.errors import InvalidInputError
from aggregator.subscriptions.files import write_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_written_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_atomically(tmp_path / "feeds.yaml", b"one", keep_previous=True)
    assert (tmp_path / "feeds.yaml").read_bytes() == b"one"
    assert names(tmp_path) == ["feeds.yaml"]


def test_the_previous_content_is_kept_if_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    for content in (b"one", b"two", b"three"):
        write_atomically(path, content, keep_previous=True)
    assert path.read_bytes() == b"three"
    assert (tmp_path / "feeds.yaml.previous").read_bytes() == b"two"
    assert names(tmp_path) == ["feeds.yaml", "feeds.yaml.previous"]


def test_the_previous_content_is_not_kept_unless_asked_for(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        write_atomically(tmp_path / "list.opml", content, keep_previous=False)
    assert names(tmp_path) == ["list.opml"]


def test_a_file_and_its_previous_content_keep_their_permissions(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"one")
    path.chmod(0o600)
    write_atomically(path, b"two", keep_previous=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "feeds.yaml.previous").stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    target = tmp_path / "kept" / "feeds.yaml"
    target.parent.mkdir()
    target.write_bytes(b"one")
    link = tmp_path / "feeds.yaml"
    link.symlink_to(target)
    write_atomically(link, b"two", keep_previous=True)
    assert link.is_symlink()
    assert target.read_bytes() == b"two"
    assert (target.parent / "feeds.yaml.previous").read_bytes() == b"one"


def test_a_write_that_fails_leaves_the_old_content_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aggregator.subscriptions.files.os.fsync", full)
    with pytest.raises(InvalidInputError, match="No space left on device"):
        write_atomically(path, b"two", keep_previous=True)
    assert path.read_bytes() == b"one"
    assert names(tmp_path) == ["feeds.yaml"]


def test_a_folder_that_is_missing_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be written"):
        write_atomically(tmp_path / "none" / "feeds.yaml", b"one", keep_previous=False)
