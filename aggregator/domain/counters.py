"""What is counted since a database was made: polls, and what they brought."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from aggregator.domain.conversations.feeds import CommentsReport, PolledComments
from aggregator.domain.polls import Polled, SourceReport
from aggregator.domain.schedule import Outcome


class Counted(StrEnum):
    """The names under which counts are kept; `polls` and `comment_polls` go on `.<outcome>`."""

    POLLS = "polls"
    COMMENT_POLLS = "comment_polls"
    BYTES = "feed_bytes"
    ENTRIES_NEW = "entries_new"
    ENTRIES_CHANGED = "entries_changed"
    COMMENTS_NEW = "comments_new"
    ENTRIES_THROWN_AWAY = "entries_thrown_away"


def by_outcome(counted: Counted, outcome: Outcome) -> str:
    """Name the count of the polls that came to an outcome."""
    return f"{counted}.{outcome.value}"


def tally(
    done: Iterable[Polled | PolledComments], reports: Iterable[SourceReport | CommentsReport]
) -> Counter[str]:
    """Count a batch of polls and what was stored of them.

    A poll of comments is `changed` where it brought new ones.
    """
    counts: Counter[str] = Counter()
    for polled in done:
        if isinstance(polled, Polled):
            counts[Counted.BYTES] += polled.bytes_received
    for report in reports:
        if isinstance(report, SourceReport):
            counts[by_outcome(Counted.POLLS, report.outcome)] += 1
            counts[Counted.ENTRIES_NEW] += report.entries_new
            counts[Counted.ENTRIES_CHANGED] += report.entries_changed
        else:
            counts[by_outcome(Counted.COMMENT_POLLS, _outcome(report))] += 1
            counts[Counted.COMMENTS_NEW] += report.comments_new
    return counts


def _outcome(report: CommentsReport) -> Outcome:
    if report.fault is not None:
        return Outcome.FAILED
    return Outcome.CHANGED if report.comments_new else Outcome.UNCHANGED
