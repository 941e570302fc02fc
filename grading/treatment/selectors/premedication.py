"""What the regimen's document plans as premedication of each study dose given, and what of it is on file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.models import Treatment
from grading.rules.treatment.indication import is_premedication
from grading.rules.treatment.premedication import Judged, Premedicated, StudyDose, before_which, judged, wanted
from regimens.models import Dose, DoseStatus, Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """One drug of one printed row. `row`: the row in its own words."""

    row: Mapping[str, Any]
    judged: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePremedication:
    dose: StudyDose
    lines: Sequence[PlannedLine]


def planned_premedication(participant: Participant, treatments: Sequence[Treatment]) -> list[DosePremedication]:
    """Newest dose first, each by the version under which it was given; without those whose version plans nothing."""
    given = Dose.objects.standing().filter(participant=participant).exclude(status=DoseStatus.NOT_GIVEN)
    doses = {
        StudyDose(at=dose.observed_at, label=dose.step.label): dose.step.regimen.document
        for dose in given.select_related("step__regimen").order_by("-observed_at")
    }
    premedication = [one for one in treatments if is_premedication(one.indication)]
    by_dose = []
    for dose, document in doses.items():
        mine = [
            Premedicated(at=one.observed_at, drug=one.drug, drug_class=one.drug_class)
            for one in premedication
            if before_which(one.observed_at, doses).dose == dose  # and not for an earlier dose of the same day
        ]
        lines = [
            PlannedLine(row=row, judged=judged(drug, row.get("timing", ""), dose_at=dose.at, given=mine))
            for row in regimen_rows(document or {}, dose)
            for drug in wanted(row["drug"])
        ]
        if lines:
            by_dose.append(DosePremedication(dose=dose, lines=lines))
    return by_dose


def regimen_rows(document: Mapping[str, Any], dose: StudyDose | None) -> list[dict[str, Any]]:
    """The document's premedication of this step; a row that names no step is of every one."""
    rows = document.get("premedication") or []
    return [] if dose is None else [row for row in rows if not row.get("steps") or dose.label in row["steps"]]
