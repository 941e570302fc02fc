"""The words of a serious-event sheet: terms, criteria, outcomes, and what each rests on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from grading.rules.course.periods.seriousness import Criterion, EventOutcome

TERMS: dict[str, Promise] = {
    "crs": _l("Cytokine release syndrome"),
    "icans": _l("Immune effector cell-associated neurotoxicity syndrome"),
}
# The term that a person gives an episode which nobody has judged is not ours to write.
UNJUDGED_TERM = _l("Hypotension or hypoxia: cytokine release syndrome is not ruled out, nobody has judged it")
CRITERIA_NAMES: dict[Criterion, Promise] = {
    Criterion.DEATH: _l("Results in death"),
    Criterion.LIFE_THREATENING: _l("Life-threatening"),
    Criterion.HOSPITALISATION: _l("Caused or prolonged hospitalisation"),
    Criterion.DISABLING: _l("Disabling or incapacitating"),
    Criterion.CONGENITAL: _l("Congenital anomaly or birth defect"),
    Criterion.MEDICALLY_IMPORTANT: _l("Other medically important condition"),
}
BASES: dict[str, Promise] = {
    "death_recorded": _l("a death of it, or grade 5, is on record"),
    "grade_4": _l("ASTCT grade 4 (convention: confirm)"),
    "admitted_after_onset": _l("in no bed at the onset, admitted during the episode (confirm)"),
}
OUTCOMES: dict[EventOutcome, Promise] = {
    EventOutcome.RESOLVED: _l("recovered / resolved"),
    EventOutcome.NOT_RESOLVED: _l("not recovered / not resolved / ongoing"),
    EventOutcome.FATAL: _l("fatal"),
}
FOR_INVESTIGATOR = _l("for the investigator")
FOR_SPONSOR = _l("for the sponsor")
WITHHELD = _l("withheld: the study is blinded")
SAID_BY_INVESTIGATOR = _l("as the investigator said")
# Codes of CDISC in which an investigator answers (C66768, C66767) -> those of E2B(R3), E.i.7 and G.k.8. What E2B has no
# code for, an interrupted drug, keeps its own.
OUTCOME_CODES = {
    "RECOVERED/RESOLVED": "1", "RECOVERING/RESOLVING": "2", "NOT RECOVERED/NOT RESOLVED": "3",
    "RECOVERED/RESOLVED WITH SEQUELAE": "4", "FATAL": "5", "UNKNOWN": "0",
}  # fmt: skip
ACTION_CODES = {
    "DRUG WITHDRAWN": "1", "DOSE REDUCED": "2", "DOSE INCREASED": "3", "DOSE NOT CHANGED": "4", "UNKNOWN": "0",
    "NOT APPLICABLE": "9",
}  # fmt: skip
CRITERION_CODES = {
    Criterion.DEATH: "death", Criterion.LIFE_THREATENING: "life_threatening",
    Criterion.HOSPITALISATION: "hospitalisation", Criterion.DISABLING: "disability",
    Criterion.CONGENITAL: "congenital", Criterion.MEDICALLY_IMPORTANT: "important",
}  # fmt: skip
