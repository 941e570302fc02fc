"""The page on which the one thing to do about a hold is done."""

from django.urls import reverse

from grading.dosing.selectors.gate import Gate
from grading.dosing.selectors.gate_case import baseline_score
from regimens.rules.gate.to_do import ToDo

ON_THE_GATE = "#asked"  # the form of what only people know
# What is to be done -> the page of the participant. What is asked of an investigator is no page.
PAGES = {
    "record_infusion_end": "dose-end",
    "close_window": "window",
    "settle_the_grade": "participant",
    "record_ice_again": "neuro",
    "record_tocilizumab": "treatment",
    "record_steroid": "treatment",
    "set_cohort": "cohort",
}
ANSWERED = frozenset({"answer_infection", "answer_infection_again", "answer_on_site", "fetch_tocilizumab"})
OF_REGIMEN = frozenset(
    {"set_interval", "set_delay", "set_restart", "set_window", "set_region", "set_grade_rule", "set_regimen"}
)
RECORDED_ON = frozenset({"dose-end", "neuro", "vitals", "treatment", "baseline-neuro"})
SETS = frozenset({"record_a_set", "record_until_resolved"})
LOOKED_BY = {"CRS": "vitals", "ICANS": "neuro"}


def page_of(to_do: ToDo | None, gate: Gate, *, may_record: bool) -> str:
    """Its address. Empty: nothing is to be done, not on a page, or by somebody who records what is seen and given."""
    participant = gate.participant
    if to_do is None:
        return ""
    if to_do.code in ANSWERED:
        return reverse("gate", args=[participant.pk]) + ON_THE_GATE
    if to_do.code in OF_REGIMEN:
        return reverse("regimen", args=[participant.regimen_id])
    if to_do.code == "clear_step":
        return reverse("regimen", args=[participant.regimen_id]) + "#clearances"
    name = PAGES.get(to_do.code)
    if to_do.code in SETS:
        name = LOOKED_BY.get(to_do.values.get("name", ""))
    if to_do.code == "record_ice":
        name = "baseline-neuro" if baseline_score(participant, until=gate.dose_at) is None else "neuro"
    if name is None or (name in RECORDED_ON and not may_record):
        return ""
    return reverse(name, args=[participant.pk])
