"""The row that is written once."""

import json
import uuid
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from crsmonitor.errors import RewritingHistory


class Source(models.TextChoices):
    """How a fact came in."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"
    SIMULATION = "simulation"
    PAPER = "paper"  # written down at the bedside while the program could not be used, typed in afterwards


BY_HAND = (Source.PAGE, Source.API, Source.PAPER)  # of anything else nobody is there to be asked, or to sign


F_co = TypeVar("F_co", bound="Fact", covariant=True)


class Facts(models.QuerySet[F_co]):
    """Reads of facts. Nothing here writes: the database refuses it too."""

    def standing(self) -> Self:
        """The facts that hold now: the last version of each, without those withdrawn."""
        return self.filter(superseded_by=None, withdrawn=False)

    def update(self, **changes: Any) -> int:
        raise RewritingHistory(self.model.__name__)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise RewritingHistory(self.model.__name__)


class Fact(models.Model):
    """Something that was seen, given or decided at one instant. Corrected by another fact, never changed.

    `id` is the client's own UUID, so that a tablet may send the same fact again without making a second.
    `root` is the id of the first version: what a fact is known by through all its corrections.
    `digest` is the SHA-256 of what was submitted: the same id with another body is refused.
    """

    app_may = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey("regimens.Participant", on_delete=models.PROTECT, related_name="%(class)s_facts")
    observed_at = models.DateTimeField(help_text="When it was so at the bedside.")
    recorded_at = models.DateTimeField(help_text="When the server took it in.")
    # Of sets and assessments an index with the time says whom somebody has looked after; no other question begins here.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    source = models.CharField(max_length=10, choices=Source)
    root = models.UUIDField(editable=False)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    withdrawn = models.BooleanField(default=False, help_text="This version says: it never happened.")
    reason = models.TextField(blank=True, help_text="Why the earlier version is corrected, or the entry is late.")
    digest = models.CharField(max_length=64, editable=False)
    # From which enrolled tablet it came. None: another browser, a machine, an import, or of before tablets were known.
    tablet = models.ForeignKey(
        "devices.Tablet", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        db_index=False,
    )  # fmt: skip

    if TYPE_CHECKING:
        participant_id: int
        supersedes_id: uuid.UUID | None

    objects = Facts.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_corrected_with_reason",
                condition=Q(supersedes=None, root=F("id"), withdrawn=False)
                | (Q(supersedes__isnull=False) & ~Q(root=F("id")) & ~Q(reason="")),
            ),
        ]
        indexes = [
            # one participant's course in order of time: grading/course/
            models.Index(fields=["participant", "observed_at"], name="%(app_label).6s_%(class).10s_course"),
        ]

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RewritingHistory(type(self).__name__)
        if self.supersedes_id is None:
            self.root = self.id
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise RewritingHistory(type(self).__name__)


Kept = TypeVar("Kept", bound=Fact)
_OF_EVERY_FACT = {field.name for field in Fact._meta.local_fields}


def by_time(facts: Iterable[Kept]) -> list[Kept]:
    """Oldest first; those of the same instant by what they say, never by when or under what key they came in."""
    at = attrgetter("observed_at")
    instants = (list(same) for _, same in groupby(sorted(facts, key=at), key=at))
    return [fact for same in instants for fact in (sorted(same, key=_content) if len(same) > 1 else same)]


def _content(fact: Fact) -> list[tuple[bool, Any]]:
    """Its own columns, in the order of the model; nothing before something, less before more."""
    columns = (f.attname for f in fact._meta.concrete_fields if f.name not in _OF_EVERY_FACT)
    values = (getattr(fact, name) for name in columns)
    return [(v is not None, json.dumps(v, sort_keys=True) if isinstance(v, dict | list) else v) for v in values]


def text_list(**options: Any) -> "ArrayField[Any, Any]":
    """A list of codes; None where nobody looked, empty where somebody looked and there were none."""
    return ArrayField(models.CharField(max_length=60), **options)
