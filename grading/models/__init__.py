"""What was seen, how bad it was, who was told."""

from grading.models.derived import Checkpoint, CurrentState, DosePeriod, Episode, Grade
from grading.models.drill import Drill, DrillMessage
from grading.models.duty import AlertCall, AlertDeed, LadderRung, RotaShift
from grading.models.judged import About, Judgement, Ledger
from grading.models.outgoing import (
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
from grading.models.retold import Retold
from grading.models.seen import Attribution, Indication, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.models.told import Alert, AlertMove, AlertState, NextCheck, ThresholdPack
from grading.models.watch import Beacon, ChannelTrouble, Heartbeat, Lane, OperatorNote, PhoneTree

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
