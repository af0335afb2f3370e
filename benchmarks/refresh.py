"""CPU seconds to poll many sources: first fetch, nothing new, a little new, same body again.

Each round is a process of its own, `veille poll --force`, with the feeds of
`benchmarks.feed_server`. Where the package `reader` is installed it does the same in turn, and
the ratios are held against what is promised. The empty round is what a process costs that
finds nothing due: without it, a round costs what it costs a poller that runs already.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.feed_server import FeedServer, running
from benchmarks.feeds import ENTRIES, NEW
from benchmarks.installation import HAS_READER, Installation, Peer
from benchmarks.measuring import Spent, middle, print_table

EMPTY: Final = "empty round"
INDEX: Final = "first fetch + its index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """How many times less than `reader`, and at most how many CPU seconds per 1,000.

    `net` rounds are judged without what starting a process costs, on both sides.
    """

    times: float
    most_s: float | None = None
    net: bool = False


GOALS: Final = {
    "first fetch": Goal(times=1.8),
    "all 304": Goal(times=6, most_s=0.6, net=True),
    "changed": Goal(times=4),
    "same body, no validators": Goal(times=40, net=True),
}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=1000)
    options.add_argument("--runs", type=int, default=2)
    options.add_argument("--index", action="store_true", help="have reader index what it fetched")
    given = options.parse_args()
    ours: dict[str, list[Spent]] = defaultdict(list)
    theirs: dict[str, list[Spent]] = defaultdict(list)
    with running() as server:
        for source in range(given.sources):
            server.tell(f"feed/{source}")
        for run in range(given.runs):
            with tempfile.TemporaryDirectory() as folder:
                measure(Path(folder), server, given.sources, ours, theirs, index=given.index)
            print(f"run {run + 1} of {given.runs} done", file=sys.stderr)
    show(ours, given.sources, given.runs)
    if HAS_READER:
        compare(ours, theirs, given.sources)
    else:
        print("\nThe package reader is not installed: nothing to compare with.")


def measure(
    folder: Path,
    server: FeedServer,
    sources: int,
    ours: dict[str, list[Spent]],
    theirs: dict[str, list[Spent]],
    *,
    index: bool,
) -> None:
    """Run each kind of round once; what a round did must be what it was meant to do."""
    server.tell("edition/0")
    server.tell("validators/on")
    veille = Installation(folder, server, sources)
    peer = Peer(folder, server, sources) if HAS_READER else None
    expected = {
        "first fetch": ("changed", ENTRIES),
        "all 304": ("unchanged", 0),
        "changed": ("changed", NEW),
        "same body, no validators": ("unchanged", 0),
    }
    for name, (outcome, new) in expected.items():
        if name == "changed":
            server.tell("edition/1")
        if name.startswith("same body"):
            server.tell("validators/off")
        cost, summary = veille.poll("--force")
        assert summary[outcome] == sources, summary | {"sources": summary["sources"][:3]}
        assert summary["entries_new"] == new * sources
        ours[name].append(cost)
        ours[EMPTY].append(veille.poll()[0])
        if peer is not None:
            cost, done = peer.run("update")
            assert done["asked"] == sources, done
            assert done.get("new", 0) == new * sources, done
            theirs[name].append(cost)
            theirs[EMPTY].append(peer.run("nothing")[0])
            if index and name == "first fetch":
                extra, _ = peer.run("search")
                theirs[INDEX].append(Spent(cost.cpu_s + extra.cpu_s, cost.wall_s + extra.wall_s))


def show(ours: dict[str, list[Spent]], sources: int, runs: int) -> None:
    """Print what rounds of ours cost."""
    print_table(
        f"{sources} sources of {ENTRIES} entries, median of {runs}",
        ("round", "CPU s", "CPU s per 1,000", "wall s"),
        [
            (
                name,
                cpu_s := middle([one.cpu_s for one in ours[name]]),
                cpu_s * 1000 / sources,
                middle([one.wall_s for one in ours[name]]),
            )
            for name in (*GOALS, EMPTY)
        ],
    )


def compare(ours: dict[str, list[Spent]], theirs: dict[str, list[Spent]], sources: int) -> None:
    """Print both sides, their ratio and whether it is what was promised."""
    start = [middle([one.cpu_s for one in side[EMPTY]]) for side in (ours, theirs)]
    rows: list[tuple[str | float, ...]] = []
    for name, goal in GOALS.items():
        whole = [middle([one.cpu_s for one in side[name]]) for side in (ours, theirs)]
        net = [cost - empty for cost, empty in zip(whole, start, strict=True)]
        mine, other = net if goal.net else whole
        enough = other / mine >= goal.times
        if goal.most_s is not None:
            enough = enough and mine * 1000 / sources <= goal.most_s
        rows.append(
            (
                name,
                *(cost * 1000 / sources for cost in (*whole, *net)),
                *(f"{cost[1] / cost[0]:.1f}" for cost in (whole, net)),
                f"{goal.times:g} {'without start' if goal.net else 'whole'}"
                + (f", <= {goal.most_s} s" if goal.most_s else ""),
                "met" if enough else "MISSED",
            )
        )
    if theirs[INDEX]:
        with_index = middle([one.cpu_s for one in theirs[INDEX]])
        mine = middle([one.cpu_s for one in ours["first fetch"]])
        costs = (mine * 1000 / sources, with_index * 1000 / sources)
        rows.append((INDEX, *costs, "", "", f"{with_index / mine:.1f}", "", "", ""))
    columns = ("ours", "reader", "ours net", "reader net", "ratio", "ratio net", "must", "")
    print_table(
        "CPU s per 1,000, whole processes and without their start (net); ratio: reader / ours",
        ("round", *columns),
        rows,
    )
    print(f"\nempty round: ours {start[0]:.2f} s, reader {start[1]:.2f} s")


if __name__ == "__main__":
    main()
