"""What is asked of a baseline before it is kept: it may silence an axis, so it says what it covers, and since when."""

from decimal import Decimal

from crsmonitor.errors import InvalidInput, Message
from grading.recording.neuro_banks import check_language
from grading.rules.drugs.agents import names_in, not_a_vasopressor
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.entry.limits import LIMITS, Limit
from regimens.facts import Source
from regimens.models import Dose, DoseStatus, Measured, Measurement

FLOW = LIMITS["oxygen_flow_l_min"]
PRESSURES = frozenset({Measured.BASELINE_SBP, Measured.BASELINE_DBP})
# Of a number: which limits of a set hold for it (limits.py), or from 0 to which score.
LIMIT_OF = {Measured.BASELINE_SBP: "sbp", Measured.BASELINE_DBP: "dbp", Measured.BASELINE_SPO2: "spo2"}
HIGHEST_SCORE = {Measured.BASELINE_ICE: Decimal(10), Measured.BASELINE_CAPD: Decimal(32)}


def check_baseline(draft: Measurement) -> None:
    """From before the first dose. Raises InvalidInput.

    Of oxygen: a device in `text`, a flow in `value`. Of vasopressors: their names in `text`, or "none".
    """
    kind = Measured(draft.kind)
    if kind in (Measured.LANGUAGE, Measured.BASELINE_ICE):
        check_language(draft)
    if kind is Measured.BASELINE_VASOPRESSORS:
        _check_vasopressors(draft)
    elif kind is Measured.BASELINE_OXYGEN:
        _check_oxygen(draft)
    elif kind in LIMIT_OF or kind in HIGHEST_SCORE:
        _check_number(draft, kind)
    else:
        return
    if kind in PRESSURES and draft.source != Source.PAGE:
        return  # a pressure to compare with only asks more: from elsewhere it is believed at any time
    given = Dose.objects.standing().filter(participant=draft.participant_id).exclude(status=DoseStatus.NOT_GIVEN)
    if given.filter(observed_at__lte=draft.observed_at, step__opens_period=True).exists():
        raise InvalidInput.at("observed_at", "baseline_after_first_dose")


def _check_number(draft: Measurement, kind: Measured) -> None:
    if draft.value is None:
        raise InvalidInput.at("value", "value_or_text")
    if kind in LIMIT_OF:
        _refuse_outside(LIMITS[LIMIT_OF[kind]], draft.value)
    elif not 0 <= draft.value <= HIGHEST_SCORE[kind] or draft.value % 1:
        raise InvalidInput.at("value", "score_not_possible", highest=str(HIGHEST_SCORE[kind]))


def _check_vasopressors(draft: Measurement) -> None:
    if not draft.text.strip():
        raise InvalidInput.at("text", "baseline_vasopressors_missing")
    for name in names_in(draft.text):
        if (drug := not_a_vasopressor(name)) is not None:
            raise InvalidInput.at("text", "not_a_vasopressor", drug=drug)


def _check_oxygen(draft: Measurement) -> None:
    if draft.text not in frozenset(OxygenDevice):
        raise InvalidInput.at("text", "baseline_device", known=", ".join(OxygenDevice))
    if draft.value is not None:
        _refuse_outside(FLOW, draft.value)


def _refuse_outside(limit: Limit, value: Decimal) -> None:
    if limit.refuses(value):
        limits = {"low": str(limit.block_below), "high": str(limit.block_above), "unit": limit.unit}
        raise InvalidInput("values_not_possible", fields={"value": [Message("refused", limits)]})
