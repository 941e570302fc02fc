"""The trial: studies, sites, who works in them, and the participants, known by number alone."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crsmonitor.accounts.roles import Role
from regimens.library import Document, plan_of
from regimens.models.fixed import FixedOnceRecorded
from regimens.rules.dose import cohort_of

USUBJID_LENGTH = 40  # exports.md: C40
CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Letters, digits, dot, dash and underscore only."))


class Language(models.TextChoices):
    """In which a participant is asked and answers."""

    ENGLISH = "en", _("English")
    TRADITIONAL_CHINESE = "zh-hant", _("Traditional Chinese")


class Syndrome(models.TextChoices):
    """What a rule for dose-limiting toxicity is about, by the kind of its episodes."""

    CRS = "crs", _("CRS")
    ICANS = "icans", _("ICANS")


LIMITING = (3, 72)  # grade, hours: where a study wrote no rule of its own (docs/conventions.md, dose-limiting)


def _are_pairs(value: object) -> bool:
    """Whether these are pairs of a grade and hours, each with the syndrome where it is of one alone."""
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) in (2, 3) and {type(one) for one in pair[:2]} == {int}
        and pair[0] in range(1, 5) and pair[1] >= 0 and (len(pair) == 2 or pair[2] in Syndrome.values)
        for pair in value
    )  # fmt: skip


class Study(FixedOnceRecorded):
    """A trial, and the parameters of grading that its protocol fixes."""

    fixed = {
        "code": _("Fixed since the first record: exports are known by it. Another code is another study."),
        "resolution_hours": _(
            "Fixed since the first record. An amendment that changes it is a new version of the regimen, with its own."
        ),
        "concurrence_days": _("Fixed since the first record: what was exported rests on it. Set up another study."),
    }

    code = models.CharField(max_length=20, unique=True, validators=[CODE])
    title = models.CharField(max_length=200)
    # S4 of the rules: how long all signs must be observed absent before an episode has ended (convention: 24 h).
    resolution_hours = models.PositiveSmallIntegerField(default=24, validators=[MinValueValidator(1)])
    # ICANS within this many days after CRS counts as concurrent (J&J medical information: 7 days).
    concurrence_days = models.PositiveSmallIntegerField(default=7)
    # A dose-limiting toxicity: this grade or above for so many hours. Empty: not written, LIMITING holds.
    limiting_grade = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    limiting_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of which syndrome that is written. Empty: of both.
    limiting_syndrome = models.CharField(max_length=5, choices=Syndrome, blank=True, default="", db_default="")
    # Further pairs of a grade and hours, each of which limits the dose as well: [[4, 0]] is grade 4, however short,
    # [[2, 48, "icans"]] is grade 2 of ICANS alone.
    limiting_besides = models.JSONField(default=list, db_default=[], blank=True)
    # Of the episodes that ended, so many of a hundred are read by central review, drawn by this seed
    # (grading/rules/grades/sampling.py). Empty: no sample is drawn.
    review_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    review_seed = models.CharField(max_length=20, blank=True, default="", db_default="")
    # A set later than this after it was due, or entered later than this after it was taken, says why.
    late_after_minutes = models.PositiveSmallIntegerField(default=30)
    # Whoever has one of these roles here signs in with a second factor, or sets one up first.
    second_factor_roles = ArrayField(
        models.CharField(max_length=20, choices={role.value: role.value for role in Role}), default=list, blank=True
    )

    # Who does not see the ward, and every export, is told neither dose nor step nor regimen: regimens/blinding.py.
    blinded = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return self.code

    def limiting_rules(self, syndrome: str) -> tuple[tuple[int, int], ...]:
        """Grade and hours of each rule for dose-limiting toxicity by this syndrome, the highest grade first.

        Of a syndrome that no pair is about the study wrote no rule: LIMITING holds.
        """
        grade, hours = LIMITING
        first = (
            grade if self.limiting_grade is None else self.limiting_grade,
            hours if self.limiting_hours is None else self.limiting_hours,
            *([self.limiting_syndrome] if self.limiting_syndrome else []),
        )
        pairs = {(one[0], one[1]) for one in (first, *self.limiting_besides) if len(one) == 2 or one[2] == syndrome}
        return tuple(sorted(pairs or {LIMITING}, key=lambda pair: (-pair[0], pair[1])))

    def clean(self) -> None:
        self.check_fixed()
        if not _are_pairs(self.limiting_besides):
            problem = _('Pairs of a grade and hours, such as [[4, 0]] or [[4, 0, "icans"]].')
            raise ValidationError({"limiting_besides": problem})

    @property
    def has_records(self) -> bool:
        """Whether anything was recorded of a participant of it."""
        return Participant.objects.filter(study=self, client_ids__isnull=False).exists()


class Site(FixedOnceRecorded):
    """A place where participants are dosed and watched."""

    fixed = dict.fromkeys(
        ("code", "time_zone"),
        _("Fixed since the first record: its days and identifiers rest on it. Set up another site, and move people."),
    )

    code = models.CharField(max_length=10, unique=True, validators=[CODE])
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=3, validators=[RegexValidator(r"^[A-Z]{3}$", _("ISO 3166 alpha-3."))])
    time_zone = models.CharField(max_length=40)
    # What the ICE asks for: as people here say it, several names one after the other. Empty: nobody wrote it down.
    city = models.CharField(max_length=80, blank=True)
    hospital = models.CharField(max_length=120, blank=True)
    # In which most participants are asked. Empty: it is asked of each.
    language = models.CharField(max_length=8, choices=Language, blank=True)

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        if self.time_zone not in zoneinfo.available_timezones():
            raise ValidationError({"time_zone": _("Not an IANA time zone, such as Asia/Taipei.")})
        self.check_fixed()

    @property
    def has_records(self) -> bool:
        """Whether anything was recorded of a participant who is or was here."""
        here = Participant.objects.filter(Q(site=self) | Q(transfers__from_site=self))
        return here.filter(client_ids__isnull=False).exists()


class StudySite(models.Model):
    """A site takes part in a study, also before anybody works there. Written once."""

    app_may = "SELECT, INSERT"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="study_sites")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="study_sites")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "site"], name="study_site_once")]

    def __str__(self) -> str:
        return f"{self.site} in {self.study}"


class Membership(FixedOnceRecorded):
    """What a person is in a study, at one site or (site empty) at all of them. Ended, never deleted."""

    fixed = dict.fromkeys(
        ("user", "study", "site", "role"),
        _("Fixed since the first record of the study: end this membership, and add another."),
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True)
    role = models.CharField(max_length=20, choices={role.value: role.value for role in Role})
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "study", "site", "role"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=[role.value for role in Role])),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} in {self.study_id}"

    def clean(self) -> None:
        self.check_fixed()
        if self.user_id is not None and self.user.is_machine:
            raise ValidationError({"user": _("A program has no role: it holds keys of a study, and nothing else.")})

    @property
    def has_records(self) -> bool:
        """Whether anything was recorded in the study: by then, what this person was may have been looked up."""
        before = Membership.objects.filter(pk=self.pk).values("study")
        return Participant.objects.filter(study__in=before, client_ids__isnull=False).exists()


class NeuroInstrument(models.TextChoices):
    """How ICANS is assessed. CAPD for under 12 years or developmental delay; the age itself is not stored."""

    ICE = "ice", _("ICE score")
    CAPD = "capd", _("CAPD score")


class Participant(FixedOnceRecorded):
    """A participant, known by study number. No name, birth date or record number is kept anywhere."""

    fixed = dict.fromkeys(
        ("study", "number", "neuro_instrument"),
        _("Fixed since the first record: enrol another participant, and withdraw what was recorded here by mistake."),
    ) | {
        "site": _("Fixed since the first record: move the participant to another site by its own page."),
        "regimen": _("Fixed since the first record: only an amendment, a version of the same regimen, can follow."),
        "cohort": _("Fixed since the first record: an investigator changes it on its own page, and signs."),
    }

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="participants")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="participants")
    number = models.CharField(_("study number"), max_length=20, validators=[CODE])
    neuro_instrument = models.CharField(max_length=4, choices=NeuroInstrument, default=NeuroInstrument.ICE)
    regimen = models.ForeignKey("regimens.Regimen", on_delete=models.PROTECT, related_name="participants")
    cohort = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "number"], name="participant_number_once"),
            models.CheckConstraint(
                name="participant_instrument_known", condition=Q(neuro_instrument__in=NeuroInstrument.values)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def clean(self) -> None:
        if None in (self.study_id, self.site_id, self.regimen_id):
            return  # the form says so at the field
        self.check_fixed()
        if len(f"{self.study.code}-{self.site.code}-{self.number}") > USUBJID_LENGTH:
            raise ValidationError({"number": _("Study, site and number together are too long for USUBJID (40).")})
        if self.regimen.study_id != self.study_id:
            raise ValidationError({"regimen": _("This regimen is another study's.")})
        if self.regimen.approved_at is None:
            raise ValidationError({"regimen": _("A draft: an investigator approves it first.")})
        self._check_cohort()

    @property
    def has_records(self) -> bool:
        """Whether anything was recorded of this participant, so that who they are is fixed."""
        return self.pk is not None and self.client_ids.exists()

    def _changes(self, name: str, before: Any) -> bool:
        """Another version of the regimen is no other regimen."""
        if name != "regimen":
            return super()._changes(name, before)
        return (self.regimen.code, self.regimen.drug) != (before.regimen.code, before.regimen.drug)

    def _check_cohort(self) -> None:
        """One that the plan has, to the letter. Empty: not assigned yet, and the gate holds where the plan has some."""
        regimen = self.regimen
        if not self.cohort or regimen.document is None:  # of a version set up by hand nobody knows the cohorts
            return
        plan = plan_of(Document(data=regimen.document, library_id=regimen.library_id))
        if cohort_of(plan, self.cohort) is None:
            known = ", ".join(one.name for one in plan.cohorts) or "–"
            problem = _("This regimen has no such cohort. It has: %(known)s.") % {"known": known}
            raise ValidationError({"cohort": problem})


class CohortClearance(models.Model):
    """Up to which step a study has cleared a cohort of a first-in-human regimen: the newest row says so.

    `step` is the label of a step of the cohort's plan. Written once: to clear more, or less, is another row.
    """

    app_may = "SELECT, INSERT"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="clearances")
    cohort = models.CharField(max_length=20)
    step = models.CharField(max_length=120)
    because = models.TextField()
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="clearance_says_why", condition=~Q(because=""))]
        indexes = [models.Index(fields=["study", "cohort", "-cleared_at"], name="clearance_newest")]

    def __str__(self) -> str:
        return f"{self.cohort} up to {self.step}"
