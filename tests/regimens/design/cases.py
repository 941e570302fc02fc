"""A case of each kind of the design contract, without `id` and `kind`."""

from typing import Any

TRIMER: dict[str, Any] = {
    "kd_target_pm": 30, "kd_cd3_pm": 41_500, "target_cells_per_ml": 1e5, "receptors_per_target": 12_590,
    "t_cells_per_ml": 3e4, "cd3_per_t_cell": 60_000, "trimers_per_target": 0.05,
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
}  # fmt: skip
