"""Whose dose periods somebody reviews, and what is told of them: by role and study, never by a parameter."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import NotFound
from regimens.blinding import Profile, profile_of
from regimens.models import CohortChange, Participant, Study
from regimens.selectors import participants_for, studies_for


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewScope:
    """`cohort` None: the whole study. `is_whole`: nobody of it is left out.

    `sees_people`: the course of each participant, and how far people agree on grades. A sponsor is given counts.
    `sees_staff`: names, sites and reasons in people's own words, which the ward knows.
    """

    study: Study
    profile: Profile
    participants: tuple[int, ...]
    cohort: str | None
    cohorts: tuple[str, ...]
    is_whole: bool
    sees_people: bool
    sees_staff: bool

    @property
    def tells_doses(self) -> bool:
        return self.profile is not Profile.BLINDED

    @property
    def tells_cohorts(self) -> bool:
        return self.profile is Profile.OPEN


def review_scope(user: User, code: str) -> ReviewScope:
    """Everybody of the study whom the reader may be told of. Raises NotFound for a stranger to the study."""
    study = studies_for(user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    ward = studies_for(user, Act.SEE_WARD).filter(pk=study.pk).exists()
    central = studies_for(user, Act.ADJUDICATE).filter(pk=study.pk).exists()
    profile = profile_of(study, ward_seen=ward)
    # Who is a nurse at one site and something else in the study reviews what her ward shows, and nothing besides.
    act = Act.SEE_WARD if ward else Act.ADJUDICATE if central else Act.SEE_STUDY
    mine = tuple(participants_for(user, act).filter(study=study).order_by("pk").values_list("pk", flat=True))
    return ReviewScope(
        study=study, profile=profile, participants=mine, cohort=None, cohorts=(),
        is_whole=len(mine) == study.participants.count(), sees_people=ward or central, sees_staff=ward,
    )  # fmt: skip


def of_cohort(scope: ReviewScope, cohort: str, *, cut: datetime) -> ReviewScope:
    """Those of the scope who were enrolled by the cut, and of this cohort; empty: of all of them.

    By the table of participants as it stands where this is asked, which is another one within `known_at`. Raises
    NotFound for a cohort that nobody is in there, or that is not told.
    """
    later = _enrolled_after(scope, cut)
    people = Participant.objects.filter(pk__in=scope.participants).exclude(pk__in=later).order_by("pk")
    rows = list(people.values_list("pk", "cohort"))
    cohorts = tuple(sorted({name for _pk, name in rows if name})) if scope.tells_cohorts else ()
    if cohort and cohort not in cohorts:
        raise NotFound("no_such_record")
    return dataclasses.replace(
        scope, participants=tuple(pk for pk, name in rows if not cohort or name == cohort),
        cohort=cohort or None, cohorts=cohorts,
        is_whole=len(rows) == scope.study.participants.exclude(pk__in=later).count(),
    )  # fmt: skip


def last_cohort_change(scope: ReviewScope) -> datetime | None:
    """When somebody of the study was put into another cohort last. None: never."""
    changes = CohortChange.objects.filter(participant__study=scope.study).order_by("-at")
    return changes.values_list("at", flat=True).first()


def _enrolled_after(scope: ReviewScope, cut: datetime) -> list[int]:
    """Of whom nothing is recorded either: a simulated participant has records of any time."""
    subjects = {
        f"participant:{pk}": pk
        for pk in scope.study.participants.filter(client_ids__isnull=True).values_list("pk", flat=True)
    }
    made = AuditEvent.objects.filter(
        subject__in=subjects, table_name=Participant._meta.db_table, action="INSERT", at__gt=cut
    )
    return [subjects[subject] for subject in made.values_list("subject", flat=True)]


def reviewed_studies(user: User) -> list[Study]:
    return list(studies_for(user).order_by("code"))
