"""The forms of the bedside: each turns what was tapped and typed into an unsaved fact."""

from grading.forms.attribution import AttributionForm
from grading.forms.baseline import BaselineOxygenForm, BaselineVasopressorsForm
from grading.forms.given import DoseEndForm, DoseForm, StayEndForm, StayForm
from grading.forms.neuro import NeuroForm
from grading.forms.treatment import TreatmentEndForm, TreatmentForm, WeightForm
from grading.forms.vitals import VitalsForm

__all__ = [
    "AttributionForm",
    "BaselineOxygenForm",
    "BaselineVasopressorsForm",
    "DoseEndForm",
    "DoseForm",
    "NeuroForm",
    "StayEndForm",
    "StayForm",
    "TreatmentEndForm",
    "TreatmentForm",
    "VitalsForm",
    "WeightForm",
]
