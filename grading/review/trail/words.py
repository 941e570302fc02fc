"""The audit trail in words: kinds, fields, values and what was done. A template gets these finished."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from crsmonitor.audit.models import AuditEvent
from grading.review.trail.field_words import FIELDS
from grading.review.trail.history import Version
from grading.review.trail.selectors import TrailLine
from grading.review.trail.tables import fact_tables
from grading.words.codes import code_word
from grading.words.wording import listed
from regimens.models import Site
from regimens.rules.wall_time import day_text

KINDS: Mapping[str, Promise] = {
    "grading_vitalsigns": _l("Vital signs"), "grading_neuroassessment": _l("Neuro assessment"),
    "grading_treatment": _l("Treatment"), "grading_treatmentend": _l("End of a treatment"),
    "grading_treatmentcheck": _l("Second person's check of a treatment"), "grading_attribution": _l("Attribution"),
    "grading_eventreport": _l("Event report"), "grading_episodenarrative": _l("Narrative"),
    "grading_reviewassignment": _l("Sent to central review"),
    "grading_gradeassessment": _l("Judgement of a grade"), "regimens_dose": _l("Study dose"),
    "regimens_doseend": _l("End of infusion"), "regimens_dosecheck": _l("Second person's check of a dose"),
    "regimens_doserelease": _l("Release of a dose"), "regimens_stay": _l("Bed"),
    "regimens_stayend": _l("End of a stay"),
    "regimens_measurement": _l("Measurement"), "regimens_missedobservationreason": _l("Reason of a missed set"),
    "regimens_windowcompletion": _l("End of a window"), "regimens_disposition": _l("End of participation"),
    "regimens_signature": _l("Signature"), "regimens_signaturevoid": _l("Signature void"),
    "regimens_participant": _l("Participant"), "regimens_study": _l("Study"), "regimens_site": _l("Site"),
    "regimens_regimen": _l("Regimen version"), "regimens_step": _l("Step of a regimen"),
    "regimens_membership": _l("Role in a study"), "regimens_cohortchange": _l("Cohort of a participant"),
    "regimens_cohortclearance": _l("Clearance of a cohort"), "grading_alertpolicy": _l("Threshold policy"),
    "regimens_escalationdecision": _l("Decision on a rung"), "grading_silentrun": _l("Silent run"),
    "grading_sourcecheck": _l("Comparison with the source"),
    "grading_sourceplan": _l("Plan of source data verification"),
    "grading_dataquery": _l("Query"), "grading_querystep": _l("Step of a query"),
    "grading_datacut": _l("Data cut"), "accounts_user": _l("Account"),
    "sign_in": _l("Signed in"), "sign_in_failed": _l("Sign-in failed"), "sign_out": _l("Signed out"),
    "locked_out": _l("Locked out"), "tablet_switched": _l("Took over a tablet"),
    "tablet_unlocked": _l("Unlocked a tablet"), "export_begun": _l("Export begun"), "export_ended": _l("Export ended"),
    "queries_pulled": _l("List of queries taken away"),
    "packet_pulled": _l("Packet taken away"), "packet_cancelled": _l("Packet cancelled"),
    "packet_retried": _l("Packet begun again"), "dataset_pulled": _l("Data set pulled"),
    "unblinded_key": _l("Key that is told what a study is blinded for"),
    "unblinded_pull": _l("Pull that tells what a study is blinded for"), "grading_alert": _l("Alert"),
    "grading_rotashift": _l("Shift of the rota"),
    "safety_review_taken": _l("Safety review taken away"),
    "audit_viewed": _l("Looked at the audit trail"),
    "access_list_viewed": _l("Looked at the access list"),
    "history_viewed": _l("Looked at old values"),
    "grading_certifiedcopy": _l("Certified copy"), "copy_taken": _l("Certified copy taken away"),
    "copy_verified": _l("Looked up whether a file is a certified copy"),
    "regimens_design": _l("Design"), "regimens_designversion": _l("Version of a design"),
    "regimens_designrun": _l("Run of a design"), "design_run_done": _l("Run of a design done"),
    "design_run_failed": _l("Run of a design failed"), "design_run_cancelled": _l("Run of a design cancelled"),
}  # fmt: skip
# Of rows that are only ever added: what tells which one it is.
TOLD: Mapping[str, Mapping[str, Promise]] = {
    "regimens_design": {"name": _l("Name")},
    "regimens_designversion": {"number": _l("Version"), "note": _l("Note")},
    "regimens_designrun": {"kind": _l("Kind"), "seed": _l("Seed")},
}
SOURCES: Mapping[str, Promise] = {
    "page": pgettext_lazy("how a record came", "page"),
    "api": _l("API"), "import": _l("import"), "simulation": _l("simulation"), "paper": _l("paper"),
}  # fmt: skip
DONE: Mapping[str, Promise] = {
    "entered": _l("entered"), "corrected": _l("corrected"), "withdrawn": _l("taken back"), "added": _l("added"),
    "changed": _l("changed"), "removed": _l("removed"), "event": _l("done"),
}  # fmt: skip


@cache
def _models() -> Mapping[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def kind_word(table: str) -> str:
    """Of what is rare as the administration calls it; of an event the trail's own name."""
    if table in KINDS or table not in _models():
        return str(KINDS.get(table, table.replace("_", " ")))
    return str(_models()[table]._meta.verbose_name)


