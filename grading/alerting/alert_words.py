"""An alert in words: on cards, in mails. Codes come in, sentences go out."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from grading.models import Alert, AlertAction, AlertState
from grading.rules.alerting.lifecycle import ActionKind
from grading.rules.alerting.on_call.rota import NotCallable
from grading.rules.alerting.policy.thresholds import ConditionCode, ThresholdCode
from grading.rules.grades.danger import DANGER, UNRECORDABLE
from grading.rules.grades.graded import INDETERMINATE
from grading.words.drug_names import drug_name
from grading.words.wording import listed
from regimens.rules.wall_time import day_text

KINDS = {"crs": "CRS", "icans": "ICANS"}


def kind_word(alert: Alert) -> str:
    return KINDS.get(alert.kind, alert.kind)


def grade_words(alert: Alert) -> str:
    """A floor is told as one; a provisional episode by the grade it would be; a condition by its name."""
    if alert.condition:
        return condition_name(alert.condition, alert.kind)
    if alert.is_before_dosing:
        return _("Fever before the first dose")
    if alert.grade == INDETERMINATE and alert.urgency is not None:
        return _("Possible CRS; if CRS: grade %(grade)d") % {"grade": alert.urgency}
    if alert.grade == INDETERMINATE:
        return _("Possible CRS, grade not known")
    words = _("%(kind)s grade %(grade)d") if alert.grade == alert.at_most else _("%(kind)s at least grade %(grade)d")
    return words % {"kind": kind_word(alert), "grade": alert.grade}


def asked_text(code: str) -> str:
    """What a threshold of the policy asks for. A code from a newer version is shown as it is."""
    texts = {
        ThresholdCode.NEW_GRADE: _("New grade: review the participant"),
        ThresholdCode.TOCILIZUMAB: _("Tocilizumab threshold met"),
        ThresholdCode.CORTICOSTEROID: _("Corticosteroid threshold met"),
        ThresholdCode.STEP_UP_CARE: _("Step up care: intensive care threshold met"),
        ThresholdCode.POSSIBLE_MASKED_FEVER: _(
            "Hypotension or hypoxia, a fever may be masked: judge whether it is CRS"
        ),
        ThresholdCode.UNEXPLAINED: _("Low pressure or oxygen without a fever: find the cause"),
        ThresholdCode.TEMPERATURE_MISSING: _(
            "Low pressure or oxygen, no temperature: measure it, and judge whether it is CRS"
        ),
        ThresholdCode.BEFORE_DOSING: _("No CRS before the first dose: find the cause of the fever"),
        ConditionCode.FEVER_PERSISTING: _("Review: consider managing as the next grade, tocilizumab included"),
        ConditionCode.NO_IMPROVEMENT_AFTER_STEROID: _("Review: consider tocilizumab"),
        ConditionCode.STEROID_AFTER_ANTI_IL6: _("Review: consider a corticosteroid"),
        ConditionCode.MANAGE_AS_NEXT_GRADE: _("Review: consider managing as the next grade"),
        ConditionCode.SEIZURE_OR_POSTURING: _("Go to the bedside now"),
        ConditionCode.ICE_DROP: _("Look again: confirm the ICE and look for other signs"),
        ConditionCode.OBSERVATION_OVERDUE: _("Take the set, or say why it was not taken"),
        ConditionCode.WINDOW_ENDING: _("Take what is due, or say why it was not taken, before the window ends"),
        ConditionCode.TOCILIZUMAB_ELIGIBLE: _("Review: another dose may be given"),
        ConditionCode.TOCILIZUMAB_MAXIMUM: _("No dose is left: plan what comes next"),
        ConditionCode.DANGER_VALUE: _("Go to the bedside now, and measure again"),
    }
    return dict(texts).get(code, code)  # type: ignore[call-overload,no-any-return]


def condition_name(code: str, kind: str = "") -> str:
    """What holds, in a few words; of any kind where none is named. A code from a newer version is shown as it is."""
    overdue = {"neuro": _("Neuro check overdue"), "vitals": _("Vital signs overdue")}
    names = {
        ConditionCode.FEVER_PERSISTING: _("Fever persists at CRS grade 1"),
        ConditionCode.NO_IMPROVEMENT_AFTER_STEROID: _("CRS no better after a corticosteroid"),
        ConditionCode.STEROID_AFTER_ANTI_IL6: _("%(kind)s no better after tocilizumab, no corticosteroid yet"),
        ConditionCode.MANAGE_AS_NEXT_GRADE: _("%(kind)s no better after tocilizumab"),
        ConditionCode.SEIZURE_OR_POSTURING: _("Seizure or posturing"),
        ConditionCode.ICE_DROP: _("ICE below the participant's own baseline"),
        ConditionCode.WINDOW_ENDING: _("The window ends soon, observations are missing"),
        ConditionCode.TOCILIZUMAB_ELIGIBLE: _("The next tocilizumab dose may be given"),
        ConditionCode.TOCILIZUMAB_MAXIMUM: _("All tocilizumab doses are used up"),
        ConditionCode.DANGER_VALUE: _("Vital signs in danger"),
        ConditionCode.OBSERVATION_OVERDUE: overdue.get(kind, _("A look is overdue")),
    }
    name_of_code = {one.value: name for one, name in names.items()}.get(code, code)
    return (
        name_of_code % {"kind": KINDS.get(kind, kind) or _("CRS or ICANS")}
        if "%(kind)s" in name_of_code
        else name_of_code
    )


def condition_inputs(alert: Alert) -> list[str]:
    """What decided: each input with its value, times at the site. Empty for the rise of a grade."""
    values = alert.reasons[0]["values"] if alert.condition and alert.reasons else {}
    zone = ZoneInfo(alert.participant.site.time_zone)
    return [
        text % {"value": _value_text(name, values[name], zone)}
        for name, text in _input_texts(alert).items()
        if values.get(name)
    ]


def _input_texts(alert: Alert) -> dict[str, str]:
    """By the name of the input, in the order in which they are told."""
    dosed = {
        ConditionCode.NO_IMPROVEMENT_AFTER_STEROID: _("Corticosteroid given: %(value)s"),
        ConditionCode.TOCILIZUMAB_MAXIMUM: _("Last counted dose: %(value)s"),
    }
    given = {code.value: text for code, text in dosed.items()}.get(alert.condition, _("Tocilizumab given: %(value)s"))
    return {
        "due": _("Due: %(value)s"),
        "ends": _("The window ends: %(value)s"),
        "missed": _("Slots missed: %(value)s"),
        "sbp": _("Systolic pressure: %(value)s"),
        "spo2": _("SpO2: %(value)s"),
        "heart_rate": _("Pulse: %(value)s"),
        "respiratory_rate": _("Breathing: %(value)s"),
        "since": _("Since: %(value)s"),
        "what": _("Seen: %(value)s"),
        "ice": _("ICE: %(value)s"),
        "baseline": _("Baseline ICE: %(value)s"),
        "points": _("Told from a drop of: %(value)s"),
        "given": given,
        "from": _("May be given from: %(value)s"),
        "doses": _("Tocilizumab doses: %(value)s"),
        "most": _("Doses allowed: %(value)s"),
        "left": _("Doses left: %(value)s"),
        "hours": _("Told after: %(value)s h"),
        "then": _("Grade then: %(value)s"),
        "now": _("Grade since: %(value)s"),
    }


_INSTANTS = ("due", "ends", "since", "given", "from")


def _value_text(name: str, value: str, zone: ZoneInfo) -> str:
    if name in _INSTANTS:
        return day_text(datetime.fromisoformat(value), zone)
    if name in DANGER:
        return _("unrecordable") if value == UNRECORDABLE else f"{value} {DANGER[name].unit}"
    return listed(sign_name(one) for one in value.split(", ")) if name == "what" else value


def sign_name(code: str) -> str:
    names = {
        "brief_resolved": _("seizure, brief and resolved"),
        "eeg_nonconvulsive_resolved": _("non-convulsive seizure on EEG, resolved"),
        "prolonged_over_5_min": _("seizure over 5 minutes"),
        "repetitive_no_return_to_baseline": _("repeated seizures without return to baseline"),
        "decerebrate_posturing": _("decerebrate posturing"),
        "decorticate_posturing": _("decorticate posturing"),
    }
    return names.get(code, code)


def action_text(alert: Alert, action: AlertAction | None) -> str:
    """Which drug was recorded, by whom and when, at the site. For those who may see the participant."""
    at = alert.unreviewed_since if action is None else action.at
    clock = "" if at is None else f"{at.astimezone(ZoneInfo(alert.participant.site.time_zone)):%Y-%m-%d %H:%M}"
    if action is None or action.treatment is None:
        return clock
    return _("%(drug)s, recorded by %(who)s, %(at)s") % {
        "drug": drug_name(action.treatment.drug),
        "who": action.by,
        "at": clock,
    }


def not_callable_text(why: str) -> str:
    """Why somebody on the rota counts as nobody. A code from a newer version is shown as it is."""
    texts = {
        NotCallable.DEACTIVATED: _("the account is deactivated"),
        NotCallable.MEMBERSHIP_ENDED: _("no longer of this site"),
        NotCallable.NO_TESTED_CHANNEL: _("no tested channel"),
    }
    return texts[NotCallable(why)] if why in set(NotCallable) else why


def state_text(state: str) -> str:
    texts = {
        AlertState.OPEN: _("Nobody has answered yet"),
        AlertState.DELIVERED: _("Sent; nobody has answered yet"),
        AlertState.SEEN: _("Seen; nobody has answered yet"),
        AlertState.ACKNOWLEDGED: _("Answered"),
        AlertState.EXPIRED: _("Answered, but nobody acted: it waits again"),
        AlertState.ACTED_ON: _("Acted on"),
        AlertState.RESOLVED: _("Resolved"),
        AlertState.WITHDRAWN: _("Withdrawn: the corrected record does not call for it"),
    }
    return texts[AlertState(state)]


# As AlertEvent.note has kept them: what is written down stays as it was, and is told in the reader's language.
_SNOOZED = "snoozed: "


def note_text(note: str, because: str = "") -> str:
    """What stands beside a move, with the reason that was given. A note from a newer version is shown as it is."""
    if note.startswith(_SNOOZED):
        return _("May wait: %(because)s") % {"because": note.removeprefix(_SNOOZED)}
    texts = {
        ActionKind.TREATMENT.value: _("The drug that it asks for was recorded"),
        ActionKind.AT_BEDSIDE.value: _("A clinician is at the bedside"),
        ActionKind.DECLINED.value: _("Nothing is to be done"),
        "reviewed": _("An investigator has reviewed it"),
        "nobody acted": _("Nobody acted in time"),
        "it holds again": _("It holds again"),
        "it does not hold any more": _("It does not hold any more"),
        "the treatment was taken back": _("The treatment was taken back"),
        "the first dose came before or after it": _("The first dose came before it, or after it"),
        "the course calls for it again": _("The course calls for it again"),
        "the corrected course does not call for it": _("The corrected course does not call for it"),
        "the episode is over": _("The episode is over"),
    }
    words = texts.get(note, note)
    return _("%(told)s: %(because)s") % {"told": words, "because": because} if because else words
