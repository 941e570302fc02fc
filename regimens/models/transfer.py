"""A participant who moves to another site of the study."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from regimens.models.trial import Participant, Site
from regimens.rules.transfers import Move


class Transfer(models.Model):
    """From `at` on this participant is at `to_site`; what was before stays at the site where it was.

    Written once, by `services.transfer`: who was moved by mistake is moved back.
    """

    app_may = "SELECT, INSERT"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="transfers")
    from_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    to_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    because = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="transfer_says_why", condition=~Q(because="")),
            models.CheckConstraint(name="transfer_goes_elsewhere", condition=~Q(from_site=F("to_site"))),
            models.UniqueConstraint(fields=["participant", "at"], name="transfer_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} to {self.to_site_id}"

    @property
    def move(self) -> Move:
        return Move(self.at, self.from_site_id, self.to_site_id)
