"""What was told before and is told otherwise since: kept beside the fact that brought it about."""

import uuid

from django.db import models

from regimens.models import Participant


class CorrectionImpact(models.Model):
    """What a late entry or a correction made different, before and after. Written once, only where there is any.

    `id` is that of the fact. `changes`: a list of course.Change.plain().
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="retold")
    changes = models.JSONField()

    def __str__(self) -> str:
        return f"{len(self.changes)} changes by {self.id}"
