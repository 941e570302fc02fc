"""Random cases of the contract, seeded. Values crowd around the limits of the rules; anything may be left out."""

from decimal import Decimal

DEVICES = (
    "room_air", "nasal_cannula", "blow_by", "high_flow_nasal_cannula", "face_mask", "venturi_mask", "non_rebreather",
    "cpap", "bipap", "mechanical_ventilation",
)  # fmt: skip
NAMES = (
    "norepinephrine", "Noradrenaline", "levophed", "epinephrine", "adrenaline", "phenylephrine", "midodrine",
    "terlipressin", "vasopressin", "argipressin", "dobutamine", "milrinone", "zzqpressor", "wwxtensin",
)  # fmt: skip
HOLDING = NAMES[:10]  # what the record names: nothing whose grade is open
TEMPERATURES = tuple(map(Decimal, ("25", "29.9", "30", "36.8", "37.9", "37.95", "38", "38.6", "41")))
PRESSURES = (0, 50, 73, 80, 84, 85, Decimal("89.5"), 90, 95, 99, 100, 120, 160)
MEANS = (40, Decimal("64.9"), 65, 90)
SATURATIONS = (40, 79, 85, Decimal("89.9"), 90, 93, 97, 100)
FLOWS = (0, 1, 2, 6, Decimal("6.1"), 15, 40)
STATES = ("awake", "awake", "spontaneous", "voice", "tactile", "vigorous_tactile", "unarousable")
ICE_ITEMS = ["year", "month", "city", "hospital", "command", "writing", "attention"]


def crs(rng, *, history=True, attributions=True):
    """Inputs of one look; `history`: with the fields that a series works out for itself."""
    seen = {
        "temperature_c": _maybe(rng, TEMPERATURES, 0.1),
        "sbp": _maybe(rng, PRESSURES, 0.15),
        "baseline_sbp": _maybe(rng, (100, 120, 125, 150), 0.7),
        "sbp_prompt_below": _maybe(rng, (74, 90), 0.9),
        "mean_pressure": _maybe(rng, MEANS, 0.6),
        "position": _maybe(rng, ("lying", "sitting", "standing"), 0.6),
        "pressure_unrecordable": rng.random() < 0.03,
        "hypotension": _maybe(rng, (True, False, False), 0.4),
        "fluid_bolus": _maybe(rng, (True, False, False, False), 0.15),
        "vasopressors": None if rng.random() < 0.1 else _names(rng, NAMES, 0.6),
        "vasopressors_at_baseline": None if rng.random() < 0.8 else _names(rng, HOLDING, 0.3),
        "spo2": _maybe(rng, SATURATIONS, 0.2),
        "oxygen_device": rng.choice(("room_air", "room_air", "nasal_cannula", None, *DEVICES)),
        "oxygen_flow_l_min": _maybe(rng, FLOWS, 0.5),
        "fio2_percent": _maybe(rng, (21, Decimal("21.5"), 60), 0.75),
        "oxygen_indication": _maybe(rng, ("hypoxia", "comfort", "baseline"), 0.5),
        "baseline_oxygen_device": _maybe(rng, ("nasal_cannula", *DEVICES), 0.4),
        "baseline_oxygen_flow_l_min": _maybe(rng, FLOWS, 0.4),
        "running": {
            "vasopressors": None if rng.random() < 0.8 else _names(rng, HOLDING, 0.2),
            "oxygen": _maybe(rng, (True, False), 0.85),
            "oxygen_device": _maybe(rng, DEVICES, 0.8),
            "oxygen_flow_l_min": _maybe(rng, FLOWS, 0.8),
            "fluid_bolus": _maybe(rng, (True, False), 0.85),
        },
        "died_of_crs": False,
    }
    if attributions:
        for sign in ("fever", "hypotension", "hypoxia"):
            seen[f"{sign}_attributed_to_other_cause"] = rng.random() < 0.07
        seen["died_of_crs"] = rng.random() < 0.01
    if history:
        for field in ("antipyretic_or_anticytokine_since_onset", "prior_crs_fever_this_episode"):
            seen[field] = rng.choice((True, False, False, None))
    return seen


