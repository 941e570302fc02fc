"""A query about a record, and what was done with it. Both are written once: a state is what the last step leaves."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grading.rules.queries.thread import SAYS_SOMETHING, QueryMove
from regimens.facts import Source
from regimens.models import Participant


class DataQuery(models.Model):
    """What a query is about. Its question is its first step.

    `kind`: the table of the record, `root` what the record is known by through corrections, `version` the version that
    was asked about and `about_at` when that was observed: by it the query belongs to a dose period. `field`: a column
    of that table; empty: the record as a whole.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="queries")
    kind = models.CharField(max_length=40)
    root = models.UUIDField()
    field = models.CharField(max_length=40, blank=True)
    version = models.UUIDField()
    about_at = models.DateTimeField()
    opened_at = models.DateTimeField()

    if TYPE_CHECKING:
        participant_id: int

    class Meta:
        verbose_name = _("query")

    def __str__(self) -> str:
        return f"query {self.id}"


class QueryStep(models.Model):
    """One move of a query, by `by` at `at`. Of its steps, `number` counts from 1 without a gap.

    `key`: by which a file names it; empty: it came from a page. `correction`: the version of the record that was made
    since the question and that this answer goes with.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    query = models.ForeignKey(DataQuery, on_delete=models.PROTECT, related_name="steps", db_index=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    move = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source)
    key = models.CharField(max_length=60, blank=True)
    correction = models.UUIDField(null=True)

    if TYPE_CHECKING:
        participant_id: int
        query_id: uuid.UUID

    class Meta:
        verbose_name = _("step of a query")
        constraints = [
            models.UniqueConstraint(fields=["query", "number"], name="query_step_follows_one"),
            models.CheckConstraint(name="query_move_known", condition=Q(move__in=[move.value for move in QueryMove])),
            models.CheckConstraint(
                name="query_begins_with_its_question",
                condition=Q(number=1, move=QueryMove.OPENED.value)
                | (Q(number__gt=1) & ~Q(move=QueryMove.OPENED.value)),
            ),
            models.CheckConstraint(
                name="query_step_says_something",
                condition=~Q(text="") | ~Q(move__in=sorted(move.value for move in SAYS_SOMETHING)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.query_id}"