def field_word(name: str, *, table: str = "") -> str:
    """`table`: whose column it is; empty: of no table."""
    if name in FIELDS or table not in _models():
        return str(FIELDS.get(name, name.removesuffix("_id").replace("_", " ")))
    columns = {one.column: one for one in _models()[table]._meta.concrete_fields}
    return str(columns[name].verbose_name) if name in columns else name.replace("_", " ")


def done_word(event: AuditEvent) -> str:
    if event.action == "EVENT":
        return str(DONE["event"])
    if event.table_name not in fact_tables():
        return str(DONE[{"INSERT": "added", "UPDATE": "changed"}.get(event.action, "removed")])
    after = event.after or {}
    if after.get("withdrawn"):
        return str(DONE["withdrawn"])
    return str(DONE["entered" if after.get("supersedes_id") is None else "corrected"])


def value_word(value: Any, *, table: str = "", name: str = "", site: Site | None = None) -> str:
    """– where nobody looked; a code by its label; an instant on the site's clock, else in UTC."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed(value_word(one, table=table, name=name, site=site) for one in value) or _("none")
    if isinstance(value, dict):
        if name == "not_done":  # which fields, and why
            return "; ".join(f"{field_word(key)}: {code_word(name, one)}" for key, one in value.items())
        return "; ".join(f"{key}: {value_word(one, site=site)}" for key, one in value.items())
    if (instant := _instant(value)) is not None:
        return f"{instant:%Y-%m-%d %H:%M} UTC" if site is None else day_text(instant, ZoneInfo(site.time_zone))
    return _label(value, table, name)


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or len(value) < 19 or value[10] != "T":
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None


def _label(value: Any, table: str, name: str) -> str:
    model = fact_tables().get(table)
    if model is not None:
        of_column = (one for one in model._meta.concrete_fields if one.column == name)
        choices = dict(getattr(next(of_column, None), "flatchoices", []) or [])
        value = choices.get(value) or (code_word(name, value) if isinstance(value, str) else value)
    return format(Decimal(str(value)).normalize(), "f") if isinstance(value, int | float) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    name: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One line of the audit page: what was done to what, by whom, why; and what it changed."""

    line: TrailLine
    kind: str
    done: str
    who: str
    source: str
    changes: list[FieldChange]
    details: str  # of an event that changed no row, or of which row it is


def row_of(line: TrailLine, *, site: Site | None = None) -> TrailRow:
    event = line.event
    after = event.after or {}
    named = TOLD.get(event.table_name)
    words = {name: field_word(name) for name in after} if event.action == "EVENT" else named or {}
    given = {str(words[name]): after[name] for name in words if after.get(name) not in ("", None, {}, [])}
    source = str(SOURCES.get(after.get("source", ""), "")) if event.table_name in fact_tables() else ""
    return TrailRow(
        line=line, kind=kind_word(event.table_name), done=done_word(event), who=event.actor.rpartition(":")[2],
        source=source, changes=changes_in_words(line.changes, table=event.table_name, site=site),
        details=value_word(given, site=site) if given else "",
    )  # fmt: skip


def changes_in_words(
    changes: list[tuple[str, Any, Any]], *, table: str, site: Site | None
) -> list[FieldChange]:  # fmt: skip
    return [
        FieldChange(
            name=field_word(name, table=table), was=value_word(was, table=table, name=name, site=site),
            becomes=value_word(becomes, table=table, name=name, site=site),
        )
        for name, was, becomes in changes
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    version: Version
    kind: str
    done: str
    source: str
    changes: list[FieldChange]


def version_row(version: Version, *, table: str, site: Site) -> VersionRow:
    fact = version.fact
    done = "withdrawn" if fact.withdrawn else "entered" if fact.supersedes_id is None else "corrected"
    return VersionRow(
        version=version, kind=kind_word(table), done=str(DONE[done]), source=str(SOURCES[fact.source]),
        changes=changes_in_words(version.changes, table=table, site=site),
    )  # fmt: skip
