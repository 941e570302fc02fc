"""Designs of the workbench: what was put down, version by version, and what was run of it. No participant's data."""

import json
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from regimens.models.trial import Study
from regimens.rules.runs import UNFINISHED, RunState

UNFINISHED_STATES = sorted(state.value for state in UNFINISHED)


class Design(models.Model):
    """A design of a study, known by its name there. Written once: what it says is in its versions."""

    app_may = "SELECT, INSERT"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="designs")
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    if TYPE_CHECKING:
        study_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "name"], name="design_name_once"),
            models.CheckConstraint(name="design_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class DesignVersion(models.Model):
    """All that a design says, as it was saved: kind of the contract -> its input. Written once.

    `sha256`: of the canonical text of `contents`. `note`: what it is for, in a sentence; may be empty. `key`: the id
    that a program gave to the request, so that one sent again makes no other; None: it gave none.
    """

    app_may = "SELECT, INSERT"

    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    contents = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    key = models.UUIDField(null=True, editable=False)

    if TYPE_CHECKING:
        design_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["design", "number"], name="design_version_once"),
            models.UniqueConstraint(fields=["key"], name="design_version_key_once"),
            models.CheckConstraint(name="design_version_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.design_id} v{self.number}"


class DesignRun(models.Model):
    """One input given to the engine, whole. Written once: how far it is stands in `progress`, what came of it in
    `result`.

    `input`: canonical JSON, as it is given again to compute the same bytes. `seed` None: the kind draws nothing.
    `engine`: the version of equations and parameters it was queued for. `digest`: SHA-256 of kind, input and engine.
    `size`: people x regimens x max(1, draws).
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    design = models.ForeignKey(Design, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(DesignVersion, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=20)
    input = models.TextField()
    seed = models.BigIntegerField(null=True)
    engine = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    queued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    queued_at = models.DateTimeField()

    if TYPE_CHECKING:
        design_id: int
        version_id: int

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def fields(self) -> dict[str, Any]:
        """The input as the contract reads it."""
        fields: dict[str, Any] = json.loads(self.input)
        return fields


class DesignProgress(models.Model):
    """How far a run is: the only row of it that changes, by the moves of rules/runs.py, and not once it has ended.

    `done` of `of` people are solved (0 of 0: not begun), as told at `told_at`. `claim`: whose it is until
    `claimed_until`; a worker that was killed lets that instant pass, and another begins again, `attempts` counts. A
    claim of before can change nothing. `problem`: code, values and field of what went wrong; empty: nothing did.
    `ended_by`: who cancelled it.
    """

    run = models.OneToOneField(DesignRun, on_delete=models.PROTECT, primary_key=True, related_name="progress")
    state = models.CharField(
        max_length=9, choices={state.value: state.value for state in RunState}, default=RunState.QUEUED.value
    )
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    problem = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="design_progress_state_known", condition=Q(state__in=[state.value for state in RunState])
            ),
            models.CheckConstraint(
                name="design_progress_ended_when",
                condition=Q(state__in=UNFINISHED_STATES, ended_at=None)
                | (~Q(state__in=UNFINISHED_STATES) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="design_progress_running_is_claimed",
                condition=Q(state=RunState.RUNNING.value, claim__isnull=False, claimed_until__isnull=False)
                | (~Q(state=RunState.RUNNING.value) & Q(claim=None, claimed_until=None)),
            ),
            models.CheckConstraint(
                name="design_progress_failed_says_why",
                condition=(Q(state=RunState.FAILED.value) & ~Q(problem={}))
                | (~Q(state=RunState.FAILED.value) & Q(problem={})),
            ),
        ]
        indexes = [
            # the next one that waits for a worker
            models.Index(
                fields=["run"], condition=Q(state__in=UNFINISHED_STATES), name="design_progress_waiting"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.run_id}: {self.state}"


class DesignResult(models.Model):
    """What the engine answered, the very bytes. Written once, in the transaction in which the run is done."""

    app_may = "SELECT, INSERT"

    run = models.OneToOneField(DesignRun, on_delete=models.PROTECT, primary_key=True, related_name="result")
    answer = models.TextField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    cpu_s = models.FloatField(help_text="Seconds of CPU that it took.")

    class Meta:
        constraints = [models.CheckConstraint(name="design_result_is_there", condition=~Q(answer=""))]

    def __str__(self) -> str:
        return f"result of {self.run_id}"

    @property
    def contents(self) -> dict[str, Any]:
        """The answer as a page reads it."""
        contents: dict[str, Any] = json.loads(self.answer)
        return contents
