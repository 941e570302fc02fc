"""ASTCT 2019 grade of ICANS: the most severe domain that has no other cause (N7)."""

from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from typing import NamedTuple

from grading.rules.grades.cognition import cognition
from grading.rules.grades.graded import (
    ABSENT,
    DEATH,
    Element,
    Graded,
    Reason,
    bounds,
    graded_from,
    reason,
    worse_of,
)
from grading.rules.grades.icans_inputs import (
    Consciousness,
    IcansInputs,
    IceUnableReason,
    IcpSign,
    Motor,
    Oedema,
    Seizure,
)

BY_CONSCIOUSNESS = {
    Consciousness.AWAKE: (0, None),
    Consciousness.SPONTANEOUS: (1, "awakens_spontaneously"),
    Consciousness.VOICE: (2, "awakens_to_voice"),
    Consciousness.TACTILE: (3, "awakens_to_touch"),
    Consciousness.VIGOROUS_TACTILE: (4, "vigorous_stimulus"),
    Consciousness.UNAROUSABLE: (4, "unarousable"),
}
BY_SEIZURE = {
    Seizure.NONE: (0, None),
    Seizure.BRIEF_RESOLVED: (3, "seizure_resolved"),
    Seizure.EEG_NONCONVULSIVE_RESOLVED: (3, "seizure_resolved"),
    Seizure.PROLONGED_OVER_5_MIN: (4, "seizure_life_threatening"),
    Seizure.REPETITIVE_NO_RETURN_TO_BASELINE: (4, "seizure_life_threatening"),
}
BY_MOTOR = {  # tremor and myoclonus never count (N5)
    Motor.NONE: 0,
    Motor.TREMOR: 0,
    Motor.MYOCLONUS: 0,
    Motor.DEEP_FOCAL_WEAKNESS: 4,
}
BY_OEDEMA = {
    Oedema.NONE: (0, None),
    Oedema.FOCAL: (3, "focal_oedema"),
    Oedema.DIFFUSE: (4, "diffuse_oedema"),
}


def grade_icans(seen: IcansInputs) -> Graded:
    """Grade one examination; -1 with bounds where what was not examined leaves it open."""
    if seen.died_of_icans:
        return graded_from(frozenset({DEATH}), reasons=(reason("died_of_icans"),))
    signs = seen.icp_signs
    tested, others = cognition(seen), _others(
        seen.consciousness,
        seen.consciousness_attributed_to_other_cause,
        seen.ice_unable_reason,
        seen.seizure,
        seen.seizure_attributed_to_other_cause,
        seen.motor,
        seen.motor_attributed_to_other_cause,
        seen.oedema,
        seen.oedema_attributed_to_other_cause,
        seen.intracranial_haemorrhage,
        signs if signs is None else tuple(signs),
    )  # fmt: skip
    grade, least, most, worse, is_deciding, others_told = _form(tested.grades, others)
    reasons = (worse + tested.reasons if is_deciding else worse) + others_told + tested.notes + others.notes
    flags = tested.flags + others.flags
    if len(flags) > 1:
        flags = tuple(dict.fromkeys(flags))
    missing = tested.missing + others.missing
    return tuple.__new__(Graded, (grade, least, most, reasons or NO_SIGN, missing, flags))


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """The domains beside the tested one, in their order: of each its grades and reasons; of all, what else is told."""

    grades: tuple[frozenset[int], ...]
    reasons: tuple[tuple[Reason, ...], ...]
    notes: tuple[Reason, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]


@lru_cache(maxsize=16_384)  # of words only: some five thousand without an attribution
def _others(
    consciousness: Consciousness | None,
    consciousness_attributed: bool,
    ice_unable: IceUnableReason | None,
    seizure: Seizure | None,
    seizure_attributed: bool,
    motor: Motor | None,
    motor_attributed: bool,
    oedema: Oedema,
    oedema_attributed: bool,
    bleeds: bool,
    signs: tuple[IcpSign, ...] | None,
) -> Others:
    domains = (
        _consciousness(consciousness, consciousness_attributed, ice_unable),
        _seizure(seizure, seizure_attributed),
        _motor(motor, motor_attributed, bleeds),
        _oedema(oedema, oedema_attributed, bleeds),
        _raised_pressure(signs),
    )
    return Others(
        grades=tuple(one.grades for one in domains),
        reasons=tuple(one.reasons for one in domains),
        notes=sum((one.notes for one in domains), ()),
        missing=sum((one.missing for one in domains), ()),
        flags=sum((one.flags for one in domains), ()),
    )


class IcansForm(NamedTuple):
    """A grade without what the tested domain tells. `worse`: reasons of the others that come before its own;
    `is_deciding`: whether it can reach the grade.
    """

    grade: int
    at_least: int
    at_most: int
    worse: tuple[Reason, ...]
    is_deciding: bool
    others: tuple[Reason, ...]


