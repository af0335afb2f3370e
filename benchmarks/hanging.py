"""Seconds until 150 hosts are stored, alone and among 50 that never answer.

Each host is an address of its own of 127.0.0.0/8 (Linux answers at all of them) and answers
after 200 ms; both rounds are taken in turn, and the ratio is what counts.
"""

import argparse
import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from aggregator.services import following, polling
from aggregator.services.storing import Report
from aggregator.settings import Settings
from aggregator.wiring import assembled
from benchmarks.feeds import feed
from benchmarks.measuring import middle, print_table

QUICK: Final = 150
HANGING: Final = 50
DELAY_S: Final = 0.2
_NETWORK: Final = "127.9"


@contextmanager
def running() -> Iterator[int]:
    """Serve feeds at /feed, and nothing ever at /hang, at every address; give the port."""
    loop = asyncio.new_event_loop()
    body = feed(1, 0)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    held: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/hang" in await reader.readuntil(b"\r\n\r\n"):
            held.append(writer)
            return
        await asyncio.sleep(DELAY_S)
        writer.write(head + body)
        await writer.drain()
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "0.0.0.0", 0))  # noqa: S104
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def until_stored(folder: Path, hanging: Sequence[str], quick: Sequence[str]) -> float:
    """Poll them all in a new installation; give the seconds until all `quick` are stored."""
    list_file = folder / "feeds.yaml"
    list_file.write_text("sources:\n" + "".join(f"  - {url}\n" for url in (*hanging, *quick)))
    settings = Settings(data=folder, feeds=list_file, allow_private=(f"{_NETWORK}.0.0/16",))
    left, done = set(quick), threading.Event()
    with assembled(settings) as context:
        following.refresh(context)

        def stored(report: Report) -> None:
            left.discard(report.url)
            if not left:
                done.set()

        began = time.perf_counter()
        polls = threading.Thread(
            target=polling.poll_due,
            args=(context,),
            kwargs={"progress": stored, "stopping": done.is_set},
        )
        polls.start()
        done.wait()
        took_s = time.perf_counter() - began
        polls.join()
    return took_s


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    alone: list[float] = []
    among: list[float] = []
    with running() as port:
        quick = [f"http://{_NETWORK}.1.{number}:{port}/feed" for number in range(1, QUICK + 1)]
        hanging = [f"http://{_NETWORK}.2.{number}:{port}/hang" for number in range(1, HANGING + 1)]
        for _ in range(given.runs):
            for others, taken in (((), alone), (hanging, among)):
                with tempfile.TemporaryDirectory() as folder:
                    taken.append(until_stored(Path(folder), others, quick))
    ratio = middle([slow / fast for slow, fast in zip(among, alone, strict=True)])
    print_table(
        f"{QUICK} hosts stored, median of {given.runs}",
        ("round", "seconds"),
        [
            ("alone", middle(alone)),
            (f"among {HANGING} that hang", middle(among)),
            ("ratio", ratio),
        ],
    )
    print(f"the ratio must be at most 1.5: {'met' if ratio <= 1.5 else 'missed'}")


if __name__ == "__main__":
    main()
