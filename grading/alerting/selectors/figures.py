"""Counts and times over all studies, for metrics: no participant, no person."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from grading.models import LEFT, Alert, AlertState, Delivery, EntryEffort, Purpose

DELIVERY_BUCKETS = (1, 2, 5, 10, 15, 30, 60, 300, 3600)  # seconds; 15 is what is promised after a worker's death
ANSWER_BUCKETS = (60, 300, 600, 900, 1800, 3600, 7200)  # seconds; 900 and 1800 are when an answer expires

ENTRY_BUCKETS = (10, 20, 30, 43, 60, 90, 150, 300)  # seconds; 43 and 150 are published (grading/effort/figures.py)

Times = list[tuple[str, list[int], float]]


def deliveries() -> list[tuple[str, str, str, int]]:
    """Channel, state, purpose, how many."""
    by = ("channel", "state", "purpose")
    return list(Delivery.objects.order_by().values_list(*by).annotate(n=Count("pk")).order_by(*by))


def delivery_times() -> Times:
    """Of pages by channel: how many took at most each bound of DELIVERY_BUCKETS, any time, and all seconds."""
    took = _span(Coalesce("delivered_at", "sent_at"), F("queued_at"))
    left = Delivery.objects.filter(state__in=LEFT, purpose=Purpose.PAGE.value).annotate(took=took)
    return _histogram(left, "channel", DELIVERY_BUCKETS)


def answer_times() -> Times:
    """By kind of grade: the same, from an alert to its first answer."""
    answered = Alert.objects.annotate(
        answered_at=Min("events__at", filter=Q(events__state=AlertState.ACKNOWLEDGED.value))
    ).filter(answered_at__isnull=False)
    rows = answered.order_by().values_list("kind", "raised_at", "answered_at")
    seconds: dict[str, list[float]] = {}
    for kind, raised_at, answered_at in rows.iterator():
        seconds.setdefault(kind, []).append((answered_at - raised_at).total_seconds())
    return [
        (kind, [sum(s <= bound for s in took) for bound in ANSWER_BUCKETS] + [len(took)], sum(took))
        for kind, took in sorted(seconds.items())
    ]


def entry_times() -> Times:
    """By kind of entry: the same, from opening the form to saving it."""
    counts = {f"le{bound}": Count("pk", filter=Q(seconds__lte=bound)) for bound in ENTRY_BUCKETS}
    columns = ("kind", *counts, "all", "total")
    groups = EntryEffort.objects.order_by().values("kind").annotate(**counts, all=Count("pk"), total=Sum("seconds"))
    rows = groups.order_by("kind").values_list(*columns)
    return [(kind, list(figures), float(total)) for kind, *figures, total in rows]


def _span(until: Any, since: Any) -> Any:
    return ExpressionWrapper(until - since, output_field=DurationField())


def _histogram(rows: QuerySet[Delivery], by: str, bounds: Sequence[int]) -> Times:
    counts = {f"le{bound}": Count("pk", filter=Q(took__lte=timedelta(seconds=bound))) for bound in bounds}
    groups = rows.order_by().values(by).annotate(**counts, all=Count("pk"), total=Sum("took")).order_by(by)
    return [
        (row[by], [row[name] for name in (*counts, "all")], row["total"].total_seconds()) for row in groups
    ]  # fmt: skip
