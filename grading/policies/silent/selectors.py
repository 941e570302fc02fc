"""Silent runs: who may see and begin one, which are there, and what was computed for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, NotFound
from grading.models import SilentCourse, SilentRun
from grading.policies.silent.kept import SilentContent, read_content
from regimens.models import Study
from regimens.selectors import participants_for, studies_for


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOfRun:
    """One participant of a silent run, as computed at `computed_at`."""

    participant: str
    site: str
    zone: ZoneInfo
    computed_at: datetime
    content: SilentContent


def may_run(user: User, study: Study) -> bool:
    """Who drafts versions of the study or approves them; nobody else hears of a silent run."""
    return any(studies_for(user, act).contains(study) for act in (Act.DRAFT, Act.APPROVE))


def runs_for(user: User) -> QuerySet[SilentRun]:
    """Of the studies in which the user drafts or approves, the newest first."""
    studies = studies_for(user, Act.DRAFT) | studies_for(user, Act.APPROVE)
    runs = SilentRun.objects.filter(study__in=studies.values("pk"))
    return runs.select_related("study", "policy", "against", "begun_by", "ended_by").order_by("-begun_at", "-pk")


def run_for(user: User, run_id: int) -> SilentRun:
    """Raises NotFound for a stranger, Forbidden for who is of the study and is not to hear of it."""
    run = runs_for(user).filter(pk=run_id).first()
    if run is None:
        if SilentRun.objects.filter(pk=run_id, study__in=studies_for(user)).exists():
            raise Forbidden("role_forbids")
        raise NotFound("no_such_page")
    return run


def courses_for(user: User, run: SilentRun) -> Iterator[CourseOfRun]:
    """Of the participants whose ward the user sees, by number."""
    here = participants_for(user, Act.SEE_WARD).filter(study=run.study_id)
    rows = SilentCourse.objects.filter(run=run, participant__in=here).select_related("participant__site")
    for row in rows.order_by("participant__number"):
        site = row.participant.site
        yield CourseOfRun(
            participant=row.participant.number, site=site.code, zone=ZoneInfo(site.time_zone),
            computed_at=row.computed_at, content=read_content(row.content),
        )  # fmt: skip


def open_run(study: Study) -> SilentRun | None:
    """The one that runs, and has not been seen to fall out. For who may hear of it alone."""
    return SilentRun.objects.filter(study=study, ended_at=None).select_related("policy", "against", "study").first()
