"""One row a kind of fact: what is particular to it below the edge. bedside/kinds.py says how it is sent and entered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crsmonitor.accounts.roles import Act
from crsmonitor.pages.notices import announce
from grading.alerting.services.actions import treated, untreated
from grading.course.dose_periods.final_outcomes import settle_again
from grading.course.dose_periods.naming import confirm_again
from grading.course.dose_periods.releases import release_again
from grading.dosing.services.releasing import deviation_of
from grading.models import (
    About,
    Attribution,
    EpisodeNarrative,
    EventReport,
    GradeAssessment,
    Ledger,
    NeuroAssessment,
    ReviewAssignment,
    Treatment,
    TreatmentCheck,
    TreatmentEnd,
    VitalSigns,
)
from grading.models.reports.event_reports import EpisodeFact
from grading.recording import checks
from grading.recording.holding import Held
from grading.treatment.services.drugs import name_decides_class
from regimens.facts import Fact
from regimens.models import (
    Disposition,
    Dose,
    DoseCheck,
    DoseEnd,
    DoseRelease,
    Measurement,
    MissedObservationReason,
    Participant,
    Stay,
    StayEnd,
    WindowCompletion,
)
from regimens.rules.releases import Deviation


def _nothing(draft: Any, held: Held) -> None:
    """Asked, or done, of the kinds of which nothing particular is."""


def _as_it_came(draft: Any) -> None:
    """Of the kinds that are kept in the words they came in."""


def _never(draft: Any) -> bool:
    """Of the kinds that nobody signs."""
    return False


def _always(draft: Any) -> bool:
    return True


def _deviates_in_nothing(fact: Any, participant: Participant) -> None:
    """Only what is given can be given otherwise than planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """What `record` asks of a kind of fact.

    `act`: what somebody must be allowed to do to record it; `act_by` where that depends on what it says.
    `is_signed`: whether what it says is signed (Rulings 2): a person proves again who they are for it, through
    whichever door.
    `names`: the field that names another fact of the same participant; `stops`: it ends what it names, and so is not
    before it. `of_step`: its `step` is one of the participant's regimen.
    `server_adds`: columns that are no part of the submission. `later`: columns that came later, left out of the digest
    where they are empty, so that a fact kept before has the digest it had.
    `refusals`: what the database refuses, by the name of the constraint: the field and the code.
    `reads`: what the server makes of the submission before it is compared with one that came before.
    `check`: raises what forbids to keep it and notes the server's columns; a withdrawn version is asked only where
    `checks_withdrawn`. `after`: what else happens once it is kept, in the same transaction.
    `changes_course`: grades, episodes and dose periods are derived again. `deviation`: what it deviates in, if any.
    """

    model: type[Fact]
    act: Act = Act.RECORD
    act_by: Callable[[Any], Act] | None = None
    is_signed: Callable[[Any], bool] = _never
    names: str | None = None
    stops: bool = False
    of_step: bool = False
    server_adds: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    refusals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    reads: Callable[[Any], None] = _as_it_came
    check: Callable[[Any, Held], None] = _nothing
    checks_withdrawn: bool = False
    changes_course: bool = True
    after: Callable[[Any, Held], None] = _nothing
    deviation: Callable[[Any, Participant], Deviation | None] = _deviates_in_nothing

    def act_for(self, draft: Fact) -> Act:
        """What somebody must be allowed to do to record this."""
        return self.act if self.act_by is None else self.act_by(draft)

    @property
    def named(self) -> type[Fact]:
        """The model of what `names` names."""
        related: type[Fact] = self.model._meta.get_field(self.names or "").related_model  # type: ignore[assignment]
        return related


def _treated(draft: Treatment, held: Held) -> None:
    """The alerts that ask for it are answered by it; by a correction, those of before no more."""
    if draft.supersedes_id is not None:
        untreated(draft, by=held.by, at=held.at)
    treated(draft, by=held.by, at=held.at)


def _assessed(draft: GradeAssessment, held: Held) -> None:
    """Final outcomes are made again, and the alert list shows what asks to be assessed again."""
    if draft.about == About.EPISODE:
        settle_again(held.state)
    announce(held.participant.study_id, held.participant.site_id, held.participant.pk)


def _announced(draft: EpisodeFact, held: Held) -> None:
    """Inboxes and open pages show it."""
    announce(held.participant.study_id, held.participant.site_id, held.participant.pk)


def _confirmed(draft: DoseCheck, held: Held) -> None:
    """The row of the dose says it, or no more."""
    confirm_again(held.participant)


def _released(draft: DoseRelease, held: Held) -> None:
    """A dose that was given already may have been given as released."""
    release_again(held.participant)


