"""G of a serious-event sheet: the study drug with its doses up to the onset; and what was given for the event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from grading.models import Treatment
from grading.serious.elements import SheetElement, ids, instant_of
from grading.serious.facts import EventFacts
from grading.serious.sections import shown_at
from grading.serious.words import ACTION_CODES, FOR_INVESTIGATOR, SAID_BY_INVESTIGATOR, WITHHELD
from grading.treatment.drug_words import kind_text
from grading.words.drug_names import drug_name
from grading.words.wording import as_typed, listed, route_word
from regimens.blinding import Profile
from regimens.models import Dose, DoseStatus
from regimens.wording import step_text

HOURS = "h"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugRow:
    """Something that was given, or a dose that was not. `amount` and `unit` None: not recorded, or withheld."""

    fact: Dose | Treatment
    name: str
    amount: str | None
    unit: str | None
    start: datetime
    end: datetime | None
    details: str

    @property
    def amount_text(self) -> str:
        return _("not recorded") if self.amount is None else f"{self.amount} {self.unit}"


def is_given(dose: Dose) -> bool:
    return dose.status != DoseStatus.NOT_GIVEN


def dose_rows(facts: EventFacts, profile: Profile, *, since: bool = False) -> list[DrugRow]:
    """The doses up to the onset, or those after it; of a blinded recipient neither step nor amount."""
    return [_dose(one, facts, profile) for one in (facts.doses_since if since else facts.doses)]


def _dose(dose: Dose, facts: EventFacts, profile: Profile) -> DrugRow:
    blinded, end = profile is Profile.BLINDED, facts.dose_ends.get(dose.pk)
    parts = [str(dose.get_status_display()), route_word(dose.route) if is_given(dose) else ""]
    return DrugRow(
        fact=dose, name=str(WITHHELD) if blinded else step_text(dose.step.label),
        amount=None if blinded or dose.amount is None else as_typed(dose.amount),
        unit=None if blinded else str(dose.get_unit_display()), start=dose.observed_at,
        end=None if end is None else end.observed_at, details=listed(one for one in parts if one),
    )  # fmt: skip


def treatment_rows(facts: EventFacts) -> list[DrugRow]:
    """From a day before the onset until the end: tocilizumab, steroids and all else."""
    return [_treatment(one, facts) for one in facts.treatments]


def _treatment(one: Treatment, facts: EventFacts) -> DrugRow:
    end = facts.treatment_ends.get(one.pk)
    parts = [str(kind_text(one)), str(one.get_indication_display()), route_word(one.route)]
    return DrugRow(
        fact=one, name=drug_name(one.drug), amount=None if one.dose is None else as_typed(one.dose),
        unit=one.unit or None, start=one.observed_at, end=None if end is None else end.observed_at,
        details=listed(part for part in parts if part),
    )  # fmt: skip


def study_drug(facts: EventFacts, profile: Profile) -> list[SheetElement]:
    """G.k but its doses. What was done with the drug because of the event no fact says: what came after is parts."""
    blinded = profile is Profile.BLINDED
    given = [one for one in facts.doses if is_given(one)]
    return [
        SheetElement(number="G.k.1", name=_("Role of the drug"), value="1", text=_("suspect (study drug)")),
        SheetElement(number="G.k.2.2", name=_("Study drug"), value=None if blinded else facts.participant.regimen.drug,
                why=str(WITHHELD) if blinded else ""),
        SheetElement(number="G.k.2.5", name=_("Blinded"), value="true" if blinded else None, text=_("yes")),
        *_intervals(facts, given),
        _action(facts),
        SheetElement(number="G.k.9.i.2.r.2", name=_("Method of the causality assessment"), why=str(FOR_INVESTIGATOR)),
        SheetElement(number="G.k.9.i.2.r.3", name=_("Result of the causality assessment"), why=str(FOR_INVESTIGATOR)),
    ]  # fmt: skip


def _action(facts: EventFacts) -> SheetElement:
    report, name = facts.report, _("Action taken with the study drug")
    if report is None or not report.action:
        return SheetElement(number="G.k.8", name=name, why=str(FOR_INVESTIGATOR))
    return SheetElement(
        number="G.k.8", name=name, value=ACTION_CODES.get(report.action, report.action),
        text=str(report.get_action_display()), why=str(SAID_BY_INVESTIGATOR), facts=[report.pk],
    )  # fmt: skip


def _intervals(facts: EventFacts, given: list[Dose]) -> Iterator[SheetElement]:
    names = {"G.k.9.i.3.1": _("From the first dose to the start"), "G.k.9.i.3.2": _("From the last dose to the start")}
    for (number, name), dose in zip(names.items(), (given[:1], given[-1:]), strict=True):
        hours = [f"{(facts.episode.started_at - one.observed_at).total_seconds() / 3600:.2f}" for one in dose]
        yield SheetElement(number=f"{number}a", name=name, value=hours[0] if hours else None, facts=ids(dose),
                      text=f"{hours[0]} h" if hours else "")  # fmt: skip
        yield SheetElement(number=f"{number}b", name=_("Its unit"), value=HOURS if hours else None)


def row_json(row: DrugRow, facts: EventFacts) -> dict[str, Any]:
    """G.k.4.r of a dose, and the same shape of a treatment. null: not recorded, or withheld."""
    return {
        "name": row.name, "G.k.4.r.1a": row.amount, "G.k.4.r.1b": row.unit, "text": row.details,
        "G.k.4.r.4": instant_of(row.start, facts.zone), "G.k.4.r.5": instant_of(row.end, facts.zone),
        "hours_from_onset": f"{(row.start - facts.episode.started_at).total_seconds() / 3600:.2f}",
        "fact": str(row.fact.pk),
    }  # fmt: skip


def row_cells(row: DrugRow, facts: EventFacts) -> list[str]:
    return [shown_at(row.start, facts), row.name, row.amount_text, row.details, shown_at(row.end, facts) or "–"]
