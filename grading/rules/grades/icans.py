"""ASTCT 2019 grade of ICANS: the most severe domain that has no other cause (N7)."""

from functools import cache, lru_cache, reduce

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
    domains = (
        cognition(seen),
        _consciousness(seen),
        _seizure(seen),
        _motor(seen),
        _oedema(seen),
        _raised_pressure(seen),
    )
    tested, awake, seizure, motor, oedema, signs = domains
    grade, least, most, deciding = _form(
        tested.grades, awake.grades, seizure.grades, motor.grades, oedema.grades, signs.grades
    )
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    for place in deciding:
        reasons += domains[place].reasons
    for domain in domains:
        if domain is not ABSENT:  # as most are
            notes += domain.notes
            missing += domain.missing
            flags += domain.flags
    return Graded(
        grade=grade,
        at_least=least,
        at_most=most,
        reasons=reasons + notes or NO_SIGN,
        missing=missing,
        flags=tuple(dict.fromkeys(flags)) if len(flags) > 1 else flags,
    )


@lru_cache(maxsize=16_384)
def _form(*domains: frozenset[int]) -> tuple[int, int, int, tuple[int, ...]]:
    """The grade with its bounds, and the places of the domains that can reach it, the worst first."""
    grade, least, most = bounds(reduce(worse_of, domains))
    able = [place for place, grades in enumerate(domains) if max(grades) >= max(least, 1)]
    return grade, least, most, tuple(sorted(able, key=lambda place: -max(domains[place])))


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


def _consciousness(seen: IcansInputs) -> Element:
    if seen.consciousness_attributed_to_other_cause:
        return _not_counted("consciousness_attributed")
    if seen.ice_unable_reason is not None and seen.unable_reason is IceUnableReason.INTUBATED_SEDATED:
        return _not_counted("consciousness_under_sedation")
    if seen.consciousness is None:
        if seen.unable_reason is IceUnableReason.UNAROUSABLE:  # graded 4 by `cognition`
            return ABSENT
        return CONSCIOUSNESS_UNKNOWN
    return CONSCIOUSNESS[seen.consciousness]


def _seizure(seen: IcansInputs) -> Element:
    if seen.seizure_attributed_to_other_cause:
        return _not_counted("seizure_attributed")
    if seen.seizure is None:
        return SEIZURE_UNKNOWN
    return SEIZURES[seen.seizure]


def _motor(seen: IcansInputs) -> Element:
    if seen.motor_attributed_to_other_cause:
        return _not_counted("motor_attributed")
    if seen.motor is None:
        return MOTOR_UNKNOWN
    if BY_MOTOR[seen.motor] == 0:
        return ABSENT
    if seen.intracranial_haemorrhage:
        return _to_be_judged("weakness_with_haemorrhage")
    return WEAKNESS


def _oedema(seen: IcansInputs) -> Element:
    """Imaging is done on suspicion, so nothing said is none."""
    if seen.oedema_attributed_to_other_cause:
        return _not_counted("oedema_attributed")
    if seen.intracranial_haemorrhage and seen.oedema is Oedema.FOCAL:
        return _not_counted("oedema_with_haemorrhage")
    if seen.intracranial_haemorrhage and seen.oedema is Oedema.DIFFUSE:
        return _to_be_judged("diffuse_oedema_with_haemorrhage")
    return SWELLING[seen.oedema]


def _raised_pressure(seen: IcansInputs) -> Element:
    """The bedside signs. Attributing the oedema does not take them away: posturing is never argued down."""
    if seen.icp_signs is None:
        return SIGNS_UNKNOWN
    if not seen.icp_signs:
        return ABSENT
    return _known(4, "raised_pressure_sign", signs=", ".join(sorted(seen.icp_signs)))
