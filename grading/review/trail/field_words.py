"""What a field of a fact is called. One that is not here is called as the trail has it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

FIELDS: Mapping[str, Promise] = {
    "observed_at": _l("When it was observed"), "temperature_c": _l("Temperature (°C)"),
    "sbp": _l("Systolic pressure (mmHg)"), "dbp": _l("Diastolic pressure (mmHg)"),
    "mean_pressure": _l("Mean pressure (mmHg)"), "spo2": _l("SpO₂ (%)"), "heart_rate": _l("Heart rate (/min)"),
    "respiratory_rate": _l("Respiratory rate (/min)"), "oxygen_device": _l("Oxygen device"),
    "oxygen_flow_l_min": _l("Oxygen flow (L/min)"), "fio2_percent": _l("FiO₂ (%)"),
    "oxygen_indication": _l("Why oxygen is given"), "hypotension": _l("Hypotension"),
    "fluid_bolus": _l("Fluid bolus for pressure"), "fluid_bolus_ml": _l("Bolus volume (mL)"),
    "vasopressors": _l("Vasopressors"), "position": _l("Position"), "ice_year": _l("ICE: year"),
    "ice_month": _l("ICE: month"), "ice_city": _l("ICE: city"), "ice_hospital": _l("ICE: hospital"),
    "ice_naming": _l("ICE: naming"), "ice_command": _l("ICE: command"), "ice_writing": _l("ICE: writing"),
    "ice_attention": _l("ICE: attention"), "capd": _l("CAPD score"), "consciousness": _l("Consciousness"),
    "seizure": _l("Seizure"), "motor": _l("Motor findings"), "icp_signs": _l("Signs of raised pressure"),
    "drug": _l("Drug"), "drug_class": _l("Class of the drug"), "indication": _l("Indication"), "dose": _l("Dose"),
    "unit": _l("Unit"), "route": _l("Route"), "amount": _l("Amount"), "status": _l("Status"), "step_id": _l("Step"),
    "ward": _l("Ward"), "bed": _l("Bed"), "kind": _l("Kind"), "value": _l("Value"), "text": _l("Text"),
    "sign": _l("Sign"), "cause": _l("Cause"), "because": _l("Because"), "until": _l("Until"), "grade": _l("Grade"),
    "agrees": _l("Agrees with the derived grade"), "derived_grade": _l("Derived grade then"),
    "complete": _l("Window complete"), "override": _l("Against the gate"),
    "dose_at": _l("When the dose is to be given"),
    "due_at": _l("When it was due"), "note": _l("Note"), "checked_by": _l("Second person"),
}  # fmt: skip