def icans(rng, *, child=False, attributions=True):
    seen = {
        "ice": rng.choice((None, _ice(rng, 0.05), _ice(rng, 0.05), _ice(rng, 0.4))),
        "consciousness": _maybe(rng, STATES, 0.1),
        "seizure": _maybe(rng, ("none",) * 6 + (
            "brief_resolved", "eeg_nonconvulsive_resolved", "prolonged_over_5_min", "repetitive_no_return_to_baseline",
        ), 0.1),
        "motor": _maybe(rng, ("none", "none", "none", "tremor", "myoclonus", "deep_focal_weakness"), 0.1),
        "oedema": rng.choice((None, "none", "none", "none", "focal", "diffuse")),
        "icp_signs": None if rng.random() < 0.1 else rng.choice(([], [], [], ["papilloedema"], ["cushings_triad"])),
        "intracranial_haemorrhage": rng.random() < 0.15,
        "died_of_icans": attributions and rng.random() < 0.01,
    }  # fmt: skip
    if attributions:
        for domain in ("consciousness", "seizure", "motor", "oedema"):
            seen[f"{domain}_attributed_to_other_cause"] = rng.random() < 0.1
    if seen["ice"] is None:  # a test that was done beside a reason why it could not be is another question
        seen["ice_unable_reason"] = _maybe(rng, ("unarousable", "aphasia", "intubated_sedated", "refused"), 0.4)
    if child:
        unable = seen.get("ice_unable_reason")
        seen["capd_score"] = None if unable else _maybe(rng, (0, 1, 8, 9, 20, 32, 33), 0.2)
    return seen


def course(rng):
    """Events at different times: mostly well looks, so that episodes end and begin anew."""
    times = rng.sample(range(-20, 800), rng.randint(4, 40))
    events = [_event(rng, Decimal(time) / 2) for time in times]
    if rng.random() < 0.3:
        events.append({"type": "death", "t_hours": 401, "cause": rng.choice(("crs", " CRS", "icans", "sepsis"))})
    for index, dose in enumerate(sorted((e for e in events if e["type"] == "dose"), key=lambda e: e["t_hours"]), 1):
        dose["dose_index"] = index
    return events


WELL = {
    "temperature_c": Decimal("36.8"), "sbp": 120, "hypotension": False, "fluid_bolus": False, "vasopressors": [],
    "spo2": 97, "oxygen_device": "room_air",
}  # fmt: skip
CLEAR = {
    "ice": dict.fromkeys(ICE_ITEMS, True) | {"naming": 3}, "consciousness": "awake", "seizure": "none",
    "motor": "none", "icp_signs": [],
}  # fmt: skip


def _event(rng, at):
    kind = rng.choices(("crs", "icans", "dose", "treatment"), (60, 20, 8, 12))[0]
    if kind == "crs":
        seen = WELL if rng.random() < 0.6 else WELL | {"temperature_c": Decimal("38.6")}
        seen = crs(rng, history=False, attributions=False) if rng.random() < 0.3 else seen
        return {"type": kind, "t_hours": at} | seen
    if kind == "icans":
        return {"type": kind, "t_hours": at} | (CLEAR if rng.random() < 0.6 else icans(rng, attributions=False))
    if kind == "dose":
        return {"type": kind, "t_hours": at, "product": "x"}
    drug, name = rng.choice(
        (
            ("antipyretic", "paracetamol"),
            ("anticytokine", "tocilizumab"),
            ("corticosteroid", "dexamethasone"),
            ("other", "cefepime"),
        )
    )
    given = {"type": kind, "t_hours": at, "drug": name, "drug_class": drug}
    return given | rng.choice(
        ({}, {"indication": "treatment"}, {"indication": "premedication"}, {"indication": "prophylaxis"})
    )


def _maybe(rng, values, nobody_looked):
    return None if rng.random() < nobody_looked else rng.choice(values)


def _names(rng, names, none):
    return [] if rng.random() < none else rng.sample(names, rng.choice((1, 1, 2, 3)))


def _ice(rng, untried):
    ice = {name: None if rng.random() < untried else rng.random() < 0.7 for name in ICE_ITEMS}
    return ice | {"naming": None if rng.random() < untried else rng.randint(0, 3)}
