"""What is said about an observation window: why a slot was left out, and how the window ended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.facts import Fact
from regimens.models.given import Dose


class ObservationKind(models.TextChoices):
    """What is due at a slot: rules/schedule.Kind with its words."""

    VITALS = "vitals", _("vital signs")
    NEURO = "neuro", _("neuro assessment")


class Because(models.TextChoices):
    """Why nobody looked (ux.md, "Not done")."""

    ASLEEP = "asleep", _("asleep")
    REFUSED = "refused", _("refused")
    OFF_WARD = "off_ward", _("off the ward")
    EQUIPMENT = "equipment", _("equipment")
    CLINICIAN_REQUEST = "clinician_request", _("clinician's request")


class MissedObservationReason(Fact):
    """Nobody looked at the slot due at `due_at`, and this is why. An observation entered after all counts instead."""

    observation_kind = models.CharField(max_length=6, choices=ObservationKind)
    due_at = models.DateTimeField()
    because = models.CharField(max_length=20, choices=Because)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="missed_observation_kind_known", condition=Q(observation_kind__in=ObservationKind.values)
            ),
            models.CheckConstraint(name="missed_observation_because_known", condition=Q(because__in=Because.values)),
            # decisions: a sleeping participant still gets neuro checks
            models.CheckConstraint(
                name="missed_observation_not_asleep_for_neuro",
                condition=~Q(observation_kind=ObservationKind.NEURO.value, because=Because.ASLEEP.value),
            ),
        ]


class WindowCompletion(Fact):
    """The observation window of a dose is complete, or incomplete because.

    `missed`: how many slots nobody had looked at or excused when it was said; the server notes it. `signed`: by an
    investigator who proved again who they are; false only of what was recorded before each was.
    """

    dose = models.ForeignKey(Dose, on_delete=models.PROTECT, related_name="closings")
    complete = models.BooleanField()
    because = models.TextField(blank=True)
    signed = models.BooleanField(default=False)
    missed = models.PositiveSmallIntegerField(editable=False)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="window_complete_or_says_why",
                condition=Q(complete=True, missed=0) | (Q(complete=False) & ~Q(because="")),
            ),
        ]
