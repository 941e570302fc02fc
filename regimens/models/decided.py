"""What a person decided of the next rung of a design's ladder, beside what its rule had recommended."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regimens.models.designs import DesignVersion
from regimens.models.plan import Regimen
from regimens.models.trial import CohortClearance, Study


class EscalationDecision(models.Model):
    """A rung for the next participants, decided by an investigator. Written once: to decide again is another row.

    `version`: the design whose rule recommended; `regimen`: the version made of it that was in force. `current`: the
    rung that was given until then. `rung`, `recommended`: names of regimens of the design; empty: nobody is to be dosed
    on any. `cut`: what was recorded by this instant was known. `facts_sha256`: of the facts behind the counts,
    `answer_sha256`: of the whole recommendation in canonical JSON, from which counts and `engine` it comes again; no
    count of participants is kept. `clearance`: what was cleared in the same act; None: nothing was.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="escalation_decisions", db_index=False)
    version = models.ForeignKey(DesignVersion, on_delete=models.PROTECT, related_name="decisions")
    regimen = models.ForeignKey(Regimen, on_delete=models.PROTECT, related_name="+", db_index=False)
    current = models.CharField(max_length=500)
    rung = models.CharField(max_length=500, blank=True)
    recommended = models.CharField(max_length=500, blank=True)
    reason = models.TextField()
    cut = models.DateTimeField()
    facts_sha256 = models.CharField(max_length=64)
    answer_sha256 = models.CharField(max_length=64)
    engine = models.CharField(max_length=120)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    clearance = models.OneToOneField(
        CohortClearance, on_delete=models.PROTECT, related_name="escalation_decision", null=True
    )

    if TYPE_CHECKING:
        version_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(name="escalation_decision_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="escalation_decision_known_then", condition=Q(cut__lte=F("at"))),
        ]
        indexes = [models.Index(fields=["study", "-at"], name="escalation_decision_newest")]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.rung or 'stop'}"

    @property
    def is_against(self) -> bool:
        """Whether something else was decided than was recommended."""
        return self.rung != self.recommended
