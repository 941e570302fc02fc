"""Bodies that the API keeps, one for each kind of fact, without `id` and `observed_at`."""

from grading.models import Treatment
from regimens.models import Dose, Stay

FEVER = {"temperature_c": 38.6, "sbp": 85, "dbp": 50, "spo2": 96, "oxygen_device": "nasal_cannula",
         "oxygen_flow_l_min": 2, "hypotension": True, "fluid_bolus": False, "vasopressors": []}  # fmt: skip
NEURO = {"ice_year": True, "ice_month": True, "ice_city": True, "ice_hospital": True, "ice_naming": 3,
         "ice_command": True, "ice_writing": True, "ice_attention": False, "consciousness": "awake",
         "seizure": "none", "motor": "none", "icp_signs": []}  # fmt: skip
PARACETAMOL = {"drug": "paracetamol", "drug_class": "antipyretic", "dose": "1000", "unit": "mg", "indication": "crs"}
DOSE = {"step": 2, "amount": 25, "unit": "mg", "route": "INTRAVENOUS"}
ATTRIBUTION = {"sign": "fever", "cause": "infection", "because": "Positive culture.\nSee laboratory."}
BODIES = {
    "vital-signs": FEVER,
    "neuro-assessments": NEURO,
    "treatments": PARACETAMOL,
    "doses": DOSE,
    "stays": {"ward": "7B", "bed": "14", "kind": "icu"},
    "measurements": {"kind": "weight_kg", "value": 71.5},
    "attributions": ATTRIBUTION,
    "dispositions": {"kind": "completed"},
}
ENDS = {"treatment-ends": ("treatment", Treatment), "dose-ends": ("dose", Dose), "stay-ends": ("stay", Stay)}
# Not in BODIES: what it is about differs from record to record. Well formed, and about nothing that is there.
NOWHERE = "00000000-0000-4000-8000-000000000000"
ASSESSMENTS = {
    "grade-assessments": {"about": "set", "about_root": NOWHERE, "kind": "crs", "ledger": "nurse", "agrees": True},
    "missed-observations": {"observation_kind": "vitals", "due_at": "2026-03-02T13:00:00Z", "because": "refused"},
    "dose-checks": {"dose": NOWHERE},
    "treatment-checks": {"treatment": NOWHERE},
    "window-closings": {"dose": NOWHERE, "complete": False, "because": "Discharged."},
}
