"""Files that people edit or keep: read within bounds, written whole or not at all."""

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from aggregator.errors import InvalidInputError
from aggregator.translations import N_

PREVIOUS: Final = ".previous"


def read_start(path: Path, most_bytes: int) -> bytes:
    """Read a file, of a long one the beginning only; a pipe is refused, it would be waited for."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    with path.open("rb") as file:
        return file.read(most_bytes)


def previous_of(path: Path) -> Path:
    """Name the file in which the content is kept that a file had before."""
    target = Path(os.path.realpath(path))
    return target.with_name(target.name + PREVIOUS)


def write_atomically(path: Path, content: bytes, *, keep_previous: bool) -> None:
    """Replace a file in one step: whoever reads it finds the old content or the new.

    The content that was there is kept beside it as `<name>.previous` if asked for. An
    existing file keeps its permissions; a symbolic link stays one, and its target is written.

    Raises:
        InvalidInputError: the system refuses; the sentence says why.
    """
    target = Path(os.path.realpath(path))
    try:
        if keep_previous and target.exists():
            _replace(previous_of(target), target.read_bytes(), like=target)
        _replace(target, content, like=target)
    except OSError as error:
        raise InvalidInputError(
            N_("%(path)s cannot be written: %(why)s."),
            path=str(path),
            why=error.strerror or str(error),
        ) from error


def _replace(target: Path, content: bytes, *, like: Path) -> None:
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as out:
            if like.exists():
                fresh.chmod(stat.S_IMODE(like.stat().st_mode))
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Bring the new name to the disk, where the system lets a folder be opened."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let no other thread or process that asks for the same lock work until the block ends."""
    with path.open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
