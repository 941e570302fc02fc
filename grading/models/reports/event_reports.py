"""An episode as an adverse event: what an investigator says of it, who sent it to central review, and its narrative.

Each is known by its kind and the root of the episode's onset fact, as a judgement is. Of several standing ones of an
episode the newest holds. Codes are CDISC's: OUT and ACN; criteria of seriousness are those of ICH E2A.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.facts import Fact, text_list


class SeriousnessCriterion(models.TextChoices):
    """Why an event is serious (ICH E2A, II.B)."""

    DEATH = "death", _("results in death")
    LIFE_THREATENING = "life_threatening", _("life-threatening")
    HOSPITALISATION = "hospitalisation", _("hospitalisation, or prolongation of it")
    DISABILITY = "disability", _("persistent or significant disability")
    CONGENITAL = "congenital", _("congenital anomaly")
    IMPORTANT = "important", _("medically important")


class ReportedOutcome(models.TextChoices):
    """CDISC codelist OUT (C66768)."""

    RECOVERED = "RECOVERED/RESOLVED", _("recovered")
    SEQUELAE = "RECOVERED/RESOLVED WITH SEQUELAE", _("recovered with sequelae")
    RECOVERING = "RECOVERING/RESOLVING", _("recovering")
    NOT_RECOVERED = "NOT RECOVERED/NOT RESOLVED", _("not recovered")
    FATAL = "FATAL", _("fatal")
    UNKNOWN = "UNKNOWN", _("unknown")


class DrugAction(models.TextChoices):
    """CDISC codelist ACN (C66767)."""

    NOT_CHANGED = "DOSE NOT CHANGED", _("dose not changed")
    INTERRUPTED = "DRUG INTERRUPTED", _("drug interrupted")
    REDUCED = "DOSE REDUCED", _("dose reduced")
    INCREASED = "DOSE INCREASED", _("dose increased")
    WITHDRAWN = "DRUG WITHDRAWN", _("drug withdrawn")
    NOT_APPLICABLE = "NOT APPLICABLE", _("not applicable")
    UNKNOWN = "UNKNOWN", _("unknown")


class ReviewReason(models.TextChoices):
    """Why an episode is read by central review."""

    ASSIGNED = "assigned", _("assigned")
    SAMPLE = "sample", _("random sample")


class AboutEpisode(models.Model):
    """About one episode: its kind, and the root of its onset fact."""

    kind = models.CharField(max_length=9, choices={"crs": "CRS", "icans": "ICANS"})
    about_root = models.UUIDField()

    class Meta:
        abstract = True


class EventReport(Fact, AboutEpisode):
    """Seriousness, outcome, and what was done with the study drug. None and empty: not said, which is never "no"."""

    serious = models.BooleanField(null=True, blank=True)
    criteria = text_list(default=list, blank=True)
    outcome = models.CharField(max_length=40, blank=True, choices=ReportedOutcome)
    action = models.CharField(max_length=20, blank=True, choices=DrugAction)
    next_dose_delayed = models.BooleanField(null=True, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=["crs", "icans"])),
            models.CheckConstraint(name="event_outcome_known", condition=Q(outcome__in=["", *ReportedOutcome.values])),
            models.CheckConstraint(name="event_action_known", condition=Q(action__in=["", *DrugAction.values])),
            models.CheckConstraint(
                name="event_serious_says_why",
                # isnull: a comparison with null is not false, and a check lets it pass
                condition=Q(serious__isnull=False, serious=True) & ~Q(criteria=[])
                | Q(serious__isnull=True, criteria=[])
                | Q(serious=False, criteria=[]),
            ),
        ]

    def __str__(self) -> str:
        return super().__str__()


class EpisodeNarrative(Fact, AboutEpisode):
    """A narrative as it was signed. `sentences`: each with its code, text and the ids of its facts."""

    language = models.CharField(max_length=10)
    text = models.TextField()
    sentences = models.JSONField(default=list)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="narrative_kind_known", condition=Q(kind__in=["crs", "icans"])),
            models.CheckConstraint(name="narrative_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return super().__str__()


class ReviewAssignment(Fact, AboutEpisode):
    """An episode is sent to central review: by whom (`recorded_by`), and why."""

    why = models.CharField(max_length=10, choices=ReviewReason)
    because = models.TextField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="review_kind_known", condition=Q(kind__in=["crs", "icans"])),
            models.CheckConstraint(name="review_reason_known", condition=Q(why__in=ReviewReason.values)),
            models.CheckConstraint(name="review_says_why", condition=~Q(because="")),
        ]

    def __str__(self) -> str:
        return super().__str__()


EpisodeFact = EventReport | EpisodeNarrative | ReviewAssignment
