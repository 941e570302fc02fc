"""What was seen, how bad it was, who was told."""

from grading.models.alerts import Alert, AlertEvent, AlertPolicy, ConditionCheck
from grading.models.correction_impact import CorrectionImpact
from grading.models.deliveries import (
    DELIVERY_MOVES,
    LEFT,
    UNSENT,
    Channel,
    Contact,
    ContactNote,
    ContactTest,
    Delivery,
    DeliveryState,
    Endpoint,
    Outgoing,
    Purpose,
    PushSubscription,
    may_leave,
)
from grading.models.dose_period import DosePeriod
from grading.models.drills import Drill, DrillMessage
from grading.models.grade_assessments import About, GradeAssessment, Ledger
from grading.models.holds import OutboxHold
from grading.models.intake.files import FileState, IntakeFile, IntakeMapping
from grading.models.intake.queue import (
    IntakeBatch,
    IntakeDoor,
    IntakeEntry,
    IntakeOutcome,
    IntakePolicy,
    IntakeRow,
    RowState,
)
from grading.models.intake.streams import DeviceReading
from grading.models.notes import Invitation, RotaNote, UnblindingNote
from grading.models.observations import (
    Attribution,
    Indication,
    NeuroAssessment,
    Treatment,
    TreatmentCheck,
    TreatmentEnd,
    VitalSigns,
)
from grading.models.on_call import AlertAction, Escalation, EscalationStep, RotaShift
from grading.models.packets.blinding import BlindingManager
from grading.models.packets.certified_copy import CertifiedCopy, CopyFile
from grading.models.packets.data_cut import DataCut, Packet, PacketPart, PacketState
from grading.models.packets.export_lines import ExportLine, LineSet
from grading.models.packets.period_change import PeriodChange
from grading.models.policies.silent_runs import SilentCourse, SilentRun
from grading.models.projection import Checkpoint, CurrentState, Episode, Grade
from grading.models.queries.source_checks import SourceCheck, SourcePlan
from grading.models.queries.threads import DataQuery, QueryStep
from grading.models.reports.event_reports import (
    DrugAction,
    EpisodeNarrative,
    EventReport,
    ReportedOutcome,
    ReviewAssignment,
    ReviewReason,
    SeriousnessCriterion,
)
from grading.models.reports.evidence import EvidenceFit, PredictedCourse
from grading.models.tablet_entries import GradeDifference, TabletEntry
from grading.models.ward_work import DowntimeSheet, EntryEffort, Takeover
from grading.models.watchdog import Beacon, ChannelOutage, Heartbeat, Lane, OperatorNote, PhoneTree
from grading.rules.alerting.lifecycle import AlertState

__all__ = [
    "DELIVERY_MOVES",
    "LEFT",
    "UNSENT",
    "About",
    "Alert",
    "AlertAction",
    "AlertEvent",
    "AlertPolicy",
    "AlertState",
    "Attribution",
    "Beacon",
    "BlindingManager",
    "CertifiedCopy",
    "Channel",
    "ChannelOutage",
    "Checkpoint",
    "ConditionCheck",
    "Contact",
    "ContactNote",
    "ContactTest",
    "CopyFile",
    "CorrectionImpact",
    "CurrentState",
    "DataCut",
    "DataQuery",
    "Delivery",
    "DeliveryState",
    "DeviceReading",
    "DosePeriod",
    "DowntimeSheet",
    "Drill",
    "DrillMessage",
    "DrugAction",
    "Endpoint",
    "EntryEffort",
    "Episode",
    "EpisodeNarrative",
    "Escalation",
    "EscalationStep",
    "EventReport",
    "EvidenceFit",
    "ExportLine",
    "FileState",
    "Grade",
    "GradeAssessment",
    "GradeDifference",
    "Heartbeat",
    "Indication",
    "IntakeBatch",
    "IntakeDoor",
    "IntakeEntry",
    "IntakeFile",
    "IntakeMapping",
    "IntakeOutcome",
    "IntakePolicy",
    "IntakeRow",
    "Invitation",
    "Lane",
    "Ledger",
    "LineSet",
    "NeuroAssessment",
    "OperatorNote",
    "OutboxHold",
    "Outgoing",
    "Packet",
    "PacketPart",
    "PacketState",
    "PeriodChange",
    "PhoneTree",
    "PredictedCourse",
    "Purpose",
    "PushSubscription",
    "QueryStep",
    "ReportedOutcome",
    "ReviewAssignment",
    "ReviewReason",
    "RotaNote",
    "RotaShift",
    "RowState",
    "SeriousnessCriterion",
    "SilentCourse",
    "SilentRun",
    "SourceCheck",
    "SourcePlan",
    "TabletEntry",
    "Takeover",
    "Treatment",
    "TreatmentCheck",
    "TreatmentEnd",
    "UnblindingNote",
    "VitalSigns",
    "may_leave",
]
