"""What an investigator says to the next-dose gate."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.facts import Fact
from regimens.models.plan import Step


class Proposed(models.TextChoices):
    """What the gate proposed: rules/gate.Decision with its words."""

    GO = "go", _("go")
    HOLD = "hold", _("hold")
    RESTART = "restart", _("restart")
    STOP = "stop", _("stop")


class DoseRelease(Fact):
    """The next dose, of `step`, may be given: as the gate proposed, or against it with a reason (`override`).

    `observed_at` is when it was released, `dose_at` the time the gate was asked about. `decision` and `criteria` are
    the gate's answer to the facts then, `proposed_step` its step (empty: none); the server notes them. A release holds
    until the next dose begins.
    """

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="releases")
    dose_at = models.DateTimeField()
    override = models.BooleanField(default=False)
    because = models.TextField(blank=True)
    decision = models.CharField(max_length=7, choices=Proposed, editable=False)
    proposed_step = models.CharField(max_length=120, blank=True, editable=False)
    criteria = models.JSONField(editable=False, encoder=DjangoJSONEncoder)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="release_decision_known", condition=Q(decision__in=Proposed.values)),
            models.CheckConstraint(
                name="release_as_proposed_or_says_why",
                condition=(Q(override=False) & Q(decision__in=[Proposed.GO.value, Proposed.RESTART.value]))
                | (Q(override=True) & ~Q(because="")),
            ),
        ]
