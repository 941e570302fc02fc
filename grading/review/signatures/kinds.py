"""The table of all that is signed, and of what voids it: one row a kind. docs/signatures.md prints it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from crsmonitor.accounts.roles import Act
from grading.models import (
    About,
    Attribution,
    DataCut,
    DosePeriod,
    Episode,
    EpisodeNarrative,
    EventReport,
    Grade,
    GradeAssessment,
    IntakePolicy,
    Ledger,
    NeuroAssessment,
    Treatment,
    TreatmentCheck,
    TreatmentEnd,
    VitalSigns,
)
from grading.policies.signable import POLICY
from grading.review.services.assessing import derived_of
from regimens.facts import Fact
from regimens.models import (
    Disposition,
    Dose,
    DoseCheck,
    DoseEnd,
    DoseRelease,
    Measurement,
    MissedObservationReason,
    Stay,
    StayEnd,
    WindowCompletion,
)
from regimens.services.signables import CLEARANCE, COHORT, ESCALATION, REGIMEN
from regimens.services.signing import Signable, Span, columns_of

# Of a fact: what the server adds of its way in is no part of what is signed.
_WAY_IN = ("digest", "tablet", "source", "recorded_at")
_OF_GRADES: frozenset[type[Fact]] = frozenset({VitalSigns, NeuroAssessment, Treatment, TreatmentEnd, Attribution})
_OF_GATE = _OF_GRADES | {Dose, DoseEnd, Measurement, GradeAssessment, Disposition}
_OF_NARRATIVE = _OF_GRADES | {Dose, DoseEnd, Stay, Disposition, GradeAssessment, EventReport}
_OF_WINDOW: frozenset[type[Fact]] = frozenset({VitalSigns, NeuroAssessment, MissedObservationReason, Dose, DoseEnd})
_OF_PERIOD = _OF_GATE | _OF_WINDOW | {DoseRelease, WindowCompletion, TreatmentCheck, DoseCheck, Stay, StayEnd}


def _fact(fact: Fact) -> dict[str, Any]:
    return columns_of(fact, without=_WAY_IN)


# --- An assessment ---------------------------------------------------------------------------------------------------


def _assessment_meaning(assessment: GradeAssessment) -> str:
    if assessment.withdrawn:
        return "withdrawn"
    return "grade_confirmed" if assessment.agrees else "grade_changed"


def _assessment_span(assessment: GradeAssessment, at: datetime) -> Span | None:
    """Of a set its instant, of an episode from its onset until it was judged. None: what was judged is gone."""
    mine = {"participant": assessment.participant_id, "kind": assessment.kind, "root": assessment.about_root}
    if assessment.about == About.SET:
        grade = Grade.objects.filter(**mine).first()
        return None if grade is None else Span(grade.observed_at, grade.observed_at)
    episode = Episode.objects.filter(**mine).order_by("provisional").first()
    return None if episode is None else Span(episode.started_at, assessment.observed_at)


def _judged_grade(assessment: GradeAssessment) -> Mapping[str, Any]:
    """What the grade is, for certain, by the sets up to the judgement. Null: what was judged is gone."""
    derived = derived_of(assessment)
    return {"at_least": None if derived is None else derived[0]}


# --- A release, a window ----------------------------------------------------------------------------------------------


def _release_meaning(release: DoseRelease) -> str:
    if release.withdrawn:
        return "withdrawn"
    return "overridden" if release.override else "released"


def _release_span(release: DoseRelease, at: datetime) -> Span:
    """From the last dose before it until it was released; before the first dose, all."""
    periods = DosePeriod.objects.filter(participant=release.participant_id, started_at__lte=release.observed_at)
    last = periods.exclude(ended_by="NOT GIVEN").order_by("-started_at").first()
    return Span(None if last is None else last.started_at, release.observed_at)


def _narrative_meaning(narrative: EpisodeNarrative) -> str:
    return "withdrawn" if narrative.withdrawn else "responsible"


def _narrative_span(narrative: EpisodeNarrative, at: datetime) -> Span | None:
    """From the onset until it was signed. None: the episode is gone."""
    mine = {"participant": narrative.participant_id, "kind": narrative.kind, "root": narrative.about_root}
    episode = Episode.objects.filter(**mine).order_by("provisional").first()
    return None if episode is None else Span(episode.started_at, narrative.observed_at)


def _window_meaning(closing: WindowCompletion) -> str:
    return "withdrawn" if closing.withdrawn else "reviewed"


def _window_span(closing: WindowCompletion, at: datetime) -> Span:
    return Span(closing.dose.observed_at, closing.observed_at)


# --- A dose period ----------------------------------------------------------------------------------------------------

_OUTCOME = ("dose_number", "crs_max_grade", "crs_final_grade", "icans_max_grade", "icans_final_grade")


def _period(period: DosePeriod) -> dict[str, Any]:
    return {"dose": str(period.dose_id), "started_at": period.started_at}


def _period_span(period: DosePeriod, at: datetime) -> Span:
    """Up to the next dose, which is another period's."""
    ended = None if period.ended_at is None else period.ended_at - timedelta(microseconds=1)
    return Span(period.started_at, at if ended is None else min(at, ended))


