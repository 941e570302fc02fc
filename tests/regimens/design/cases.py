"""A case of each kind of the design contract, without `id` and `kind`."""

from typing import Any

TRIMER: dict[str, Any] = {
    "kd_target_pm": 30, "kd_cd3_pm": 41_500, "target_cells_per_ml": 1e5, "receptors_per_target": 12_590,
    "t_cells_per_ml": 3e4, "cd3_per_t_cell": 60_000, "trimers_per_target": 0.05,
}  # fmt: skip
STEP_UP = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}]
OWN = {"cl_l_per_d": 0.5, "vc_l": 3, "q_l_per_d": 0.6, "vp_l": 4, "infusion_h": 1, "cv_pct": {"cl_l_per_d": 30}}
HAZARD = {"smax_per_d": 1.06, "s50_ug_ml": 0.0943, "hill": 0.884, "kin_per_d": 0.435, "i50_ug_ml": 0.000446}
RUNGS = [
    {"name": "low", "doses": [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 6}]},
    {"name": "high", "doses": [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 24}]},
]
LADDER = {
    "drug": "epcoritamab", "regimens": RUNGS, "horizon_d": 21, "data": [
        {"regimen": "low", "period": 1, "n": 3, "events": 0}, {"regimen": "low", "period": 2, "n": 3, "events": 1}
    ],
    "ladder": ["low", "high"], "current": "low", "grade3": {"events": 0, "of": 1},
    "rule": {"grade2_above": 0.25, "grade3_share_prior": [0.8, 9.2], "most_fold": 10, "value_until_d": 28},
}  # fmt: skip
# A small case of each kind, of which the API answers all but `operating` at once.
CASES: dict[str, dict[str, Any]] = {
    "trimer": TRIMER,
    "evidence": {"doses": [{"dose": 1, "n": 50, "any": 2, "grade2": 0}, {"dose": "full", "n": 7, "any": None}]},
    "surprise": {"periods": [{"label": "dose 1", "n": 20, "events": 5, "p": [0.01, 0.02, 0.05]}]},
    "onset": {"times": [{"t_h": 6, "event": True}, {"t_h": 9.5, "event": False}, {"t_h": 1e1, "event": True}]},
    "starting_dose": {
        "assays": [
            {"name": "毒殺", "readout": "cytotoxicity", "ec50_pm": 50, "hill": 0.7, "effector_to_target": 10},
            {"name": "IL-6", "readout": "cytokine", "ec50_pm": 80, "hill": 1, "effector_to_target": 3},
        ],
        "mw_kda": 146, "effect_pct": 20, "kd_cd3_nm": 41.5,
        "exposure": {"plasma_volume_l": 3, "pk": {"cl_l_per_d": 0.5, "vc_l": 3, "f": 1}, "interval_d": 7},
        "tumour_effector_to_target": 0.5, "risk_site": "tumour", "predicted_active_ug": 10_000,
    },
    "comparator": {"design": "boin", "target": 0.25, "n": [3, 6, 9, 12]},
    "exposure": {
        "drug": "elranatamab", "patient": {"weight_kg": 70, "age_y": 60, "female": True},
        "doses": [{"t_d": 0, "mg_per_kg": 0.2}, {"t_d": 3, "mg": 32}], "windows": [[0, 3], [1.5, 10]],
    },
    "risk": {
        "drug": "epcoritamab", "patient": {"weight_kg": 60, "prior_car_t": True, "prophylaxis": "one"},
        "doses": STEP_UP, "last_period_d": 7,
    },
    "trial": {
        "pk": OWN, "hazard": HAZARD, "regimens": [{"name": "a", "doses": STEP_UP}], "horizon_d": 21, "patients": 30,
        "seed": 1, "interval_pct": 80, "draws": 2, "n": 12,
        "prior": {"ln_smax": [0, 1], "ln_s50": [-2.4, 1], "ln_kin": [-0.8, 0.5]},
        "population": {
            "weight_kg": {"median": 70, "cv_pct": 15, "min": 40, "max": 120},
            "age_y": {"mean": 60, "sd": 8, "min": 18, "max": 90},
            "pk_variability": True, "prior_car_t_pct": 0, "prophylaxis_pct": {"one": 0, "both": 0}, "frailty_sd": 0.3,
        },
    },
    "posterior": {
        "drug": "epcoritamab", "patient": {"weight_kg": 80}, "regimens": [{"name": "a", "doses": STEP_UP}],
        "horizon_d": 28, "i50_over_s50": 0.00473, "hill": 0.884,
        "data": [
            {"regimen": "a", "period": 1, "n": 12, "events": 1}, {"regimen": "a", "period": 3, "n": 11, "events": 3}
        ],
    },
    "escalation": LADDER,
    "pathways": LADDER | {"next": {"regimen": "high", "n": 2}},
    "cytokine": {
        "parameters": "GER21", "doses": [{"t_h": 0, "ug": 70}, {"t_h": 96, "ug": 350}], "horizon_h": 192,
        "accumulate": True, "priming": "constant", "patients": 20, "seed": 3, "thresholds": [100, 1137.41],
    },
    "operating": {name: value for name, value in LADDER.items() if name not in ("data", "grade3")} | {
        "truth": HAZARD, "truth_grade3_share": 0.1, "cohort": 3, "most_participants": 6, "trials": 4, "seed": 5,
        "designs": ["model", "boin", "three_plus_three"], "boin_target": 0.3,
    },
}  # fmt: skip
