"""The floor: the same rules once more, written apart from the product, for whole columns of a table at once.

An axis is the set of the grades it could have as bits (1 << grade); the worse of two sets is looked up in a table
of all 32 x 32. The answer is the grade (-1 where several are left), the least and the most.
"""

import numpy as np
from numpy.typing import NDArray

from bench.grading.table import CRS, ICANS, ITEMS, Rows

Bits = NDArray[np.uint8]
Grades = NDArray[np.int8]


def _grades(bits: int) -> list[int]:
    return [grade for grade in range(5) if bits >> grade & 1]


def _bits(*grades: int) -> int:
    return sum(1 << grade for grade in set(grades))


WORSE = np.array(
    [[_bits(*(max(a, b) for a in _grades(x) for b in _grades(y))) for y in range(32)] for x in range(32)], np.uint8
)
LEAST = np.array([min(_grades(x), default=0) for x in range(32)], np.int8)
MOST = np.array([max(_grades(x), default=0) for x in range(32)], np.int8)
ONE = np.where(LEAST == MOST, LEAST, -1).astype(np.int8)
WITH_FEVER = np.array([_bits(*(max(1, grade) for grade in _grades(x))) for x in range(32)], np.uint8)
NONE, LOW = _bits(0), _bits(2)
# By the index of the table's lists; the last is "nobody looked" (-1).
BY_PRESSORS = np.array([0, _bits(3), _bits(3), _bits(4), _bits(2, 3), _bits(3, 4)], np.uint8)
BY_CONSCIOUSNESS = np.array([NONE, _bits(1), LOW, _bits(3), _bits(4), _bits(4), _bits(0, 1, 2, 3, 4)], np.uint8)
BY_SEIZURE = np.array([NONE, _bits(3), _bits(3), _bits(4), _bits(4), _bits(0, 3, 4)], np.uint8)
# Without a haemorrhage, and with one.
BY_MOTOR = np.array([[NONE, NONE, NONE, _bits(4), _bits(0, 4)], [NONE, NONE, NONE, _bits(0, 4), _bits(0, 4)]], np.uint8)
BY_OEDEMA = np.array([[NONE, _bits(3), _bits(4)], [NONE, NONE, _bits(0, 4)]], np.uint8)
BY_SIGNS = np.array([NONE, _bits(4), _bits(4), _bits(0, 4)], np.uint8)
BY_POINTS = [3] * 3 + [2] * 4 + [1] * 3 + [0]
BY_ICE = np.array([[_bits(*BY_POINTS[low : high + 1]) for high in range(11)] for low in range(11)], np.uint8)


def _pressure(sbp: int, ticked: int, bolus: int) -> int:
    """Without a vasopressor. `sbp`: -1 not measured, 0 below 85, 1 below 90, 2 above."""
    if 1 in (ticked, bolus):
        return LOW
    if ticked == 0:
        judged = NONE | LOW if sbp == 0 else NONE
    else:
        judged = NONE | LOW if sbp < 0 else LOW if sbp < 2 else NONE
    return judged | LOW if bolus < 0 and judged & NONE else judged


def _oxygen(device: int, spo2: int, flow: int) -> int:
    """`spo2`: -1 not measured, 0 below 90, 1 above. `flow`: -1 not charted, 0 up to 6 L/min, 1 above."""
    if device < 0:
        return _bits(2, 3, 4) if spo2 == 0 or flow >= 0 else _bits(0, 2, 3, 4)
    if device == 0:
        return (NONE | LOW, LOW, NONE)[spo2 + 1] | (_bits(2, 3) if flow >= 0 else 0)
    if device == 1:
        return (_bits(2, 3), LOW, _bits(3))[flow + 1]
    if device == 2:
        return (_bits(3), LOW, _bits(3))[flow + 1]
    return LOW if device == 3 else _bits(3) if device < 7 else _bits(4)


def _with_fever(axis: int, warm: int, treated: int, earlier: int) -> int:
    """`warm`: -1 not measured, 0 no fever, 1 a fever."""
    fever, hidden = int(WITH_FEVER[axis]), axis | NONE if treated else NONE
    cool = (axis | hidden, hidden, axis)[earlier + 1]
    return (fever | cool, cool, fever)[warm + 1]


# -1 is the last of its axis, as in every table here.
SEEN, TWO, CLASSES = (0, 1, -1), (0, 1, -1), (0, 1, 2, -1)
BASE = np.array([[[_pressure(a, b, c) for c in SEEN] for b in SEEN] for a in CLASSES], np.uint8)
AXIS = np.array([[[_oxygen(a, b, c) for c in SEEN] for b in SEEN] for a in (*range(10), -1)], np.uint8)
CRS_OF = np.array(
    [[[[_with_fever(a, b, c, d) for d in SEEN] for c in SEEN] for b in SEEN] for a in range(32)], np.uint8
)
# Classes of measured values, by the value itself.
SBP = np.array([0] * 85 + [1] * 5 + [2] * 211 + [-1], np.int8)
SPO2 = np.array([0] * 90 + [1] * 11 + [-1], np.int8)
HALF_LITRES = np.array([0] * 13 + [1] * 128 + [-1], np.int8)
TENTHS = np.array([0] * 380 + [1] * 71 + [-1], np.int8)


def grade_crs(rows: Rows) -> tuple[Grades, Grades, Grades]:
    seen = dict(zip(CRS, rows.T, strict=True))
    pressors = seen["pressors"]
    base = BASE[SBP[seen["sbp"]], seen["hypotension"], seen["bolus"]]
    pressure = np.where(pressors > 0, 0, base) | BY_PRESSORS[pressors]
    oxygen = AXIS[seen["device"], SPO2[seen["spo2"]], HALF_LITRES[seen["half_litres"]]]
    axis = WORSE[pressure, oxygen]
    return _answer(CRS_OF[axis, TENTHS[seen["tenths_c"]], seen["treated"], seen["earlier"]])


def grade_icans(rows: Rows) -> tuple[Grades, Grades, Grades]:
    seen = dict(zip(ICANS, rows.T, strict=True))
    bleeds = seen["haemorrhage"]
    axis = WORSE[_ice(seen), BY_CONSCIOUSNESS[seen["consciousness"]]]
    for other in (
        BY_SEIZURE[seen["seizure"]], BY_MOTOR[bleeds, seen["motor"]], BY_OEDEMA[bleeds, seen["oedema"]],
        BY_SIGNS[seen["signs"]],
    ):  # fmt: skip
        axis = WORSE[axis, other]
    return _answer(axis)


def _ice(seen: dict[str, Rows]) -> Bits:
    items = np.stack([seen[name] for name in ITEMS])
    untried, naming = items < 0, seen["naming"]
    low = np.maximum(items, 0).sum(axis=0) + np.maximum(naming, 0)
    high = low + untried.sum(axis=0) + np.where(naming < 0, 3, 0)
    nothing = untried.all(axis=0) & (naming < 0)
    return np.where(nothing, _bits(0, 1, 2, 3), BY_ICE[low, high]).astype(np.uint8)


def _answer(attainable: NDArray[np.integer]) -> tuple[Grades, Grades, Grades]:
    return ONE[attainable], LEAST[attainable], MOST[attainable]
