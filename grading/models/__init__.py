"""What was seen, how bad it was, who was told."""

from grading.models.alerts import Alert, AlertMove, NextCheck, ThresholdPack
from grading.models.correction_impact import Retold
from grading.models.deliveries import (
    DELIVERY_MOVES,
    LEFT,
    UNSENT,
    Channel,
    Contact,
    ContactTest,
    Delivery,
    DeliveryState,
    Endpoint,
    Outgoing,
    Purpose,
    may_leave,
)
from grading.models.drills import Drill, DrillMessage
from grading.models.grade_assessments import About, Judgement, Ledger
from grading.models.observations import Attribution, Indication, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.models.on_call import AlertCall, AlertDeed, LadderRung, RotaShift
from grading.models.projection import Checkpoint, CurrentState, DosePeriod, Episode, Grade
from grading.models.watchdog import Beacon, ChannelTrouble, Heartbeat, Lane, OperatorNote, PhoneTree
from grading.rules.alerting.lifecycle import AlertState

__all__ = [
    "DELIVERY_MOVES",
    "LEFT",
    "UNSENT",
    "About",
    "Alert",
    "AlertCall",
    "AlertDeed",
    "AlertMove",
    "AlertState",
    "Attribution",
    "Beacon",
    "Channel",
    "ChannelTrouble",
    "Checkpoint",
    "Contact",
    "ContactTest",
    "CurrentState",
    "Delivery",
    "DeliveryState",
    "DosePeriod",
    "Drill",
    "DrillMessage",
    "Endpoint",
    "Episode",
    "Grade",
    "Heartbeat",
    "Indication",
    "Judgement",
    "LadderRung",
    "Lane",
    "Ledger",
    "NeuroAssessment",
    "NextCheck",
    "OperatorNote",
    "Outgoing",
    "PhoneTree",
    "Purpose",
    "Retold",
    "RotaShift",
    "ThresholdPack",
    "Treatment",
    "TreatmentEnd",
    "VitalSigns",
    "may_leave",
]
