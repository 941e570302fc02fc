"""A table of seeded snapshot cases, no two alike, as columns of small integers: what numpy reads, and what JSON tells.

-1 in a column: nobody looked. Three of four cases are CRS, one is ICANS.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int16]
DEVICES = (
    "room_air", "nasal_cannula", "high_flow_nasal_cannula", "blow_by", "face_mask", "venturi_mask", "non_rebreather",
    "cpap", "bipap", "mechanical_ventilation",
)  # fmt: skip
PRESSORS: tuple[tuple[str, ...], ...] = (
    (), ("norepinephrine",), ("norepinephrine", "vasopressin"), ("norepinephrine", "epinephrine"), ("dobutamine",),
)  # fmt: skip
CONSCIOUSNESS = ("awake", "spontaneous", "voice", "tactile", "vigorous_tactile", "unarousable")
SEIZURE = (
    "none", "brief_resolved", "eeg_nonconvulsive_resolved", "prolonged_over_5_min", "repetitive_no_return_to_baseline",
)  # fmt: skip
MOTOR = ("none", "tremor", "myoclonus", "deep_focal_weakness")
OEDEMA = ("none", "focal", "diffuse")
SIGNS: tuple[tuple[str, ...], ...] = ((), ("papilloedema",), ("cushings_triad", "cn_vi_palsy"))
ITEMS = ("year", "month", "city", "hospital", "command", "writing", "attention")
# The lowest and highest of each column, and how often of a hundred nobody looked.
CRS = {
    "tenths_c": (355, 410, 8), "treated": (0, 1, 0), "earlier": (0, 1, 5), "sbp": (60, 180, 10), "dbp": (20, 59, 10),
    "hypotension": (0, 1, 60), "bolus": (0, 1, 10), "pressors": (0, len(PRESSORS) - 1, 10), "spo2": (80, 100, 8),
    "device": (0, len(DEVICES) - 1, 10), "half_litres": (1, 60, 50),
}  # fmt: skip
ICANS = dict.fromkeys(ITEMS, (0, 1, 3)) | {
    "naming": (0, 3, 3), "consciousness": (0, 5, 5), "seizure": (0, 4, 5), "motor": (0, 3, 5), "oedema": (0, 2, 0),
    "signs": (0, 2, 5), "haemorrhage": (0, 1, 0),
}  # fmt: skip


def table(columns: dict[str, tuple[int, int, int]], rows: int, seed: int) -> Rows:
    """So many rows, all different. Most people are awake and without a bolus: of few answers the lowest is likely."""
    chance = np.random.default_rng(seed)
    drawn = np.empty((2 * rows + 100, len(columns)), np.int16)
    for place, (low, high, unseen) in enumerate(columns.values()):
        column = chance.integers(low, high, size=len(drawn), endpoint=True)
        if high - low < len(DEVICES):
            column = np.where(chance.random(len(drawn)) < 0.3, low, column)
        drawn[:, place] = np.where(chance.random(len(drawn)) * 100 < unseen, -1, column)
    distinct = np.unique(drawn, axis=0)
    if len(distinct) < rows:
        raise SystemExit("too few different cases can be drawn")
    return np.asfortranarray(chance.permutation(distinct)[:rows])  # a column lies together


def told_crs(rows: Rows) -> Iterator[dict[str, object]]:
    """The inputs of each row, as a client sends them."""
    for tenths, treated, earlier, sbp, dbp, low, bolus, pressors, spo2, device, halves in rows.tolist():
        yield {
            "temperature_c": None if tenths < 0 else tenths / 10,
            "antipyretic_or_anticytokine_since_onset": _ticked(treated),
            "prior_crs_fever_this_episode": _ticked(earlier),
            "sbp": _seen(sbp),
            "dbp": _seen(dbp),
            "hypotension": _ticked(low),
            "fluid_bolus": _ticked(bolus),
            "vasopressors": None if pressors < 0 else list(PRESSORS[pressors]),
            "spo2": _seen(spo2),
            "oxygen_device": None if device < 0 else DEVICES[device],
            "oxygen_flow_l_min": None if halves < 0 else halves // 2 if halves % 2 == 0 else halves / 2,
        }


def told_icans(rows: Rows) -> Iterator[dict[str, object]]:
    for *items, naming, consciousness, seizure, motor, oedema, signs, haemorrhage in rows.tolist():
        yield {
            "ice": dict(zip(ITEMS, map(_ticked, items), strict=True)) | {"naming": _seen(naming)},
            "consciousness": None if consciousness < 0 else CONSCIOUSNESS[consciousness],
            "seizure": None if seizure < 0 else SEIZURE[seizure],
            "motor": None if motor < 0 else MOTOR[motor],
            "oedema": OEDEMA[oedema],
            "icp_signs": None if signs < 0 else list(SIGNS[signs]),
            "intracranial_haemorrhage": bool(haemorrhage),
        }


def _seen(value: int) -> int | None:
    return None if value < 0 else value


def _ticked(value: int) -> bool | None:
    return None if value < 0 else bool(value)
