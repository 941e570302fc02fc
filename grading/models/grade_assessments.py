"""What people say to a derived grade: the nurse, the investigator and the central reviewer, each in an own ledger.

The derived grade is never overwritten. `observed_at` is when the judgement was made; what is judged has its own time.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regimens.facts import Fact


class About(models.TextChoices):
    SET = "set", _("set")
    EPISODE = "episode", _("episode")


class Ledger(models.TextChoices):
    NURSE = "nurse", _("nurse")
    INVESTIGATOR = "investigator", _("investigator")
    CENTRAL = "central", _("central review")

    @property
    def is_signed(self) -> bool:
        """Whether what is said here is signed (Rulings 2). A nurse's word decides nothing."""
        return self is not Ledger.NURSE


class GradeAssessment(Fact):
    """One ledger's word on one grade. The newest of a ledger (by `observed_at`) holds; earlier ones stay beside it.

    `about_root` is the root of the set, or of the episode's onset fact. `grade` None: `agrees` with the derived one.
    `derived_grade` is what it was when it was judged, `derived_at_most` what it could have been; the server notes them,
    so that a later change shows. `derived_at_most` None: judged before it was kept.
    """

    about = models.CharField(max_length=7, choices=About)
    about_root = models.UUIDField()
    kind = models.CharField(max_length=9, choices={"crs": "CRS", "icans": "ICANS"})
    ledger = models.CharField(max_length=12, choices=Ledger)
    agrees = models.BooleanField()
    grade = models.SmallIntegerField(null=True, blank=True)
    because = models.TextField(blank=True)
    derived_grade = models.SmallIntegerField(editable=False)
    derived_at_most = models.SmallIntegerField(editable=False, null=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="assessment_about_known", condition=Q(about__in=About.values)),
            models.CheckConstraint(name="assessment_kind_known", condition=Q(kind__in=["crs", "icans"])),
            models.CheckConstraint(name="assessment_ledger_known", condition=Q(ledger__in=Ledger.values)),
            models.CheckConstraint(
                name="assessment_agrees_or_says_otherwise",
                condition=Q(agrees=True, grade=None)
                # isnull: a comparison with null is not false, and a check lets it pass
                | (Q(agrees=False, grade__isnull=False, grade__range=(0, 5)) & ~Q(because="")),
            ),
        ]