@lru_cache(maxsize=65_536)
def _form(tested: frozenset[int], others: Others) -> IcansForm:
    grade, least, most, before, is_deciding, after = _places(tested, others.grades)
    worse, rest = (sum([others.reasons[place] for place in places], ()) for places in (before, after))
    return IcansForm(grade, least, most, worse, is_deciding, rest)


@lru_cache(maxsize=16_384)
def _places(
    tested: frozenset[int], others: tuple[frozenset[int], ...]
) -> tuple[int, int, int, tuple[int, ...], bool, tuple[int, ...]]:
    """The grade with its bounds, and which domains can reach it, the worst first: those worse than the tested one by
    their places among the others, whether it can, and the rest.
    """
    grade, least, most = bounds(reduce(worse_of, (tested, *others)))
    highest, reached = max(tested), max(least, 1)
    able = sorted([place for place, one in enumerate(others) if max(one) >= reached], key=lambda at: -max(others[at]))
    before = tuple([place for place in able if max(others[place]) > highest])
    return grade, least, most, before, highest >= reached, tuple(able[len(before) :])


NO_SIGN = (reason("no_icans_sign"),)


@cache  # of words only, of which there are few
def _known(grade: int, code: str | None, **values: str) -> Element:
    return Element(frozenset({grade}), (reason(code, **values),)) if code else ABSENT


@cache
def _not_known(grades: frozenset[int], code: str, field: str) -> Element:
    return Element(grades, (reason(code),), (field,))


@cache
def _not_counted(code: str) -> Element:
    return Element(ABSENT.grades, notes=(reason(code),))


@cache
def _to_be_judged(code: str) -> Element:
    return Element(frozenset({0, 4}), (reason(code),), flags=("haemorrhage_to_be_judged",))


CONSCIOUSNESS = {state: _known(grade, code) for state, (grade, code) in BY_CONSCIOUSNESS.items()}
CONSCIOUSNESS_UNKNOWN = _not_known(frozenset({0, 1, 2, 3, 4}), "consciousness_unknown", "consciousness")
SEIZURES = {one: _known(grade, code, seizure=one) for one, (grade, code) in BY_SEIZURE.items()}
SEIZURE_UNKNOWN = _not_known(frozenset({0, 3, 4}), "seizure_unknown", "seizure")
MOTOR_UNKNOWN = _not_known(frozenset({0, 4}), "motor_unknown", "motor")
WEAKNESS = _known(4, "deep_focal_weakness")
SWELLING = {one: _known(grade, code) for one, (grade, code) in BY_OEDEMA.items()}
SIGNS_UNKNOWN = _not_known(frozenset({0, 4}), "icp_signs_unknown", "icp_signs")


def _consciousness(state: Consciousness | None, attributed: bool, ice_unable: IceUnableReason | None) -> Element:
    if attributed:
        return _not_counted("consciousness_attributed")
    if ice_unable == IceUnableReason.INTUBATED_SEDATED:
        return _not_counted("consciousness_under_sedation")
    if state is None:
        if ice_unable == IceUnableReason.UNAROUSABLE:  # graded 4 by `cognition`
            return ABSENT
        return CONSCIOUSNESS_UNKNOWN
    return CONSCIOUSNESS[state]


def _seizure(seizure: Seizure | None, attributed: bool) -> Element:
    if attributed:
        return _not_counted("seizure_attributed")
    if seizure is None:
        return SEIZURE_UNKNOWN
    return SEIZURES[seizure]


def _motor(motor: Motor | None, attributed: bool, bleeds: bool) -> Element:
    if attributed:
        return _not_counted("motor_attributed")
    if motor is None:
        return MOTOR_UNKNOWN
    if BY_MOTOR[motor] == 0:
        return ABSENT
    return _to_be_judged("weakness_with_haemorrhage") if bleeds else WEAKNESS


def _oedema(oedema: Oedema, attributed: bool, bleeds: bool) -> Element:
    """Imaging is done on suspicion, so nothing said is none."""
    if attributed:
        return _not_counted("oedema_attributed")
    if bleeds and oedema == Oedema.FOCAL:
        return _not_counted("oedema_with_haemorrhage")
    if bleeds and oedema == Oedema.DIFFUSE:
        return _to_be_judged("diffuse_oedema_with_haemorrhage")
    return SWELLING[oedema]


def _raised_pressure(signs: tuple[IcpSign, ...] | None) -> Element:
    """The bedside signs. Attributing the oedema does not take them away: posturing is never argued down."""
    if signs is None:
        return SIGNS_UNKNOWN
    if not signs:
        return ABSENT
    return _known(4, "raised_pressure_sign", signs=", ".join(sorted(signs)))
