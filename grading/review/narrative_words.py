"""The sentences of a narrative in words, in the reader's language."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.models import Criterion, DrugAction, EventOutcome
from grading.models.observations import Sign
from grading.review.assessment_words import names
from grading.review.narrative import Sentence
from grading.words import wording
from grading.words.drug_names import drug_name, drug_names
from regimens.wording import step_text

Clock = Callable[[datetime], str]

SENTENCES: dict[str, str | Promise] = {
    "dose": _l("Participant %(number)s was given dose %(n)s (%(step)s, %(amount)s %(unit)s) at %(at)s."),
    "dose_amount_unknown": _l("Participant %(number)s was given dose %(n)s (%(step)s) at %(at)s."),
    "onset": _l("%(kind)s began at %(at)s."),
    "onset_after_dose": _l("%(kind)s began at %(at)s, %(after)s after the start of this dose."),
    "onset_possible": _l("Signs that may be %(kind)s began at %(at)s."),
    "onset_possible_after_dose": _l(
        "Signs that may be %(kind)s began at %(at)s, %(after)s after the start of this dose."
    ),
    "grade_first": _l("The first set had grade %(grade)s: %(inputs)s."),
    "grade_rose": _l("It rose to grade %(grade)s at %(at)s: %(inputs)s."),
    "treated": _l("%(drug)s %(amount)s %(unit)s was given at %(at)s."),
    "treated_after": _l("%(drug)s %(amount)s %(unit)s was given at %(at)s, %(after)s after %(kind)s began."),
    "treated_amount_unknown": _l("%(drug)s was given at %(at)s."),
    "treated_amount_unknown_after": _l("%(drug)s was given at %(at)s, %(after)s after %(kind)s began."),
    "attributed": _l("From %(at)s on an investigator attributed %(sign)s to another cause: %(cause)s."),
    "attributed_until": _l(
        "From %(at)s until %(until)s an investigator attributed %(sign)s to another cause: %(cause)s."
    ),
    "not_over": _l("%(kind)s is not over, or not known to be."),
    "over": _l("%(kind)s was over at %(at)s, after %(after)s."),
    "confirmed": _l("%(ledger)s: grade %(grade)s confirmed at %(at)s."),
    "judged": _l("%(ledger)s: grade %(grade)s at %(at)s, because: %(because)s."),
    "limits": _l("By the study's rule (grade %(grade)s or above for %(hours)s h) it is a dose-limiting toxicity."),
    "limits_not": _l("By the study's rule (grade %(grade)s or above for %(hours)s h) it is no dose-limiting toxicity."),
    "limits_unknown": _l(
        "Whether it is a dose-limiting toxicity by the study's rule (grade %(grade)s or above for %(hours)s h) cannot "
        "be told."
    ),
    "serious": _l("It was serious: %(criteria)s."),
    "not_serious": _l("It was not serious."),
    "outcome": _l("EventOutcome: %(outcome)s."),
    "action": _l("Action taken with the study drug: %(action)s."),
    "delayed": _l("The next dose was delayed because of %(kind)s."),
    "not_delayed": _l("The next dose was not delayed because of %(kind)s."),
}


def sentence_text(sentence: Sentence, clock: Clock) -> str:
    """One sentence. `clock`: an instant as the reader sees it."""
    words = {name: _word(name, value, clock) for name, value in sentence.values.items()}
    return str(SENTENCES[sentence.code]) % words


def narrative_text(sentences: Iterable[Sentence], clock: Clock) -> str:
    """All of them as one text; Chinese puts no blank between sentences."""
    texts = [sentence_text(one, clock) for one in sentences]
    return ("" if (get_language() or "").startswith("zh") else " ").join(texts)


def _word(name: str, value: Any, clock: Clock) -> str:
    if isinstance(value, datetime):
        return clock(value)
    if isinstance(value, timedelta):
        return wording.span(value)
    if isinstance(value, Decimal):
        return wording.as_typed(value)
    if value is None:
        return ""
    match name:
        case "kind":
            return str(value).upper()
        case "step":
            return step_text(value)
        case "drug":
            return drug_name(value)
        case "sign":
            return str(Sign(value).label)
        case "ledger":
            return names()[value]
        case "criteria":
            return wording.listed(Criterion(one).label for one in value)
        case "outcome":
            return str(EventOutcome(value).label)
        case "action":
            return str(DrugAction(value).label)
        case "inputs":
            return inputs_text(value)
    return str(value)


def inputs_text(inputs: dict[str, Any]) -> str:
    """What was looked at in a set, in the order of the form."""
    parts = []
    for name, value in inputs.items():
        match name:
            case "temperature_c":
                parts.append(_("temperature %(value)s °C") % {"value": wording.in_degrees(value)})
            case "sbp":
                parts.append(_("systolic pressure %(value)s mmHg") % {"value": wording.as_typed(value)})
            case "pressure_unrecordable":
                parts.append(_("pressure unrecordable"))
            case "vasopressors":
                parts.append(_("vasopressors: %(value)s") % {"value": drug_names(value)})
            case "spo2":
                parts.append(_("saturation %(value)s %%") % {"value": wording.as_typed(value)})
            case "oxygen_device":
                parts.append(_("oxygen: %(value)s") % {"value": wording.DEVICES.get(value, value)})
            case "ice":
                parts.append(_("ICE %(value)s of 10") % {"value": value})
            case "capd":
                parts.append(_("CAPD %(value)s") % {"value": value})
            case "consciousness":
                parts.append(_("wakefulness: %(value)s") % {"value": wording.CONSCIOUSNESS.get(value, value)})
            case "seizure":
                parts.append(_("seizure: %(value)s") % {"value": wording.SEIZURE.get(value, value)})
            case "motor":
                parts.append(_("motor: %(value)s") % {"value": wording.MOTOR.get(value, value)})
    return wording.listed(parts) if parts else _("nothing that was looked at is on record")
