"""What was planned and given: the trial, its regimens, and the facts of dosing and stay."""

from regimens.models.client_id import ClientId
from regimens.models.cohort import CohortChange
from regimens.models.decided import EscalationDecision
from regimens.models.designed import DesignedRegimen, PredictedBand
from regimens.models.designs import Design, DesignProgress, DesignResult, DesignRun, DesignVersion
from regimens.models.given import (
    Disposition,
    DispositionKind,
    Dose,
    DoseCheck,
    DoseEnd,
    DoseStatus,
    Measured,
    Measurement,
    Stay,
    StayEnd,
    Unit,
)
from regimens.models.plan import Clock, Regimen, Step, StepKind
from regimens.models.release import DoseRelease
from regimens.models.signature import Signature, SignatureVoid
from regimens.models.transfer import Transfer
from regimens.models.trial import (
    CohortClearance,
    Language,
    Membership,
    NeuroInstrument,
    Participant,
    Site,
    Study,
    StudySite,
    Syndrome,
)
from regimens.models.window import Because, MissedObservationReason, ObservationKind, WindowCompletion

__all__ = [
    "Because",
    "ClientId",
    "Clock",
    "CohortChange",
    "CohortClearance",
    "Design",
    "DesignProgress",
    "DesignResult",
    "DesignRun",
    "DesignVersion",
    "DesignedRegimen",
    "Disposition",
    "DispositionKind",
    "Dose",
    "DoseCheck",
    "DoseEnd",
    "DoseRelease",
    "DoseStatus",
    "EscalationDecision",
    "Language",
    "Measured",
    "Measurement",
    "Membership",
    "MissedObservationReason",
    "NeuroInstrument",
    "ObservationKind",
    "Participant",
    "PredictedBand",
    "Regimen",
    "Signature",
    "SignatureVoid",
    "Site",
    "Stay",
    "StayEnd",
    "Step",
    "StepKind",
    "Study",
    "StudySite",
    "Syndrome",
    "Transfer",
    "Unit",
    "WindowCompletion",
]
