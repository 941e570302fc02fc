"""Figures for Prometheus, read from the database when asked: every process tells the same. Nothing personal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from crsmonitor.database import replica
from crsmonitor.operating import clocks
from grading.alerting.delivery.signs_of_life import signs
from grading.alerting.selectors import figures

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
NEVER = float("inf")  # so that a rule "older than" holds also where nothing ever happened


class FromDatabase(Collector):
    def __init__(self, at: datetime) -> None:
        self.at = at

    def _age(self, then: datetime | None, *, none: float) -> float:
        return none if then is None else (self.at - then).total_seconds()

    def collect(self) -> Iterator[Metric]:
        seen = signs(at=self.at)
        ages = [
            ("crs_outbox_oldest_due_seconds", "How long the longest waiting message could have been taken.",
             self._age(seen.oldest_due, none=0)),
            ("crs_sweep_age_seconds", "Since the sweep last ran.", self._age(seen.swept_at, none=NEVER)),
            ("crs_beacon_age_seconds", "Since a beacon last came back.", self._age(seen.beacon_at, none=NEVER)),
            ("crs_clock_offset_seconds", "The database's clock less ours.", seen.clock_offset.total_seconds()),
            ("crs_worker_clock_offset_seconds", "The same of the worker's machine that is furthest off.",
             seen.worker_offset.total_seconds()),
            ("crs_held_messages", "Messages that wait for a decision since a restore.", seen.held),
            ("crs_channel_troubles", "Channels that fail again and again.", seen.channels),
        ]  # fmt: skip
        if (ntp := clocks.ntp()) is not None:
            ages.append(("crs_ntp_synchronised", "1 where this machine's clock is kept by NTP.", int(ntp.synchronised)))
            ages.append(
                ("crs_ntp_error_seconds", "The most that it may be off, by its own word.", ntp.most.total_seconds())
            )
        if replica.REPLICA in settings.DATABASES:
            state = replica.replica_state()
            behind = NEVER if state.bytes_behind is None else state.bytes_behind
            ages.append(
                ("crs_replica_bytes", "What the replica lacks of the database's log; +Inf: it is away.", behind)
            )
            ages.append(("crs_replica_seconds", "Since the newest change that it has.", state.seconds_behind))
        for name, words, value in ages:
            yield GaugeMetricFamily(name, words, value=value)
        states = GaugeMetricFamily("crs_deliveries", "Messages of alerts by what became of them.", labels=LABELS)
        for channel, state, purpose, count in figures.deliveries():
            states.add_metric([channel, state, purpose], count)
        yield states
        took = HistogramMetricFamily("crs_delivery_seconds", "Pages: from queued to sent.", labels=LABELS[:1])
        for channel, counts, total in figures.delivery_times():
            took.add_metric([channel], _buckets(figures.DELIVERY_BUCKETS, counts), total)
        yield took
        answered = HistogramMetricFamily(
            "crs_acknowledge_seconds", "From an alert to its first answer.", labels=["kind"]
        )
        for kind, counts, total in figures.answer_times():
            answered.add_metric([kind], _buckets(figures.ANSWER_BUCKETS, counts), total)
        yield answered
        took = HistogramMetricFamily("crs_entry_seconds", "From opening a form to saving it.", labels=["kind"])
        for kind, counts, total in figures.entry_times():
            took.add_metric([kind], _buckets(figures.ENTRY_BUCKETS, counts), total)
        yield took


LABELS = ["channel", "state", "purpose"]


def _buckets(bounds: Sequence[int], counts: Iterable[int]) -> list[tuple[str, float]]:
    return list(zip([*map(str, bounds), "+Inf"], map(float, counts), strict=True))


def text(*, at: datetime) -> bytes:
    """The page that Prometheus reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(FromDatabase(at))
    return generate_latest(registry)
