"""The page of /metrics, in the formats that Prometheus reads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from aggregator import __version__
from aggregator.domain.counters import Counted, by_outcome
from aggregator.domain.schedule import Outcome
from aggregator.domain.sources import SourceState
from aggregator.services.metrics import Measures

Values = Mapping[tuple[str, ...], float]
"""Values by those of the labels; a metric without labels has one, under an empty key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric: its name, what it says, and how it is read from what was measured.

    What `grows` is a counter, whose name ends in `_total`.
    """

    name: str
    says: str
    values: Callable[[Measures], Values]
    labels: tuple[str, ...] = ()
    grows: bool = False

    def family(self, found: Measures) -> Metric:
        """Give the metric with its values of now."""
        kind = CounterMetricFamily if self.grows else GaugeMetricFamily
        family = kind(self.name.removesuffix("_total"), self.says, labels=self.labels)
        for labels, value in self.values(found).items():
            family.add_metric(labels, value)
        return family


def _counted(name: Counted) -> Callable[[Measures], Values]:
    return lambda found: {(): found.counted.get(name, 0)}


def _by_outcome(name: Counted) -> Callable[[Measures], Values]:
    told = (Outcome.CHANGED, Outcome.UNCHANGED, Outcome.FAILED)
    return lambda found: {
        (outcome.value,): found.counted.get(by_outcome(name, outcome), 0) for outcome in told
    }


def _now(name: str) -> Callable[[Measures], Values]:
    def values(found: Measures) -> Values:
        value: float | None = getattr(found, name)
        return {} if value is None else {(): value}

    return values


METRICS: Final = (
    Measured(
        name="veille_polls_total",
        says="Polls of sources, by what came of them.",
        labels=("outcome",),
        values=_by_outcome(Counted.POLLS),
        grows=True,
    ),
    Measured(
        name="veille_comment_polls_total",
        says="Polls of comment feeds, by what came of them.",
        labels=("outcome",),
        values=_by_outcome(Counted.COMMENT_POLLS),
        grows=True,
    ),
    Measured(
        name="veille_feed_bytes_total",
        says="Bytes that polls of sources received, as they came over the network.",
        values=_counted(Counted.BYTES),
        grows=True,
    ),
    Measured(
        name="veille_entries_new_total",
        says="Entries stored for the first time.",
        values=_counted(Counted.ENTRIES_NEW),
        grows=True,
    ),
    Measured(
        name="veille_entries_changed_total",
        says="Stored entries that came again with other words.",
        values=_counted(Counted.ENTRIES_CHANGED),
        grows=True,
    ),
    Measured(
        name="veille_comments_new_total",
        says="Comments stored for the first time.",
        values=_counted(Counted.COMMENTS_NEW),
        grows=True,
    ),
    Measured(
        name="veille_entries_thrown_away_total",
        says="Entries thrown away because they were older than VEILLE_KEEP.",
        values=_counted(Counted.ENTRIES_THROWN_AWAY),
        grows=True,
    ),
    Measured(
        name="veille_sources",
        says="Sources of feeds.yaml, by how they are doing.",
        labels=("state",),
        values=lambda found: {(state.value,): found.states.get(state, 0) for state in SourceState},
    ),
    Measured(
        name="veille_sources_failing",
        says="Sources that fail, are gone, or whose bridge is down.",
        values=_now("failing"),
    ),
    Measured(
        name="veille_sources_due",
        says="Sources that are due and wait for their turn.",
        values=_now("sources_due"),
    ),
    Measured(
        name="veille_sources_claimed",
        says="Sources that are being polled.",
        values=_now("sources_claimed"),
    ),
    Measured(
        name="veille_comment_feeds_due",
        says="Comment feeds that are due and wait for their turn.",
        values=_now("comment_feeds_due"),
    ),
    Measured(
        name="veille_comment_feeds_claimed",
        says="Comment feeds that are being polled.",
        values=_now("comment_feeds_claimed"),
    ),
    Measured(
        name="veille_schedule_lag_seconds",
        says="How long the source has been due that waits longest; 0 when none is due.",
        values=_now("lag_s"),
    ),
    Measured(
        name="veille_poller_beat_age_seconds",
        says="Time since the last sign of life of a poller; absent when there never was one.",
        values=_now("beat_age_s"),
    ),
    Measured(name="veille_entries", says="Stored entries.", values=_now("entries")),
    Measured(
        name="veille_entries_unread",
        says="Stored entries that are unread.",
        values=_now("unread"),
    ),
    Measured(
        name="veille_comments",
        says="Stored comments that are shown, pingbacks left out.",
        values=_now("comments"),
    ),
    Measured(
        name="veille_comments_waiting",
        says="Comments that wait for an answer.",
        values=_now("waiting"),
    ),
    Measured(
        name="veille_tombstones",
        says="Entries that were thrown away and never come back.",
        values=_now("tombstones"),
    ),
    Measured(
        name="veille_database_bytes",
        says="Size of the database.",
        values=_now("database_bytes"),
    ),
    Measured(
        name="veille_database_empty_bytes",
        says="Part of the database that is empty, and filled before it grows.",
        values=_now("empty_bytes"),
    ),
    Measured(
        name="veille_build_info",
        says="The version at work, as a label; always 1.",
        labels=("version",),
        values=lambda _found: {(__version__,): 1},
    ),
)


class _Collector(Collector):
    """Gives every metric from one look at the database."""

    def __init__(self, found: Measures) -> None:
        self._found: Final = found

    def collect(self) -> Iterable[Metric]:
        return (metric.family(self._found) for metric in METRICS)


def page(found: Measures, accept: str) -> tuple[bytes, str]:
    """Write the page as it is asked for; give its media type too."""
    registry = CollectorRegistry()
    registry.register(_Collector(found))
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type
