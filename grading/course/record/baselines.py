"""Which baselines are believed: those from before the first dose, whatever was entered first."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from regimens.models import Dose, DoseStatus, Measured, Measurement

# What may silence an axis. A pressure to compare with only asks more.
BEFORE_DOSING = (Measured.BASELINE_OXYGEN.value, Measured.BASELINE_VASOPRESSORS.value)


def believed(measurements: QuerySet[Measurement]) -> QuerySet[Measurement]:
    """Without oxygen or vasopressors that were used when a dose, entered or corrected since, had been given already.

    Once that dose is withdrawn they are believed again.
    """
    given = Dose.objects.standing().filter(
        participant=OuterRef("participant"), observed_at__lte=OuterRef("observed_at"), step__opens_period=True
    )
    return measurements.exclude(Q(kind__in=BEFORE_DOSING) & Exists(given.exclude(status=DoseStatus.NOT_GIVEN.value)))
