"""One row a kind of fact: how it is sent, and on which pages it is entered. What is asked of it: recording/kinds.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from crsmonitor.accounts.roles import Act
from grading.bedside import entering
from grading.bedside.entering import Around, Entering, Options
from grading.bedside.forms.given import DoseEndForm, DoseForm, StayEndForm, StayForm
from grading.bedside.forms.neuro import NeuroForm
from grading.bedside.forms.treatment import TreatmentEndForm, TreatmentForm, WeightForm
from grading.bedside.forms.vitals import VitalsForm
from grading.models import (
    Attribution,
    EpisodeNarrative,
    EventReport,
    GradeAssessment,
    NeuroAssessment,
    ReviewAssignment,
    Treatment,
    TreatmentCheck,
    TreatmentEnd,
    VitalSigns,
)
from grading.recording.api import shapes
from grading.recording.api.shapes import FactSerializer
from grading.recording.forms.base import FactForm
from grading.recording.forms.baseline import (
    BaselineDiastolicForm,
    BaselineNeuroForm,
    BaselineOxygenForm,
    BaselineSaturationForm,
    BaselineSystolicForm,
    BaselineVasopressorsForm,
    LanguageForm,
)
from grading.recording.kinds import KINDS, FactKind
from grading.review.forms.attribution import AttributionForm
from regimens.facts import Fact
from regimens.models import (
    Disposition,
    Dose,
    DoseCheck,
    DoseEnd,
    DoseRelease,
    Measured,
    Measurement,
    MissedObservationReason,
    Stay,
    StayEnd,
    WindowCompletion,
)
from regimens.selectors import wristband_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """A page on which a kind of fact is entered and corrected. `graded`: its grade is shown while typing. `on_paper`:
    a downtime sheet has rows for it. `shown_on`: the page that shows what was saved. `options`, `around`: entering.py.
    """

    form: type[FactForm]
    template: str
    graded: bool = False
    on_paper: bool = False
    shown_on: str = "participant"
    options: Options = entering.no_options
    around: Around = entering.nothing_around

    @property
    def act(self) -> Act:
        """What somebody must be allowed to do to see the page."""
        return KINDS[self.form.model].act

    @property
    def stops(self) -> bool:
        """Whether it ends what runs."""
        return KINDS[self.form.model].stops


@dataclass(frozen=True, slots=True, kw_only=True)
class KindAtEdge:
    """`path` and `shape`: its address and its body in the API; None: it is sent to another address than all facts are.

    `pages`: those of views/entry.py, by their address; a kind without any has a page of its own, or is only sent.
    """

    kind: FactKind
    path: str | None = None
    shape: FactSerializer | None = None
    pages: Mapping[str, EntryPage] = field(default_factory=dict)


AT_EDGE = (
    KindAtEdge(
        kind=KINDS[VitalSigns],
        path="vital-signs",
        shape=shapes.VitalSignsSerializer(),
        pages={
            "vitals": EntryPage(
                form=VitalsForm,
                on_paper=True,
                template="bedside/vitals.html",
                graded=True,
                options=entering.vitals_options,
                around=entering.around_vitals,
            )
        },
    ),
    KindAtEdge(
        kind=KINDS[NeuroAssessment],
        path="neuro-assessments",
        shape=shapes.NeuroAssessmentSerializer(),
        pages={
            "neuro": EntryPage(
                form=NeuroForm,
                on_paper=True,
                template="bedside/neuro.html",
                graded=True,
                options=entering.neuro_options,
                around=entering.around_neuro,
            )
        },
    ),
    KindAtEdge(
        kind=KINDS[Treatment],
        path="treatments",
        shape=shapes.TreatmentSerializer(),
        pages={
            "treatment": EntryPage(
                form=TreatmentForm,
                on_paper=True,
                template="bedside/treatment.html",
                around=entering.around_treatment,
            )
        },
    ),
    KindAtEdge(
        kind=KINDS[TreatmentEnd],
        path="treatment-ends",
        shape=shapes.TreatmentEndSerializer(),
        pages={
            "treatment-end": EntryPage(
                form=TreatmentEndForm,
                template="bedside/treatment_end.html",
                shown_on="drugs",
                options=entering.treatment_end_options,
            )
        },
    ),
    KindAtEdge(  # page: views/second.py
        kind=KINDS[TreatmentCheck], path="treatment-checks", shape=shapes.TreatmentCheckSerializer()
    ),
    KindAtEdge(
        kind=KINDS[Dose],
        path="doses",
        shape=shapes.DoseSerializer(),
        pages={
            "dose": EntryPage(
                form=DoseForm,
                on_paper=True,
                template="bedside/dose.html",
                options=entering.dose_options,
                around=entering.around_dose,
            )
        },
    ),
    KindAtEdge(
        kind=KINDS[DoseEnd],
        path="dose-ends",
        shape=shapes.DoseEndSerializer(),
        pages={
            "dose-end": EntryPage(
                form=DoseEndForm,
                template="bedside/dose_end.html",
                options=entering.dose_end_options,
            )
        },
    ),
    KindAtEdge(kind=KINDS[DoseCheck], path="dose-checks", shape=shapes.DoseCheckSerializer()),  # page: views/second.py
    KindAtEdge(kind=KINDS[DoseRelease]),  # to the gate, which it answers: dosing/views/gate.py, dosing/api/gate.py
    KindAtEdge(
        kind=KINDS[Stay],
        path="stays",
        shape=shapes.StaySerializer(),
        pages={"stay": EntryPage(form=StayForm, template="bedside/stay.html", around=entering.around_stay)},
    ),
    KindAtEdge(
        kind=KINDS[StayEnd],
        path="stay-ends",
        shape=shapes.StayEndSerializer(),
        pages={
            "stay-end": EntryPage(
                form=StayEndForm,
                template="bedside/stay_end.html",
                shown_on="window",
                options=entering.stay_end_options,
            )
        },
    ),
    KindAtEdge(
        kind=KINDS[Measurement],
        path="measurements",
        shape=shapes.MeasurementSerializer(),
        pages={
            "weight": EntryPage(
                form=WeightForm,
                template="bedside/weight.html",
                shown_on="drugs",
                options=entering.only_of(Measured.WEIGHT),
            ),
            "baseline-oxygen": EntryPage(
                form=BaselineOxygenForm,
                template="bedside/baseline_oxygen.html",
                shown_on="drugs",
                options=entering.only_of(Measured.BASELINE_OXYGEN),
            ),
            "baseline-vasopressors": EntryPage(
                form=BaselineVasopressorsForm,
                template="bedside/baseline_vasopressors.html",
                shown_on="drugs",
                options=entering.only_of(Measured.BASELINE_VASOPRESSORS),
            ),
            "baseline-neuro": EntryPage(
                form=BaselineNeuroForm,
                template="bedside/baseline_number.html",
                options=entering.only_of(Measured.BASELINE_ICE, Measured.BASELINE_CAPD),
            ),
            "language": EntryPage(
                form=LanguageForm,
                template="bedside/language.html",
                options=entering.only_of(Measured.LANGUAGE),
            ),
            "baseline-systolic": EntryPage(
                form=BaselineSystolicForm,
                template="bedside/baseline_number.html",
                options=entering.only_of(Measured.BASELINE_SBP),
            ),
            "baseline-diastolic": EntryPage(
                form=BaselineDiastolicForm,
                template="bedside/baseline_number.html",
                options=entering.only_of(Measured.BASELINE_DBP),
            ),
            "baseline-saturation": EntryPage(
                form=BaselineSaturationForm,
                template="bedside/baseline_number.html",
                options=entering.only_of(Measured.BASELINE_SPO2),
            ),
        },
    ),
    KindAtEdge(
        kind=KINDS[Attribution],
        path="attributions",
        shape=shapes.AttributionSerializer(),
        pages={"attribution": EntryPage(form=AttributionForm, template="review/attribution.html")},
    ),
    KindAtEdge(
        kind=KINDS[GradeAssessment],  # beside the grade: review/views/assessment.py
        path="grade-assessments",
        shape=shapes.GradeAssessmentSerializer(),
    ),
    KindAtEdge(kind=KINDS[EventReport]),  # these three on the episode's page: review/views/episode.py
    KindAtEdge(kind=KINDS[EpisodeNarrative]),
    KindAtEdge(kind=KINDS[ReviewAssignment]),
    KindAtEdge(
        kind=KINDS[MissedObservationReason],  # at the slot: dosing/views/window.py
        path="missed-observations",
        shape=shapes.MissedObservationSerializer(),
    ),
    KindAtEdge(
        kind=KINDS[WindowCompletion],  # below the window: dosing/views/window.py
        path="window-closings",
        shape=shapes.WindowCompletionSerializer(),
    ),
    KindAtEdge(kind=KINDS[Disposition], path="dispositions", shape=shapes.DispositionSerializer()),
)
PAGES: Mapping[str, EntryPage] = {address: page for one in AT_EDGE for address, page in one.pages.items()}


def entry_form(typed: Any, kind: str, entering: Entering) -> Any:
    """The form of this page, empty where `typed` is None: one for the page itself and for a tablet's outbox."""
    page, participant = PAGES[kind], entering.participant
    return page.form(
        typed, participant=participant, wristband=wristband_of(participant), at=entering.at, earlier=entering.earlier,
        from_paper=entering.from_paper, **page.options(entering),
    )  # fmt: skip


def shown_at(kind: str, fact: Fact) -> str:
    """Where what was saved is shown."""
    return f"{reverse(PAGES[kind].shown_on, args=[fact.participant_id])}?saved={fact.pk}"
