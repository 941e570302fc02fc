"""What is asked of a baseline before it is kept: it may silence an axis, so it says what it covers, and since when."""

from crsmonitor.errors import InvalidInput, Message
from grading.rules.crs_seen import OxygenDevice
from grading.rules.limits import LIMITS
from regimens.models import Dose, DoseStatus, Measured, Measurement

FLOW = LIMITS["oxygen_flow_l_min"]


def check_baseline(draft: Measurement) -> None:
    """Of baseline oxygen: a device in `text`, a flow in `value`, from before the first dose. Raises InvalidInput."""
    if draft.kind != Measured.BASELINE_OXYGEN:
        return
    if draft.text not in frozenset(OxygenDevice):
        raise InvalidInput.at("text", "baseline_device", known=", ".join(OxygenDevice))
    if draft.value is not None and FLOW.refuses(draft.value):
        limits = {"low": str(FLOW.block_below), "high": str(FLOW.block_above), "unit": FLOW.unit}
        raise InvalidInput("values_not_possible", fields={"value": [Message("refused", limits)]})
    given = Dose.objects.standing().filter(participant=draft.participant_id).exclude(status=DoseStatus.NOT_GIVEN)
    if given.filter(observed_at__lte=draft.observed_at, step__opens_period=True).exists():
        raise InvalidInput.at("observed_at", "baseline_after_first_dose")
