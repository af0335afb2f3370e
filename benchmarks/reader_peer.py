"""One round of the package `reader`: `python -m benchmarks.reader_peer DATABASE WHAT`.

WHAT is `add` (the addresses are read from the standard input), `update` (every feed),
`nothing` (feeds that are due by its own schedule: none) or `search` (bring its index of
words up to date, which it keeps apart from its updates).
"""

import json
import sys
from collections import Counter

from reader import make_reader

_WORKERS = 8


def main() -> None:
    """Do it, and print what was done."""
    reader = make_reader(sys.argv[1])
    done: Counter[str] = Counter()
    match sys.argv[2]:
        case "add":
            for url in sys.stdin.read().split():
                reader.add_feed(url)
                done["added"] += 1
        case "search":
            reader.enable_search()
            reader.update_search()
        case what:
            for result in reader.update_feeds_iter(scheduled=what != "update", workers=_WORKERS):
                assert not isinstance(result.value, Exception), result
                done["asked"] += 1
                if result.value is not None:
                    done["new"] += result.value.new
                    done["modified"] += result.value.modified
    reader.close()
    print(json.dumps(done))


if __name__ == "__main__":
    main()
