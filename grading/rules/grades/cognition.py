"""The tested domain of ICANS: ICE from 12 years on (N1, N2, N10), CAPD below (K1-K4)."""

from functools import cache, lru_cache
from typing import Any

from grading.rules.grades.graded import REMEMBERED, Element, reason, worse_of
from grading.rules.grades.icans_inputs import Consciousness, IcansInputs, IceItems, IceUnableReason

CAPD_HIGHEST = 32
CAPD_GRADE_3_FROM = 9
ICE_UNKNOWN = frozenset({0, 1, 2, 3})  # 4 is unarousable, which the consciousness domain tells
CAPD_UNKNOWN = frozenset({0, 1, 3})
AROUSABLE = frozenset({Consciousness.AWAKE, Consciousness.SPONTANEOUS, Consciousness.VOICE, Consciousness.TACTILE})


def ice_grade(score: int) -> int:
    """0 to 10 points; a score of 0 is 3 here, and 4 only through consciousness (N2)."""
    if score >= 10:
        return 0
    if score >= 7:
        return 1
    return 2 if score >= 3 else 3


def capd_grade(score: int) -> int:
    """0 to 32; the 2 of a child that wakes to voice comes from consciousness."""
    if score >= CAPD_GRADE_3_FROM:
        return 3
    return 1 if score > 0 else 0


def cognition(seen: IcansInputs) -> Element:
    """The grades that ICE or CAPD can stand for."""
    if seen.ice_unable_reason is not None and seen.unable_reason is IceUnableReason.UNAROUSABLE:
        return _unarousable(seen)
    return _capd(seen) if seen.pediatric else _ice(seen)


def _unarousable(seen: IcansInputs) -> Element:
    """Grade 4 even against a score or a lighter state of consciousness: the worse entry is believed."""
    scored = seen.capd_score if seen.pediatric else _scored_of(seen.ice)
    contradicted = scored is not None or seen.consciousness in AROUSABLE
    code = "not_testable_capd_unarousable" if seen.pediatric else "not_testable_unarousable"
    return Element(frozenset({4}), (reason(code),), flags=("contradictory_neuro",) if contradicted else ())


ICE_NOT_DONE = Element(ICE_UNKNOWN, (reason("ice_not_done"),), ("ice",))


def _ice(seen: IcansInputs) -> Element:
    scored, unable = _scored_of(seen.ice), seen.unable_reason
    if unable is None:
        return ICE_NOT_DONE if scored is None else scored
    if unable is IceUnableReason.APHASIA:
        flags = ("contradictory_neuro",) if scored is not None and min(scored.grades) < 3 else ()
        return Element(frozenset({3}), (reason("ice_not_possible_aphasia"),), flags=flags)
    if scored is None:
        return ICE_NOT_DONE
    if unable is IceUnableReason.REFUSED and scored.missing:
        return scored  # refused half-way: what was done stands
    grades = worse_of(scored.grades, ICE_UNKNOWN)
    return Element(
        grades,
        (reason("ice_against_reason"), *scored.reasons),
        ("ice",) if len(grades) > 1 else (),
        ("contradictory_neuro",),
    )


def _scored_of(ice: IceItems | None) -> Element | None:
    """What was scored. None: nothing was tried."""
    return None if ice is None else _scored(ice.points)


NOTHING_TRIED = IceItems().points


@lru_cache(maxsize=16_384)  # some eleven thousand ways of answering
def _scored(points: tuple[int | None, ...]) -> Element | None:
    if points == NOTHING_TRIED:
        return None
    items: dict[str, Any] = dict(zip(IceItems.__slots__, points, strict=True))
    ice = IceItems(**items)
    return _between(ice.lowest, ice.highest, ice.untried)


@lru_cache(maxsize=REMEMBERED)
def _between(low: int, high: int, untried: tuple[str, ...]) -> Element:
    grades = frozenset(ice_grade(score) for score in range(low, high + 1))
    if low == high:
        return Element(grades, (reason("ice_score", score=low),))
    missing = tuple(f"ice.{item}" for item in untried) if len(grades) > 1 else ()
    return Element(grades, (reason("ice_partly_done", low=low, high=high),), missing)


@cache
def _known(grade: int, code: str, score: int) -> Element:
    return Element(frozenset({grade}), (reason(code, score=score),))


def _capd(seen: IcansInputs) -> Element:
    score = seen.capd_score
    sedated = seen.unable_reason is IceUnableReason.INTUBATED_SEDATED
    if score is None or score > CAPD_HIGHEST:
        flags = () if score is None else ("implausible_capd",)
        return Element(CAPD_UNKNOWN, (reason("capd_not_done"),), ("capd_score",), flags)
    grade = capd_grade(score)
    code = {0: "capd_zero", 1: "capd_score", 3: "capd_nine_or_more"}[grade]
    if not sedated:
        return _known(grade, code, score)
    return Element(
        worse_of(frozenset({grade}), CAPD_UNKNOWN),
        (reason("capd_under_sedation"), reason(code, score=score)),
        ("capd_score",) if grade < 3 else (),
    )