_LEDGERS = {Ledger.NURSE: Act.RECORD, Ledger.INVESTIGATOR: Act.JUDGE, Ledger.CENTRAL: Act.ADJUDICATE}


def _by_ledger(draft: GradeAssessment) -> Act:
    return _LEDGERS[Ledger(draft.ledger)]


def _in_a_signed_ledger(draft: GradeAssessment) -> bool:
    return Ledger(draft.ledger).is_signed


_ROWS = (
    FactKind(
        model=VitalSigns,
        server_adds=("unconfirmed", "dropped"),
        later=("position", "arm"),
        check=checks.vitals,
    ),
    FactKind(
        model=NeuroAssessment,
        later=(
            "bank_language",
            "bank_version",
            "object_set",
            "bank_because",
            "adaptations",
            "interpreter",
            "sentence",
            "sentence_on_paper",
        ),
        refusals={
            "neuro_bank_whole": ("bank_version", "bank_whole"),
            "neuro_interpreter_known": ("interpreter", "unknown_interpreter"),
        },
        check=checks.neuro,
    ),
    FactKind(
        model=Treatment,
        server_adds=("unusual",),
        later=("ordered_at", "retyped", "because"),
        refusals={
            "treatment_class_known": ("drug_class", "unknown_class"),
            "treatment_indication_known": ("indication", "unknown_indication"),
            "treatment_ordered_before_start": ("ordered_at", "ordered_after_start"),
        },
        reads=name_decides_class,
        check=checks.treatment,
        after=_treated,
    ),
    FactKind(model=TreatmentEnd, names="treatment", stops=True),
    FactKind(model=TreatmentCheck, names="treatment", check=checks.treatment_check, changes_course=False),
    FactKind(
        model=Dose,
        of_step=True,
        server_adds=("unusual", "longer_h"),
        later=("retyped", "because", "despite_gate"),
        refusals={"dose_given_has_amount": ("amount", "amount_or_reason")},
        check=checks.dose,
        deviation=deviation_of,
    ),
    FactKind(model=DoseEnd, names="dose", stops=True),
    FactKind(
        model=DoseCheck,
        names="dose",
        check=checks.dose_check,
        changes_course=False,
        after=_confirmed,
    ),
    FactKind(
        model=DoseRelease,
        act=Act.JUDGE,
        is_signed=_always,
        of_step=True,
        server_adds=("decision", "proposed_step", "criteria"),
        check=checks.release,
        checks_withdrawn=True,
        changes_course=False,
        after=_released,
    ),
    FactKind(model=Stay),
    FactKind(model=StayEnd, names="stay", stops=True),
    FactKind(
        model=Measurement,
        server_adds=("unusual",),
        later=("retyped", "because"),
        refusals={"measurement_says_something": ("value", "value_or_text")},
        check=checks.measurement,
    ),
    FactKind(
        model=Attribution,
        act=Act.JUDGE,
        refusals={
            "attribution_says_why": ("because", "cause_and_reason"),
            "attribution_forward": ("until", "ends_before_it_begins"),
        },
    ),
    FactKind(
        model=GradeAssessment,
        act_by=_by_ledger,
        is_signed=_in_a_signed_ledger,
        server_adds=("derived_grade", "derived_at_most"),
        check=checks.assessment,
        checks_withdrawn=True,
        changes_course=False,
        after=_assessed,
    ),
    FactKind(
        model=EventReport,
        act=Act.JUDGE,
        refusals={"event_serious_says_why": ("criteria", "serious_says_why")},
        check=checks.about_episode,
        changes_course=False,
        after=_announced,
    ),
    FactKind(
        model=EpisodeNarrative,
        act=Act.JUDGE,
        is_signed=_always,
        check=checks.about_episode,
        checks_withdrawn=True,
        changes_course=False,
        after=_announced,
    ),
    FactKind(
        model=ReviewAssignment,
        act=Act.DRAFT,
        refusals={"review_says_why": ("because", "say_why_review")},
        check=checks.about_episode,
        changes_course=False,
        after=_announced,
    ),
    FactKind(model=MissedObservationReason, check=checks.missed_observation),
    FactKind(
        model=WindowCompletion,
        act=Act.JUDGE,
        is_signed=_always,
        names="dose",
        server_adds=("missed",),
        check=checks.window_completion,
        checks_withdrawn=True,
        changes_course=False,
    ),
    FactKind(model=Disposition),
)
KINDS: Mapping[type[Fact], FactKind] = {kind.model: kind for kind in _ROWS}


def stopped_by(model: type[Fact]) -> Iterable[FactKind]:
    """The kinds that end a fact of this one."""
    return (kind for kind in _ROWS if kind.stops and kind.named is model)
