"""Installations that follow the feeds of `benchmarks.feed_server`: ours, and that of `reader`.

Each round is a process of its own, as from a command line, with all its children.
"""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from benchmarks.feed_server import FeedServer
from benchmarks.measuring import Spent, children

HAS_READER: Final = importlib.util.find_spec("reader") is not None


class Installation:
    """A Veille with a database of its own, that follows the first `sources` feeds."""

    def __init__(self, folder: Path, server: FeedServer, sources: int) -> None:
        self.sources = sources
        self._list = folder / "feeds.yaml"
        self.environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("VEILLE_")},
            "VEILLE_DATA": str(folder),
            "VEILLE_FEEDS": str(self._list),
            "VEILLE_ALLOW_PRIVATE": "127.0.0.0/8",
            "VEILLE_FLOOR": "1s",
        }
        lines = "".join(f"  - {server.url(source)}\n" for source in range(sources))
        self._list.write_text(f"sources:\n{lines}")

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command of Veille."""
        return subprocess.Popen(
            [sys.executable, "-m", "aggregator", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
        )

    def poll(self, *options: str) -> tuple[Spent, dict[str, Any]]:
        """Run one round; give what it cost and what it says it did."""
        with children() as spent:
            process = self.start("poll", "--json", *options)
            told, _ = process.communicate()
        assert process.returncode == 0, told.decode()
        return spent, json.loads(told)


class Peer:
    """A `reader` with a database of its own, that follows the same feeds."""

    def __init__(self, folder: Path, server: FeedServer, sources: int) -> None:
        self._database = str(folder / "reader.sqlite")
        self.run("add", *(server.url(source) for source in range(sources)))

    def run(self, what: str, *urls: str) -> tuple[Spent, dict[str, int]]:
        """Do one thing that `benchmarks.reader_peer` knows; give what it cost and what it did."""
        with children() as spent:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.reader_peer", self._database, what],
                input="\n".join(urls).encode(),
                stdout=subprocess.PIPE,
                check=True,
            )
        return spent, json.loads(done.stdout)
