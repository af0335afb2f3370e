"""The disk is full, and has room again: pages are read all the time, and nothing is lost."""

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psutil
import pytest

from tests.fleeting import Fleeting, ask, assert_sound, follow, serving, stored
from tests.processes import Started, eventually, variables
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.slow

SIZE: Final = 12 * 1024 * 1024
LONG: Final = "Un texte qui prend de la place. " * 6_000
CAP_SYS_ADMIN: Final = 21
Figure = Callable[[str, object], None]


def may_mount() -> bool:
    """Tell whether this process may mount a disk of its own."""
    with suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
        capable = next(line for line in lines if line.startswith("CapEff:"))
        return bool(int(capable.split()[1], 16) >> CAP_SYS_ADMIN & 1)
    return False


class SmallDisk:
    """A disk of twelve megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, _server: Started) -> None:
        with suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while ballast.write(b"x" * 4096):
                pass

    def make_room(self, _server: Started) -> None:
        (self.folder / "ballast").unlink()


class ShortFiles(SmallDisk):
    """A system that lets no file of these processes grow: where no disk may be mounted."""

    def fill(self, server: Started) -> None:
        most = max(path.stat().st_size for path in self.folder.glob("veille.db*"))
        self._limit(server, most)

    def make_room(self, server: Started) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    @staticmethod
    def _limit(server: Started, most: int) -> None:
        for process in server.family():
            hard = process.rlimit(psutil.RLIMIT_FSIZE)[1]
            process.rlimit(psutil.RLIMIT_FSIZE, (most, hard))


@contextmanager
def disk(kind: str, folder: Path) -> Iterator[SmallDisk]:
    """Give a disk that can be filled."""
    folder.mkdir()
    if kind == "files":
        yield ShortFiles(folder)
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "veille", folder], check=True)  # noqa: S607
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S607


@pytest.mark.parametrize("kind", ["disk", "files"] if may_mount() else ["files"])
def test_a_disk_that_is_full_stops_only_writing_until_there_is_room(
    tmp_path: Path, scripted_server: ScriptedServer, kind: str, figure: Figure
) -> None:
    fleeting = Fleeting(scripted_server, text=LONG)
    follow(tmp_path, fleeting.url)
    with disk(kind, tmp_path / "disk") as small:
        path = small.folder / "veille.db"
        surroundings = variables(tmp_path, VEILLE_DATA=str(small.folder))
        with serving(tmp_path, surroundings) as server:
            eventually(lambda: len(stored(path)) > 2)
            poller = server.poller
            small.fill(server)
            eventually(lambda: "cannot be used now" in server.err.read_text("utf-8"))
            given = fleeting.given
            assert [ask(server.address + where)[0] for where in ("", "sources", "entries/1")] == [
                200
            ] * 3
            status, page = eventually(lambda: refused(server.address))
            assert (status, "When that is mended, try again" in page) == (503, True)
            assert fleeting.given <= given + 1, "a source is asked again and again in vain"
            small.make_room(server)
            eventually(lambda: len(stored(path)) > given + 1)
            assert server.poller.pid == poller.pid
            assert ask(server.address + "entries/1/star", {})[0] == 200
            log = server.err.read_text("utf-8")
            numbers = stored(path)
        assert_sound(path)
    assert "Traceback" not in log
    assert numbers == list(range(1, len(numbers) + 1))
    figure(f"articles stored across a time without room ({kind})", len(numbers))


def refused(address: str) -> tuple[int, str] | None:
    """Star articles until that is refused: a few may fit in what is left."""
    for act in ("star", "unstar"):
        status, page = ask(f"{address}entries/1/{act}", {})
        if status != 200:
            return status, page
    return None
