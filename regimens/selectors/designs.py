"""Questions about designs of the workbench. A nurse, a reviewer and a stranger find none."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, NotFound
from regimens.models import Design, DesignedRegimen, DesignResult, DesignRun, DesignVersion, Study
from regimens.rules.runs import RunState
from regimens.selectors import studies_for


def design_studies_for(user: User) -> QuerySet[Study]:
    """The studies in which this user may draft designs and run them."""
    return studies_for(user, Act.DESIGN)


def design_study_for(user: User, code: str) -> Study:
    """The study to draft a design of. NotFound for a stranger, Forbidden for who may see it and not do this."""
    study = design_studies_for(user).filter(code=code).first()
    if study is not None:
        return study
    if studies_for(user).filter(code=code).exists():
        raise Forbidden("role_forbids")
    raise NotFound("no_such_study")


def designs_for(user: User) -> QuerySet[Design]:
    """The designs of the user's studies, by name, each with its versions, the newest first, and its study."""
    mine = design_studies_for(user).filter(pk=OuterRef("study"))
    newest = Prefetch("versions", DesignVersion.objects.select_related("drafted_by").order_by("-number"))
    return (
        Design.objects.filter(Exists(mine))
        .select_related("study", "made_by")
        .prefetch_related(newest)
        .order_by("study__code", "name")
    )


def design_for(user: User, design_id: int) -> Design:
    """One of them. NotFound for anybody else."""
    design = designs_for(user).filter(pk=design_id).first()
    if design is None:
        raise NotFound("no_such_design")
    return design


def design_version_for(user: User, design_id: int, number: int | None = None) -> DesignVersion:
    """One version with its design and study. `number` None: the newest. NotFound for a stranger."""
    versions = DesignVersion.objects.filter(design=design_for(user, design_id))
    wanted = versions if number is None else versions.filter(number=number)
    version = wanted.select_related("design__study", "drafted_by").order_by("-number").first()
    if version is None:
        raise NotFound("no_such_design")
    return version


def design_runs_for(user: User) -> QuerySet[DesignRun]:
    """The runs of the user's studies, the newest first, with how far each is; results are asked for one by one."""
    mine = design_studies_for(user).filter(pk=OuterRef("design__study"))
    related = ("progress", "progress__ended_by", "version", "queued_by", "design__study")
    return DesignRun.objects.filter(Exists(mine)).select_related(*related).order_by("-queued_at", "pk")


def design_run_for(user: User, run_id: UUID) -> DesignRun:
    """One of them. NotFound for anybody else."""
    run = design_runs_for(user).filter(pk=run_id).first()
    if run is None:
        raise NotFound("no_such_run")
    return run


def design_result_for(user: User, run_id: UUID) -> DesignResult:
    """What came of a run. NotFound where it is not done, and for a stranger."""
    result = DesignResult.objects.filter(run=design_run_for(user, run_id)).select_related("run").first()
    if result is None:
        raise NotFound("no_result_yet")
    return result


def finished_trial_for(user: User, version: DesignVersion) -> DesignRun | None:
    """The newest finished trial of this version with its result; else that of another version of its design.

    None: none is done.
    """
    done = (
        design_runs_for(user)
        .filter(design=version.design_id, kind="trial", progress__state=RunState.DONE)
        .select_related("result")
    )
    return done.filter(version=version).first() or done.first()


def finished_run_of(user: User, version: DesignVersion) -> DesignRun | None:
    """What is shown of this very version: its newest finished operating characteristics, else trial. None: neither."""
    done = (
        design_runs_for(user)
        .filter(version=version, kind__in=("operating", "trial"), progress__state=RunState.DONE)
        .select_related("result")
    )
    return done.filter(kind="operating").first() or done.first()


def bedside_versions_of(user: User, design_id: int) -> list[DesignedRegimen]:
    """Of which regimen versions this design is the origin, the newest first."""
    related = ("regimen__study", "version", "band")
    made = DesignedRegimen.objects.filter(version__design=design_for(user, design_id)).select_related(*related)
    return list(made.order_by("-at", "-pk"))


def brought_for(user: User) -> dict[int, list[DesignedRegimen]]:
    """Of each of the user's designs that has any, by its key: the regimen versions made of it, the newest first."""
    mine = design_studies_for(user).filter(pk=OuterRef("regimen__study"))
    made: dict[int, list[DesignedRegimen]] = {}
    rows = DesignedRegimen.objects.filter(Exists(mine)).select_related("regimen", "version")
    for one in rows.order_by("-at", "-pk"):
        made.setdefault(one.version.design_id, []).append(one)
    return made


def origin_for(user: User, regimen_id: int) -> DesignedRegimen | None:
    """Of which design a regimen version was made. None: of none, or its designs are not for this user."""
    mine = design_studies_for(user).filter(pk=OuterRef("regimen__study"))
    made = DesignedRegimen.objects.filter(Exists(mine), regimen=regimen_id)
    return made.select_related("version__design", "band").first()