def _outcome(period: DosePeriod) -> Mapping[str, Any]:
    return {name: getattr(period, name) for name in _OUTCOME}


# --- The table --------------------------------------------------------------------------------------------------------

ASSESSMENT = Signable(
    kind="assessment", model=GradeAssessment, act=Act.JUDGE, meaning=_assessment_meaning, own=_fact, covers=_OF_GRADES,
    span=_assessment_span, derived=_judged_grade,
)  # fmt: skip
RELEASE = Signable(
    kind="release", model=DoseRelease, act=Act.JUDGE, meaning=_release_meaning, own=_fact, covers=_OF_GATE,
    span=_release_span,
)  # fmt: skip
NARRATIVE = Signable(
    kind="narrative", model=EpisodeNarrative, act=Act.JUDGE, meaning=_narrative_meaning, own=_fact,
    covers=_OF_NARRATIVE, span=_narrative_span,
)  # fmt: skip
WINDOW = Signable(
    kind="window", model=WindowCompletion, act=Act.JUDGE, meaning=_window_meaning, own=_fact, covers=_OF_WINDOW,
    span=_window_span,
)  # fmt: skip
PERIOD = Signable(
    kind="period", model=DosePeriod, act=Act.JUDGE, meaning=lambda record: "reviewed", own=_period,
    root=lambda period: str(period.dose.root), covers=_OF_PERIOD, span=_period_span, derived=_outcome,
)  # fmt: skip
CUT = Signable(
    kind="cut", model=DataCut, act=Act.EXPORT, meaning=lambda record: "responsible", own=columns_of,
)  # fmt: skip
IMPORTS = Signable(
    kind="imports", model=IntakePolicy, act=Act.APPROVE, meaning=lambda record: "approved", own=columns_of,
)  # fmt: skip

SIGNABLES: Mapping[str, Signable] = {
    one.kind: one
    for one in (
        ASSESSMENT,
        RELEASE,
        NARRATIVE,
        WINDOW,
        PERIOD,
        REGIMEN,
        POLICY,
        ESCALATION,
        CLEARANCE,
        COHORT,
        CUT,
        IMPORTS,
    )
}
OF_FACTS: Mapping[type[Fact], Signable] = {
    one.model: one for one in SIGNABLES.values() if issubclass(one.model, Fact)
}  # fmt: skip


def covering(model: type[Fact]) -> list[str]:
    """The kinds of what is signed that a fact of this kind may void."""
    return [kind for kind, signable in SIGNABLES.items() if model in signable.covers]


def act_for(signable: Signable, record: Any) -> Act:
    """What somebody must be allowed to do to sign this record: a central judgement is the central reviewer's."""
    is_central = isinstance(record, GradeAssessment) and record.ledger == Ledger.CENTRAL
    return Act.ADJUDICATE if is_central else signable.act
