"""What each entry page needs besides what is typed: what its form is made with, and what stands around the form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404

from grading.alerting.selectors.rota import AHEAD, cover_of
from grading.bedside import neuro_words
from grading.bedside.selectors.bedside import Bedside, last_neuro, running_dose, running_stay, steps_of, unconfirmed
from grading.bedside.selectors.course import last_vitals, next_step
from grading.bedside.selectors.ice_words import IceWords, ice_words
from grading.bedside.selectors.sentences import ribbon_of
from grading.bedside.sentence_shapes import shapes_of
from grading.dosing import gate_words
from grading.dosing.selectors.gate import Gate, gate_of
from grading.models import NeuroAssessment, TreatmentEnd, VitalSigns
from grading.recording.neuro_banks import bank_key
from grading.rules.neuro import handwriting
from grading.rules.neuro.item_bank import BankKey
from grading.treatment.drug_words import running_by_class
from grading.treatment.selectors.dose_keys import dose_keys
from grading.treatment.selectors.drug_facts import held_up_by, measures, planned_doses, still_running
from grading.treatment.selectors.drugs import tocilizumab_now
from regimens.facts import Fact
from regimens.models import DoseEnd, Measured, Participant, StayEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """A fact about to be entered, `at` now. `earlier`: the version that is corrected; None: a new fact.

    `chosen`: the treatment that the page was opened to stop; empty: none. `wanted_bank`: the words that were asked
    for in place of the participant's own, as a baseline keeps them; empty: her own. `kept`: what is on file already
    under the id that is sent, of the kinds that stop something; None: nothing is.
    """

    here: Bedside
    earlier: Fact | None
    at: datetime
    chosen: str = ""
    wanted_bank: str = ""
    from_paper: bool = False
    kept: Fact | None = None

    @property
    def participant(self) -> Participant:
        return self.here.participant

    @property
    def before(self) -> datetime | None:
        """What is shown was seen before this. None: it is the newest."""
        return None if self.earlier is None else self.earlier.observed_at


class NothingRuns(Exception):
    """What the page would stop does not run: its stop is on file, or nothing ever began."""


Options = Callable[[Entering], dict[str, Any]]
Around = Callable[[Entering, Any], dict[str, Any]]


def no_options(entering: Entering) -> dict[str, Any]:
    return {}


def nothing_around(entering: Entering, form: Any) -> dict[str, Any]:
    return {}


# --- What a form is made with; NothingRuns where there is nothing to stop ----------------------------------------


def vitals_options(entering: Entering) -> dict[str, Any]:
    """A correction asks again for what is still unconfirmed."""
    earlier = entering.earlier
    doubts = unconfirmed(earlier) if isinstance(earlier, VitalSigns) else []
    return {"asked_first": {doubt.field for doubt in doubts}}


def neuro_options(entering: Entering) -> dict[str, Any]:
    """The words to read out; a correction has those of the version that it corrects."""
    participant, earlier = entering.participant, entering.earlier
    corrected = earlier if isinstance(earlier, NeuroAssessment) else None
    at = entering.before or entering.at

    def words(bank: BankKey | None) -> IceWords:
        return ice_words(participant, at=at, bank=bank, corrected=corrected)

    return {"words": words, "bank": bank_key(entering.wanted_bank)}


def dose_options(entering: Entering) -> dict[str, Any]:
    steps, planned = steps_of(entering.participant), next_step(entering.participant)
    doses = planned_doses(entering.participant, steps, at=entering.at)
    options = {"steps": steps, "planned": planned, "doses": doses}
    if entering.earlier is None:  # a correction says anew what was given, and not whether it may be
        options["gate_at"] = partial(_gate_at, entering.participant)
    return options


def _gate_at(participant: Participant, at: datetime) -> Gate:
    """The gate's answer for a dose that begins then."""
    return gate_of(participant, dose_at=at, at=at)


def dose_end_options(entering: Entering) -> dict[str, Any]:
    stop = entering.earlier or entering.kept
    dose = stop.dose if isinstance(stop, DoseEnd) else running_dose(entering.participant)
    if dose is None:
        raise NothingRuns
    return {"dose": dose}


def stay_end_options(entering: Entering) -> dict[str, Any]:
    stop = entering.earlier or entering.kept
    stay = stop.stay if isinstance(stop, StayEnd) else running_stay(entering.participant)
    if stay is None:
        raise NothingRuns
    return {"stay": stay}


def treatment_end_options(entering: Entering) -> dict[str, Any]:
    """What may have stopped: what runs, and what the corrected stop was of."""
    running = still_running(entering.participant)
    stop = entering.earlier or entering.kept
    if isinstance(stop, TreatmentEnd):
        running = [stop.treatment, *running]
    if not running:
        raise NothingRuns
    return {"running": running, "chosen": entering.chosen}


def only_of(*measured: Measured) -> Options:
    """The page of these kinds of measurement corrects no other."""

    def options(entering: Entering) -> dict[str, Any]:
        if not any(measures(entering.earlier, one) for one in measured):
            raise Http404
        return {}

    return options


# --- What stands around a form -------------------------------------------------------------------------------


def around_vitals(entering: Entering, form: Any) -> dict[str, Any]:
    participant = entering.participant
    running = held_up_by(participant, at=entering.before or entering.at)
    return {
        "last": last_vitals(participant, before=entering.before),
        "record": running_by_class(running, participant.site, at=entering.at),
    }


def around_neuro(entering: Entering, form: Any) -> dict[str, Any]:
    participant = entering.participant
    last = last_neuro(participant, before=entering.before)
    return {
        "last": last,
        "compared": neuro_words.compared(participant, last=last),
        "ice_rows": neuro_words.rows(form),
        "other_banks": neuro_words.other_banks(form),
        "pad_limits": handwriting,
        "sentences": shapes_of(ribbon_of(participant)),
    }


def around_treatment(entering: Entering, form: Any) -> dict[str, Any]:
    ledger = tocilizumab_now(entering.participant, at=entering.at)
    return {"tocilizumab": ledger, "dose_keys": dose_keys(entering.participant, ledger, at=entering.at)}


def around_dose(entering: Entering, form: Any) -> dict[str, Any]:
    """The gate's answer beside a new dose; a correction says anew what was given, and not whether it may be."""
    if entering.earlier is not None:
        return {}
    gate = form.gate or _gate_at(entering.participant, form.opened)
    asks = form.planned is not None and gate.asks_why(form.planned.label)
    return {"gate": gate, "gate_summary": gate_words.summary(gate, may_record=True), "gate_asks": asks}


def around_stay(entering: Entering, form: Any) -> dict[str, Any]:
    """Who would be called is told before somebody is admitted."""
    if entering.earlier is not None:
        return {}
    study, site = entering.participant.study, entering.participant.site
    return {"cover": cover_of(study, site, start=entering.at, end=entering.at + AHEAD)}
