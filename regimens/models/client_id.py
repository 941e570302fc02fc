"""One registry of the ids that clients choose: an id is one fact, of one kind and one participant."""

from django.db import models

from regimens.models.trial import Participant


class ClientId(models.Model):
    """Written before its fact, in the same transaction; a trigger on each table of facts (`registered_once`) holds
    that the two agree, and registers what came past the service. So a second fact under the same id is refused, also
    of another kind, whose own table would not know. `kind`: the table that the fact stands in.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=63)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="client_ids")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
