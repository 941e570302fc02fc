"""Who keeps a study blinded, and is told when something leaves that tells what it is blinded for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from regimens.models import Study


class BlindingManager(models.Model):
    """Somebody of a study is told of each unblinded pull and key, from then until it is ended. Never deleted."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="blinding_managers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="keeps_blinded")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "person"], condition=Q(ended_at=None), name="blinding_manager_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} keeps {self.study_id} blinded"
