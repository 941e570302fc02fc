"""A body of each kind for the description of the API: small, as somebody would send it, answered at once."""

from typing import Any

STEPS = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}]
LESS = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 24}]
RUNGS = [{"name": "24 mg", "doses": LESS}, {"name": "48 mg", "doses": STEPS}]
SEEN = [
    {"regimen": "24 mg", "period": 1, "n": 6, "events": 1},
    {"regimen": "24 mg", "period": 2, "n": 6, "events": 1},
    {"regimen": "24 mg", "period": 3, "n": 6, "events": 0},
]
LEARNING: dict[str, Any] = {"drug": "epcoritamab", "regimens": RUNGS, "horizon_d": 28}
LADDER: dict[str, Any] = {
    "ladder": ["24 mg", "48 mg"], "current": "24 mg",
    "rule": {"grade2_above": 0.25, "grade2_confidence": 0.25, "most_fold": 10},
}  # fmt: skip
CLIMBING = LEARNING | LADDER | {"data": SEEN, "grade3": {"events": 0, "of": 2}}
EXAMPLES: dict[str, dict[str, Any]] = {
    "trimer": {
        "kd_target_pm": 30, "kd_cd3_pm": 41500, "target_cells_per_ml": 100000, "receptors_per_target": 12590,
        "t_cells_per_ml": 100000, "cd3_per_t_cell": 60000, "free_pm": 1,
    },
    "starting_dose": {
        "assays": [
            {"name": "killing", "readout": "cytotoxicity", "ec50_pm": 50, "hill": 1, "effector_to_target": 10},
            {"name": "CD69", "readout": "activation", "ec50_pm": 12, "hill": 0.9, "effector_to_target": 5},
        ],
        "mw_kda": 146, "effect_pct": 20, "exposure": {"plasma_volume_l": 3}, "kd_cd3_nm": 40,
        "tumour_effector_to_target": 1, "risk_site": "tumour",
    },
    "exposure": {"drug": "epcoritamab", "doses": STEPS, "windows": [[0, 7], [7, 14], [14, 28]]},
    "risk": {"drug": "epcoritamab", "patient": {"prophylaxis": "one"}, "doses": STEPS, "horizon_d": 28},
    "trial": {
        "drug": "epcoritamab", "regimens": RUNGS, "horizon_d": 28, "patients": 500, "seed": 1, "draws": 4, "n": 20,
        "prior": {"ln_smax": [0.0539, 1], "ln_s50": [-2.36, 1], "ln_kin": [-0.832, 0.5]},
    },
    "cytokine": {
        "parameters": "VDV21", "horizon_h": 336, "doses": [{"t_h": 0, "ug": 60}, {"t_h": 168, "ug": 300}],
    },
    "posterior": LEARNING | {"data": SEEN},
    "escalation": CLIMBING,
    "pathways": CLIMBING | {"next": {"regimen": "48 mg", "n": 3}},
    "operating": LEARNING | LADDER | {
        "truth": {"smax_per_d": 1.06, "s50_ug_ml": 0.0943}, "designs": ["model", "boin", "three_plus_three"],
        "trials": 200, "seed": 1,
    },
    "comparator": {"design": "boin", "target": 0.25, "n": [3, 6, 9, 12]},
    "evidence": {"doses": [{"dose": "first", "n": 50, "any": 12, "grade2": 3}, {"dose": "third", "n": 48, "any": 2}]},
    "surprise": {"periods": [{"label": "dose 1", "n": 14, "events": 1, "p": [0.04, 0.07, 0.11]}]},
    "onset": {"times": [{"t_h": 26, "event": True}, {"t_h": 40, "event": True}, {"t_h": 168, "event": False}]},
}  # fmt: skip
