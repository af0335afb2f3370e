"""Install the built wheel into an empty place and use it as a newcomer does, in both languages."""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent
PATIENCE_S: Final = 90
ENTRY: Final = re.compile(r'href="[^"]*/entries/\d+')


def main() -> None:
    """Install, then try every step; the first that fails ends the run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args().wheel.resolve()
    with tempfile.TemporaryDirectory(prefix="smoke-") as folder:
        place = Place(Path(folder).resolve())
        place.install(wheel)
        try_words(place)
        try_own_list(place)
        try_demo(place)
    print("the wheel works")


class Place:
    """An empty home, working folder and temporary folder, with the program beside them."""

    def __init__(self, root: Path) -> None:
        self.here, self.home, self.temporary = root / "here", root / "home", root / "temporary"
        for folder in (self.here, self.home, self.temporary):
            folder.mkdir()
        self._environment = root / "venv"

    def install(self, wheel: Path) -> None:
        """Make a fresh environment and put the wheel into it, with the pinned versions."""
        say(f"install {wheel.name}")
        venv.create(self._environment, with_pip=True)
        pip = [str(self._environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        constraints = PROJECT / "constraints.txt"
        subprocess.run(
            [*pip, "--disable-pip-version-check", "-c", str(constraints), str(wheel)], check=True
        )

    def variables(self, **more: str) -> dict[str, str]:
        """Give the surroundings of a fresh account: nothing of this one's settings."""
        kept = {name: value for name, value in os.environ.items() if name == "PATH"}
        return {**kept, "HOME": str(self.home), "TMPDIR": str(self.temporary), **more}

    def command(self, *arguments: str) -> list[str]:
        """Name the installed program."""
        return [str(self._environment / "bin" / "veille"), *arguments]

    def run(self, *arguments: str, **variables: str) -> str:
        """Run a command that must go well; give what it printed."""
        say("veille " + " ".join(arguments))
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.here,
            env=self.variables(**variables),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=PATIENCE_S,
        )
        return done.stdout


def try_words(place: Place) -> None:
    """Ask for the version, and for help in both languages."""
    version = place.run("--version")
    expect(bool(re.search(r"\d+\.\d+\.\d+", version)), f"no version in {version!r}")
    english = place.run("--help", LANG="C.UTF-8")
    french = place.run("--help", LANG="fr_FR.UTF-8")
    chosen = place.run("--help", LANG="C.UTF-8", VEILLE_LANGUAGE="fr")
    for name in ("init", "check", "serve", "poll", "demo", "search", "opml", "stats", "doctor"):
        expect(bool(re.search(rf"^\s+{name}\b", english, re.MULTILINE)), f"help lacks {name}")
    expect("dashboard" in english, "the help is not English")
    expect("tableau de bord" in french, "the help is not French under a French system")
    expect("tableau de bord" in chosen, "the help is not French when French is asked for")


def try_own_list(place: Place) -> None:
    """Write the first feeds.yaml and check it."""
    place.run("init")
    expect((place.here / "feeds.yaml").is_file(), "init wrote no feeds.yaml")
    answer = json.loads(place.run("check", "--json"))
    expect(answer["ok"] is True, f"the first feeds.yaml is not good: {answer}")


def try_demo(place: Place) -> None:
    """Start the demo, see an entry in both languages, stop it, and find nothing left."""
    (place.here / "feeds.yaml").unlink()
    before = snapshot(place)
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    log = place.here.parent / "demo.log"
    with started(place, log, port) as demo:
        french = page_with_an_entry(address, demo, log)
        expect('<html lang="fr"' in french, "the dashboard is not French on a French system")
        english = page_with_an_entry(address, demo, log, language="en")
        expect('<html lang="en"' in english, "the dashboard is not English when that is chosen")
        expect(address.rstrip("/") in log.read_text(), "the demo does not say its address")
        say("SIGINT")
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=30)
    expect(demo.returncode == 0, f"the demo ended with {demo.returncode}\n{log.read_text()}")
    left = snapshot(place) - before
    expect(not left, f"the demo left behind {sorted(map(str, left))}")
    expect(not answers(address), "the demo still answers")


@contextmanager
def started(place: Place, log: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run the demo beside us, and end it whatever happens."""
    say("veille demo")
    with log.open("w") as output:
        demo = subprocess.Popen(
            place.command("demo", "--port", str(port)),
            cwd=place.here,
            env=place.variables(LANG="fr_FR.UTF-8"),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield demo
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
            demo.wait()


def page_with_an_entry(
    address: str, demo: subprocess.Popen[str], log: Path, *, language: str | None = None
) -> str:
    """Wait for the dashboard to show an entry, in a chosen language; give the page."""
    say(f"GET {address} " + (f"with language={language}" if language else "as it comes"))
    end = time.monotonic() + PATIENCE_S
    page = ""
    while time.monotonic() < end and demo.poll() is None:
        page = get(address, language)
        if ENTRY.search(page):
            return page
        time.sleep(0.5)
    sys.exit(f"no entry shows on the dashboard:\n{page[:2000]}\n{log.read_text()}")


def get(address: str, language: str | None = None) -> str:
    """Read a page as one who chose a language there; one that does not answer yet is empty."""
    chosen = {"Cookie": f"language={language}"} if language else {}
    request = urllib.request.Request(address, headers=chosen)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            body: bytes = answer.read()
            return body.decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return ""


def answers(address: str) -> bool:
    """Tell whether something listens at an address."""
    return get(address) != ""


def snapshot(place: Place) -> set[Path]:
    """List what lies in the folders that a program might write into."""
    return {
        path for folder in (place.here, place.home, place.temporary) for path in folder.rglob("*")
    }


def free_port() -> int:
    """Ask the system for a port that nothing uses."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def say(step: str) -> None:
    """Print what is tried."""
    print(f"-- {step}", flush=True)


def expect(good: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as an assertion
    """End the run with a sentence where something is not as it must be."""
    if not good:
        sys.exit(f"smoke test: {otherwise}")


if __name__ == "__main__":
    main()
