"""Whose rows of the sponsor's data set may have become others, by transaction: for whoever pulls them again."""

from django.db import models

from regimens.models import Participant


class PeriodChange(models.Model):
    """One transaction that wrote something that rows of this participant in ADCRSP are made of.

    Written by triggers, once for each participant and transaction. `xact` is the transaction's number in PostgreSQL
    (xid8), since a moment cannot do: whoever commits later may have begun, and looked at the clock, earlier. All that
    is below the oldest number at work has committed, or never will (`pg_snapshot_xmin`).
    """

    app_may = "SELECT"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", db_index=False)
    xact = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["xact", "participant"], name="period_change_once")]

    def __str__(self) -> str:
        return f"{self.participant_id} in {self.xact}"
