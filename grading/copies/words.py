"""A copy in words: sections, columns and values, in the language that is in force."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from crsmonitor.accounts.models import User
from grading.alerting.alert_words import asked_text, condition_name, note_text, state_text
from grading.copies.record import Row, WholeRecord
from grading.copies.tables import CopyTable
from grading.models.on_call import ON_CALL_ROLES
from grading.review.signatures.words import KINDS as SIGNED_KINDS
from grading.review.signatures.words import MEANINGS, PROOFS, VOIDS
from grading.review.trail.words import field_word, value_word
from grading.serious.words import CRITERIA_NAMES, CRITERION_CODES
from grading.words.badges import NAMES as SYNDROMES
from grading.words.codes import words_of
from grading.words.wording import as_typed, bracketed, listed, missing_text, stored_reason_text
from regimens.facts import Fact
from regimens.models import DoseStatus
from regimens.rules.wall_time import offset_of
from regimens.wording import step_text

SECTIONS: Mapping[str, Promise] = {
    "participant": _l("Participant"),
    "facts": _l("What was recorded: every version, also what was corrected or taken back"),
    "derived": _l("What is derived: dose periods, episodes, grades of sets"),
    "alerts": _l("Alerts"),
    "signatures": _l("Signatures"),
    "others": _l("Queries, imports, tablets and take-overs"),
    "audit": _l("Audit trail"),
}
STATUS: Mapping[str, Promise] = {
    "stands": _l("stands"), "superseded": _l("corrected later"), "withdrawn": _l("taken back"),
}  # fmt: skip
# Of what is no fact: the columns that are read on paper. The attached files have every one.
PRINTED: Mapping[str, Mapping[str, Promise]] = {
    "regimens_participant": {
        "number": pgettext_lazy("of a participant", "Number"),
        "study_id": _l("Study"), "site_id": _l("Site"), "regimen_id": _l("Regimen version"),
        "cohort": _l("Cohort"), "neuro_instrument": _l("Neuro instrument"),
    },
    "regimens_cohortchange": {
        "was": _l("Before"), "becomes": _l("After"), "because": _l("Reason"), "recorded_by_id": _l("Who"),
    },
    "regimens_transfer": {
        "from_site_id": _l("From site"), "to_site_id": _l("To site"), "because": _l("Reason"),
        "recorded_by_id": _l("Who"),
    },
    "grading_doseperiod": {
        "dose_number": _l("Dose number"), "step_label": _l("Step"), "dose_status": _l("Status"),
        "dose_amount": _l("Amount"), "dose_unit": _l("Unit"), "ended_at": _l("End of the period"),
        "crs_any": _l("CRS, as computed"), "crs_max_grade": _l("CRS grade, as computed"),
        "crs_at_most": _l("CRS grade at most"), "crs_final_any": _l("CRS, final"),
        "crs_final_grade": _l("CRS grade, final"), "crs_final_onset_at": _l("CRS onset"),
        "crs_final_resolved_at": _l("CRS resolved"), "crs_final_duration_h": _l("CRS duration (h)"),
        "icans_final_any": _l("ICANS, final"), "icans_final_grade": _l("ICANS grade, final"),
        "icans_final_onset_at": _l("ICANS onset"), "tocilizumab_doses": _l("Doses of tocilizumab"),
        "tocilizumab_first_at": _l("First tocilizumab"), "steroid_first_at": _l("First steroid"),
    },
    "grading_episode": {
        "kind": _l("Syndrome"), "ended_at": _l("End"), "provisional": _l("Provisional because of"),
        "max_grade": _l("Highest grade"), "at_most": _l("Grade at most"), "max_at": _l("Highest at"),
        "final_grade": _l("Final grade"), "flags": _l("Flags"),
    },
    "grading_grade": {
        "kind": _l("Syndrome"), "grade": _l("Grade"), "at_least": _l("Grade at least"), "at_most": _l("Grade at most"),
        "reasons": _l("Reasons"), "missing": _l("Nobody looked at"), "flags": _l("Flags"),
        "rules_version": _l("Version of the rules"),
    },
    "grading_alert": {
        "kind": _l("Syndrome"), "condition": _l("Condition"), "grade": _l("Grade"), "at_most": _l("Grade at most"),
        "thresholds": _l("Thresholds"), "urgency": _l("Urgency"), "state": _l("State"), "raised_at": _l("Raised at"),
        "acknowledged_at": _l("Answered at"), "acknowledged_by_id": _l("Answered by"), "late": _l("By a late entry"),
        "policy_id": _l("Threshold policy"),
    },
    "grading_alertevent": {"state": _l("State"), "by_id": _l("Who"), "note": _l("Note")},
    "grading_escalation": {
        "number": pgettext_lazy("which call", "Call"),
        "on_call_roles": _l("Roles on call"), "people": _l("People called"),
        "passed_over": _l("Passed over"),
    },
    "grading_alertaction": {"action": _l("Action"), "by_id": _l("Who"), "because": _l("Reason")},
}  # fmt: skip
_CRITERIA = {code: CRITERIA_NAMES[criterion] for criterion, code in CRITERION_CODES.items()}
# Codes of what is no fact: what a code of a fact is in words, its own table says.
_CODES: Mapping[tuple[str, str], Callable[[Any], str]] = {
    **{(f"grading_{table}", "kind"): words_of(SYNDROMES) for table in ("alert", "episode", "grade")},
    ("grading_alert", "state"): state_text,
    ("grading_alert", "thresholds"): asked_text,
    ("grading_alert", "condition"): condition_name,
    ("grading_alertevent", "state"): state_text,
    ("grading_alertevent", "note"): note_text,
    ("grading_alertaction", "action"): note_text,
    ("grading_escalation", "on_call_roles"): words_of(ON_CALL_ROLES),
    ("grading_eventreport", "criteria"): words_of(_CRITERIA),
    ("grading_doseperiod", "dose_status"): words_of(dict(DoseStatus.choices)),
    ("grading_doseperiod", "step_label"): step_text,
    ("regimens_signature", "kind"): words_of(SIGNED_KINDS),
    ("regimens_signature", "meaning"): words_of(MEANINGS),
    ("regimens_signature", "proof"): words_of(PROOFS),
    ("regimens_signaturevoid", "because"): words_of(VOIDS),
}  # fmt: skip
_COLUMNS_OF_NOBODY = frozenset({"id", "participant_id", "digest", "root"})
KINDS: Mapping[str, Promise] = {
    "grading_grade": _l("Grade of a set"), "grading_episode": _l("Episode"), "grading_doseperiod": _l("Dose period"),
    "grading_alertevent": _l("Move of an alert"), "grading_escalation": _l("Call of an alert"),
    "grading_alertaction": _l("What was done about an alert"), "regimens_transfer": _l("Transfer to another site"),
    "grading_intakerow": _l("Proposed by an import"), "grading_intakeentry": _l("Entry of an import"),
    "grading_tabletentry": _l("Entry kept on a tablet"), "grading_takeover": _l("Take-over of a ward"),
    "grading_gradedifference": _l("Grade that a tablet showed otherwise"),
    "grading_devicereading": _l("Reading of a device"), "grading_correctionimpact": _l("What a correction changed"),
}  # fmt: skip


def moment(record: WholeRecord, instant: str | datetime | None) -> str:
    """`2026-03-03 03:10:05 Asia/Taipei +08:00`, on the clock of the site where the participant was then."""
    if instant is None:
        return "–"
    at = instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
    zone = record.zone(at)
    wall = at.astimezone(zone)
    return f"{wall:%Y-%m-%d %H:%M:%S} {zone.key} {offset_of(at, zone)}"


def person(record: WholeRecord, key: int | None) -> str:
    if key is None:
        return "–"
    one = record.people.get(key)
    return str(key) if one is None else bracketed(one.username, one.name)


def printed_columns(table: CopyTable) -> dict[str, str]:
    """Column -> what it is called. Of a kind of record that is not named above: every column of its own."""
    if table.name in PRINTED:
        return {name: str(word) for name, word in PRINTED[table.name].items()}
    columns = [str(field.column) for field in table.model._meta.concrete_fields]
    return {name: field_word(name, table=table.name) for name in columns if name not in _COLUMNS_OF_NOBODY}


def value_text(record: WholeRecord, table: CopyTable, name: str, value: Any) -> str:
    """One value as it is read: keys by what they stand for, codes by their labels, instants with their zone."""
    field = next((one for one in table.model._meta.concrete_fields if one.column == name), None)
    if value is None or value == "" or field is None:
        return value_word(value)
    if field.is_relation:
        return _referred(record, field.related_model, value)
    if field.get_internal_type() == "DateTimeField":
        return moment(record, value)
    if field.get_internal_type() == "DecimalField":
        return as_typed(Decimal(str(value)))
    if (table.name, name) in _CODES:
        return _coded(_CODES[table.name, name], value)
    if choices := dict(getattr(field, "flatchoices", [])):
        return str(choices.get(value, value))
    if name == "reasons" and table.name == "grading_grade":
        return listed(stored_reason_text(one) for one in value) or _("none")
    if name == "missing":
        return missing_text(value) or _("none")
    if name == "grade" and value == -1:
        return _("cannot be told")
    return value_word(value, table=table.name, name=name)


def _coded(word: Callable[[Any], str], value: Any) -> str:
    return listed(word(one) for one in value) or _("none") if isinstance(value, list) else word(value)


def _referred(record: WholeRecord, model: Any, key: Any) -> str:
    if model is User:
        return person(record, key)
    if issubclass(model, Fact):
        return str(key)
    return record.names.get(model._meta.db_table, {}).get(key, str(key))


def unrecorded(columns: Mapping[str, str], row: Row) -> list[str]:
    """Names of the fields of which nothing is on record: nobody looked, or nobody was asked."""
    return [word for name, word in columns.items() if row.get(name) is None]
