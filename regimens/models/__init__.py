"""What was planned and given: the trial, its regimens, and the facts of dosing and stay."""

from regimens.models.given import (
    Disposition,
    DispositionKind,
    Dose,
    DoseEnd,
    DoseStatus,
    Measured,
    Measurement,
    Stay,
    StayEnd,
    Unit,
)
from regimens.models.plan import Clock, Regimen, Step, StepKind
from regimens.models.trial import Membership, NeuroInstrument, Participant, Site, Study

__all__ = [
    "Clock",
    "Disposition",
    "DispositionKind",
    "Dose",
    "DoseEnd",
    "DoseStatus",
    "Measured",
    "Measurement",
    "Membership",
    "NeuroInstrument",
    "Participant",
    "Regimen",
    "Site",
    "Stay",
    "StayEnd",
    "Step",
    "StepKind",
    "Study",
    "Unit",
]
