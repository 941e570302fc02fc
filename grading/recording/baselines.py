"""What is asked of a baseline before it is kept: it may silence an axis, so it says what it covers, and since when."""

from crsmonitor.errors import InvalidInput, Message
from grading.rules.drugs.agents import names_in, not_a_vasopressor
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.limits import LIMITS
from regimens.models import Dose, DoseStatus, Measured, Measurement

FLOW = LIMITS["oxygen_flow_l_min"]


def check_baseline(draft: Measurement) -> None:
    """Both from before the first dose. Raises InvalidInput.

    Of oxygen: a device in `text`, a flow in `value`. Of vasopressors: their names in `text`, or "none".
    """
    if draft.kind == Measured.BASELINE_VASOPRESSORS:
        _check_vasopressors(draft)
    elif draft.kind == Measured.BASELINE_OXYGEN:
        _check_oxygen(draft)
    else:
        return
    given = Dose.objects.standing().filter(participant=draft.participant_id).exclude(status=DoseStatus.NOT_GIVEN)
    if given.filter(observed_at__lte=draft.observed_at, step__opens_period=True).exists():
        raise InvalidInput.at("observed_at", "baseline_after_first_dose")


def _check_vasopressors(draft: Measurement) -> None:
    if not draft.text.strip():
        raise InvalidInput.at("text", "baseline_vasopressors_missing")
    for name in names_in(draft.text):
        if (drug := not_a_vasopressor(name)) is not None:
            raise InvalidInput.at("text", "not_a_vasopressor", drug=drug)


def _check_oxygen(draft: Measurement) -> None:
    if draft.text not in frozenset(OxygenDevice):
        raise InvalidInput.at("text", "baseline_device", known=", ".join(OxygenDevice))
    if draft.value is not None and FLOW.refuses(draft.value):
        limits = {"low": str(FLOW.block_below), "high": str(FLOW.block_above), "unit": FLOW.unit}
        raise InvalidInput("values_not_possible", fields={"value": [Message("refused", limits)]})
