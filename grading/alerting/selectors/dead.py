"""Messages that were given up, for the operator's command."""

from django.db.models import QuerySet

from grading.models import Delivery, DeliveryState


def dead_deliveries(*, study: str | None) -> QuerySet[Delivery]:
    """Of one study or of all, the oldest first."""
    dead = Delivery.objects.filter(state=DeliveryState.DEAD.value).select_related("alert").order_by("queued_at")
    return dead if study is None else dead.filter(alert__participant__study__code=study)
