"""How each table was at an instant: every one that hangs on a participant or a study stands in one of these lists."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model

from crsmonitor.accounts.models import ApiToken
from crsmonitor.audit.models import AuditEvent
from grading import models as grading
from regimens import models as regimens
from regimens.facts import Fact

Table = type[Model]

# Written once: there from the instant in this column on. Facts are too, by `recorded_at`.
LOGS: Mapping[Table, str] = {
    regimens.Transfer: "at",
    regimens.CohortChange: "at",
    regimens.CohortClearance: "cleared_at",
    regimens.EscalationDecision: "at",
    regimens.StudySite: "added_at",
    regimens.Signature: "at",
    regimens.SignatureVoid: "at",
    grading.AlertEvent: "at",
    grading.Escalation: "at",
    grading.AlertAction: "at",
    grading.DataQuery: "opened_at",
    grading.QueryStep: "at",
    AuditEvent: "at",
}

# Changed in place, each change with the row before it in the audit trail: as the trail says they were.
# With what must be so for a row to have been there, besides.
CHANGED: Mapping[Table, str] = {
    regimens.Study: "true",
    regimens.Site: "true",
    regimens.Regimen: "true",
    regimens.Step: "true",
    grading.AlertPolicy: "in_force_from IS NULL OR in_force_from <= {cut}",
    grading.Alert: "raised_at <= {cut}",
    regimens.Participant: "true",
    # Whoever was taken in later has no role in what was done before.
    regimens.Membership: """NOT EXISTS (
        SELECT FROM public.audit_event event
         WHERE event.subject = 'study:' || known.study_id AND event.table_name = 'regimens_membership'
           AND event.row_id = known.id::text AND event.action = 'INSERT' AND event.at > {cut})""",
}

# Derived again from the facts of then: grading/course/derive.py.
DERIVED: tuple[Table, ...] = (
    grading.Grade, grading.DosePeriod, grading.Episode, grading.Checkpoint, grading.CurrentState,
)  # fmt: skip

# What no data set may read, since nobody can say how it was.
NOT_READ: Mapping[Table, str] = {
    ApiToken: "who may pull is no part of a study's data",
    regimens.ClientId: "which submissions came in; what came of them are the facts",
    grading.ConditionCheck: "when a sweep looks next",
    grading.CorrectionImpact: "what a correction made different: a packet of before and one of after say it",
    grading.Endpoint: "where alerts go",
    grading.Delivery: "how messages left; who was called is in the escalations",
    grading.Drill: "exercises tell of no participant",
    grading.DrillMessage: "exercises tell of no participant",
    grading.Invitation: "who works in a study is no part of its data",
    grading.BlindingManager: "who is told of what leaves",
    grading.UnblindingNote: "who is told of what leaves",
    grading.RotaNote: "the rota is no part of a study's data",
    grading.EscalationStep: "the rota is no part of a study's data",
    grading.RotaShift: "the rota is no part of a study's data",
    grading.PhoneTree: "the rota is no part of a study's data",
    grading.ChannelOutage: "of the site's channels",
    grading.OperatorNote: "of the site's channels",
    grading.TabletEntry: "how an entry travelled; what came of it are the facts",
    grading.GradeDifference: "what a tablet graded otherwise; the grade is the server's",
    grading.DowntimeSheet: "sheets on paper",
    grading.Takeover: "who took over a ward",
    grading.DataCut: "what was taken away",
    grading.Packet: "what was taken away",
    grading.PacketPart: "what was taken away",
    grading.CertifiedCopy: "what was taken away",
    grading.CopyFile: "what was taken away",
    grading.PeriodChange: "in which transaction rows became others",
    grading.LineSet: "rows of ADCRSP as they leave: made again from the projection",
    grading.ExportLine: "rows of ADCRSP as they leave: made again from the projection",
    grading.IntakeBatch: "how imports came; what came of them are the facts",
    grading.IntakeEntry: "how imports came; what came of them are the facts",
    grading.IntakeRow: "what imports proposed; what was accepted are the facts",
    grading.IntakePolicy: "who lets imports in",
    grading.IntakeFile: "how imports came; what came of them are the facts",
    grading.IntakeMapping: "how imports came; what came of them are the facts",
    grading.DeviceReading: "a series; what of it was accepted are the facts",
    grading.SilentRun: "what another version would have said; nobody was told",
    grading.SilentCourse: "what another version would have said; nobody was told",
    grading.SourceCheck: "what was compared with its source",
    grading.SourcePlan: "what is to be compared with its source",
    regimens.Design: "what was planned on the workbench; tells of no participant",
    regimens.DesignVersion: "what was planned on the workbench; tells of no participant",
    regimens.DesignRun: "what was computed on the workbench; tells of no participant",
    regimens.DesignProgress: "what was computed on the workbench; tells of no participant",
    regimens.DesignResult: "what was computed on the workbench; tells of no participant",
    regimens.DesignedRegimen: "of which design a version was made; tells of no participant",
    regimens.PredictedBand: "what was predicted before anybody was dosed; tells of no participant",
    grading.EntryEffort: "tells of who enters, not of participants",
    grading.PredictedCourse: "what a model says of doses: made again from facts and band",
    grading.EvidenceFit: "what a model says of outcomes: made again from facts and band",
}


def facts() -> list[type[Fact]]:
    """Every kind of fact there is."""
    return [model for model in apps.get_models() if issubclass(model, Fact)]


def unplaced(models: Iterable[Any]) -> Iterator[str]:
    """Names of those that hang on a participant or a study and of which nobody has said how they were."""
    placed = {*LOGS, *CHANGED, *DERIVED, *NOT_READ}
    for model in models:
        if model not in placed and not issubclass(model, Fact) and _hangs_on_a_study(model, frozenset()):
            yield model._meta.label


def _hangs_on_a_study(model: Any, seen: frozenset[Any]) -> bool:
    if model in (regimens.Participant, regimens.Study):
        return True
    related = {field.related_model for field in model._meta.concrete_fields if field.is_relation} - seen - {model}
    return any(_hangs_on_a_study(one, seen | {model}) for one in related)
