"""What was seen, how bad it was, who was told."""

from grading.models.derived import CurrentState, DosePeriod, Episode, Grade
from grading.models.judged import About, Judgement, Ledger
from grading.models.seen import Attribution, Indication, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.models.told import Alert, AlertMove, AlertState, Channel, Delivery, DeliveryState, Endpoint, ThresholdPack

__all__ = [
    "About",
    "Alert",
    "AlertMove",
    "AlertState",
    "Attribution",
    "Channel",
    "CurrentState",
    "Delivery",
    "DeliveryState",
    "DosePeriod",
    "Endpoint",
    "Episode",
    "Grade",
    "Indication",
    "Judgement",
    "Ledger",
    "NeuroAssessment",
    "ThresholdPack",
    "Treatment",
    "TreatmentEnd",
    "VitalSigns",
]
