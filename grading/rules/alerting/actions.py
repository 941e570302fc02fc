"""Which drug is the action of an alert: what the alert asks to be given, and nothing else. Pure.

Source: project decision ("an action is what the alert asks"); rows that no decision names are in docs/conventions.md.
"At the bedside" and a reasoned decline are actions of any alert; they are acts of people, not drugs.
"""

from collections.abc import Mapping

from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.course.events import CRS, ICANS
from grading.rules.grades.graded import INDETERMINATE
from grading.rules.treatment.indication import treats_syndrome
from grading.rules.treatment.masking_hours import Masking

_C = ConditionCode
Classes = frozenset[str]
NONE: Classes = frozenset()
ANTIPYRETIC: Classes = frozenset({Masking.ANTIPYRETIC.value})
ANTICYTOKINE: Classes = frozenset({Masking.ANTICYTOKINE.value})
STEROID: Classes = frozenset({Masking.CORTICOSTEROID.value})

# By kind and the grade that an alert tells of. -1: a provisional episode, which is grade 2 or more, were it CRS.
# 5: death asks for no drug.
OF_GRADE: Mapping[tuple[str, int], Classes] = {
    (CRS, INDETERMINATE): ANTICYTOKINE | STEROID,
    (CRS, 1): ANTIPYRETIC,
    (CRS, 2): ANTICYTOKINE | STEROID,
    (CRS, 3): ANTICYTOKINE | STEROID,
    (CRS, 4): ANTICYTOKINE | STEROID,
    (CRS, 5): NONE,
    (ICANS, 1): NONE,  # ASCO 2021: supportive care, ICE twice a day, neurology consult
    (ICANS, 2): STEROID,
    (ICANS, 3): STEROID,
    (ICANS, 4): STEROID,
    (ICANS, 5): NONE,
}

# By condition of the policy and its kind: what its own words ask for (alert_words.asked_text). A kind that is not
# there asks for no drug.
OF_CONDITION: Mapping[ConditionCode, Mapping[str, Classes]] = {
    _C.FEVER_PERSISTING: {CRS: ANTICYTOKINE | STEROID},  # managed as the next grade
    _C.NO_IMPROVEMENT_AFTER_STEROID: {CRS: ANTICYTOKINE},
    _C.STEROID_AFTER_ANTI_IL6: {CRS: STEROID, ICANS: STEROID},
    _C.MANAGE_AS_NEXT_GRADE: {CRS: ANTICYTOKINE | STEROID, ICANS: STEROID},
    _C.TOCILIZUMAB_ELIGIBLE: {CRS: ANTICYTOKINE},
    _C.TOCILIZUMAB_MAXIMUM: {},  # asks for a plan
    _C.SEIZURE_OR_POSTURING: {},  # asks for somebody at the bedside
    _C.ICE_DROP: {},  # asks for another look
    _C.OBSERVATION_OVERDUE: {},
    _C.WINDOW_ENDING: {},
    _C.DANGER_VALUE: {},  # asks for somebody at the bedside
}


def drugs_asked(*, kind: str, grade: int, condition: str = "") -> Classes:
    """The classes of drug of which one, given for this kind, is the action. Empty: no drug is.

    `condition` empty: the alert of a grade that rose. A condition from a newer version asks for no drug here.
    """
    if not condition:
        return OF_GRADE.get((kind, grade), NONE)
    known = condition in set(ConditionCode)
    return OF_CONDITION[ConditionCode(condition)].get(kind, NONE) if known else NONE


def is_action(
    *, kind: str, grade: int, condition: str, drug_class: str, indication: str, before_dosing: bool = False
) -> bool:
    """Whether a drug of this class (the one it acts as), given for `indication`, is what the alert asks.

    `before_dosing`: a fever before the first dose is no CRS, and asks for its cause.
    """
    drug_classes = NONE if before_dosing else drugs_asked(kind=kind, grade=grade, condition=condition)
    return treats_syndrome(indication, kind) and drug_class in drug_classes
