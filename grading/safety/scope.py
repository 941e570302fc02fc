"""Whose dose periods somebody reviews, and what is told of them: by role and study, never by a parameter."""

from dataclasses import dataclass

from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from regimens.blinding import Profile, profile_of
from regimens.models import Participant, Study
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


def review_scope(user: User, code: str, cohort: str = "") -> ReviewScope:
    """Raises NotFound for a stranger to the study, and for a cohort that does not exist or is not told."""
    study = studies_for(user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    ward = studies_for(user, Act.SEE_WARD).filter(pk=study.pk).exists()
    central = studies_for(user, Act.ADJUDICATE).filter(pk=study.pk).exists()
    profile = profile_of(study, ward_seen=ward)
    # Who is a nurse at one site and something else in the study reviews what her ward shows, and nothing besides.
    act = Act.SEE_WARD if ward else Act.ADJUDICATE if central else Act.SEE_STUDY
    mine = participants_for(user, act).filter(study=study)
    cohorts = _cohorts(mine) if profile is Profile.OPEN else ()
    if cohort and cohort not in cohorts:
        raise NotFound("no_such_record")
    chosen = mine.filter(cohort=cohort) if cohort else mine
    return ReviewScope(
        study=study, profile=profile, participants=tuple(chosen.order_by("pk").values_list("pk", flat=True)),
        cohort=cohort or None, cohorts=cohorts, is_whole=mine.count() == study.participants.count(),
        sees_people=ward or central, sees_staff=ward,
    )  # fmt: skip


def reviewed_studies(user: User) -> list[Study]:
    return list(studies_for(user).order_by("code"))


def _cohorts(participants: QuerySet[Participant]) -> tuple[str, ...]:
    names = participants.exclude(cohort="").values_list("cohort", flat=True)
    return tuple(sorted(set(names)))
