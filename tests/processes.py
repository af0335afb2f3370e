"""`veille` as processes of their own: started by a test, looked at, and ended by their ids."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

T = TypeVar("T")


def eventually(look: Callable[[], T | None], *, within_s: float = 20) -> T:
    """Look again and again until there is something to see: another process decides when."""
    end_s = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < end_s, f"{look} saw nothing within {within_s} seconds"
        time.sleep(0.05)
    return found


@dataclass(frozen=True, kw_only=True)
class Started:
    """A running `veille`, its output in files."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def address(self) -> str:
        """The address of the dashboard, once it is said."""
        return eventually(self._address)

    def _address(self) -> str | None:
        assert self.process.poll() is None, self.err.read_text("utf-8")
        said = re.search(r"http://127\.0\.0\.1:\d+/(?= \()", self.out.read_text("utf-8"))
        return said[0] if said else None

    def page(self, path: str = "") -> str:
        """Read a page of the dashboard; empty while it does not answer."""
        return get(self.address + path)

    def shows(self, words: str, path: str = "") -> bool:
        return words in self.page(path)

    @property
    def poller(self) -> psutil.Process:
        """The poller of a server, once it is there."""
        return eventually(self._poller)

    def _poller(self) -> psutil.Process | None:
        with suppress(psutil.Error):
            children = psutil.Process(self.process.pid).children()
            return next((child for child in children if "poller" in child.cmdline()), None)
        return None

    def family(self) -> list[psutil.Process]:
        """List the process and all that it started."""
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]


def get(address: str) -> str:
    """Read a page as one whose browser speaks English; empty where nobody answers."""
    asked = urllib.request.Request(address, headers={"Accept-Language": "en"})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 - our own address
            body: bytes = answer.read()
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return ""
    return body.decode()


def none_alive(processes: list[psutil.Process]) -> bool:
    """Tell whether all have ended, those included that nobody has waited for."""
    return all(
        not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        for process in processes
    )


def variables(folder: Path, **more: str) -> Mapping[str, str]:
    """Give the surroundings of a fresh account in a folder: nothing of this one's settings."""
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    own = {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "VEILLE_DATA": str(folder),
        "VEILLE_FEEDS": str(folder / "feeds.yaml"),
        "VEILLE_ALLOW_PRIVATE": "127.0.0.1",
        "VEILLE_FLOOR": "1s",
        "VEILLE_TICK": "1s",
        "VEILLE_PARSERS": "1",
    }
    return kept | own | more


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "aggregator", *arguments]


@contextmanager
def started(
    *arguments: str, folder: Path, surroundings: Mapping[str, str] | None = None
) -> Iterator[Started]:
    """Start `veille` in a folder; whatever it started is ended with it."""
    number = len(list(folder.glob("*.out")))
    out, err = folder / f"{number}.out", folder / f"{number}.err"
    with out.open("wb") as said, err.open("wb") as logged:
        process = subprocess.Popen(
            command(*arguments),
            cwd=folder,
            env=surroundings or variables(folder),
            stdout=said,
            stderr=logged,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield Started(process=process, out=out, err=err)
    finally:
        # The group is the process and its children, as it leads a session of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(
    *arguments: str, folder: Path, surroundings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a `veille` that ends by itself."""
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=surroundings or variables(folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
