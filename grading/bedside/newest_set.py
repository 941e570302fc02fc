"""The newest set of vital signs as a participant's page shows it first: each value beside what it was before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.models import VitalSigns
from grading.words import wording
from grading.words.drug_names import drug_names

NOT_MEASURED = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One value. `was`: the last one before it that somebody measured; empty: there is none.

    `arrow`: up, down or same; empty where one of both was not measured.
    """

    label: Any
    value: str
    unit: str = ""
    was: str = ""
    arrow: str = ""

    @property
    def arrow_words(self) -> str:
        return {"up": _("higher"), "down": _("lower"), "same": _("the same")}.get(self.arrow, "")


_NUMBERS: tuple[tuple[str, Any, str, Callable[[Decimal], str]], ...] = (
    ("temperature_c", _l("Temperature"), "°C", wording.in_degrees),
    ("sbp", _l("Systolic"), "mmHg", wording.as_typed),
    ("dbp", _l("Diastolic"), "mmHg", wording.as_typed),
    ("heart_rate", _l("Pulse"), "/min", wording.as_typed),
    ("respiratory_rate", _l("Breaths"), "/min", wording.as_typed),
    ("spo2", "SpO₂", "%", wording.as_typed),
)


def trends_of(sets: Sequence[VitalSigns]) -> list[Trend]:
    """`sets`: the newest first. Empty: nobody looked yet."""
    if not sets:
        return []
    return [_of_number(sets, *number) for number in _NUMBERS] + [
        _of_words(sets, _("Oxygen"), _oxygen), _of_words(sets, _("Vasopressors"), _agents),
    ]  # fmt: skip


def _of_number(sets: Sequence[VitalSigns], name: str, label: Any, unit: str, words: Callable[[Decimal], str]) -> Trend:
    now, was = getattr(sets[0], name), _before(sets, lambda one: getattr(one, name))
    if name in ("sbp", "dbp") and sets[0].pressure_unrecordable:
        return Trend(label=label, value=_("unrecordable"), was="" if was is None else words(was))
    arrow = ""
    if now is not None and was is not None:
        arrow = "same" if now == was else "up" if now > was else "down"
    return Trend(
        label=label, unit=unit, arrow=arrow,
        value=NOT_MEASURED if now is None else words(now), was="" if was is None else words(was),
    )  # fmt: skip


def _of_words(sets: Sequence[VitalSigns], label: str, words: Callable[[VitalSigns], str | None]) -> Trend:
    return Trend(label=label, value=words(sets[0]) or NOT_MEASURED, was=_before(sets, words) or "")


def _before(sets: Sequence[VitalSigns], value_of: Callable[[VitalSigns], Any]) -> Any:
    """Of the sets before the newest, the newest value that there is."""
    return next((value for one in sets[1:] if (value := value_of(one)) is not None), None)


def _oxygen(one: VitalSigns) -> str | None:
    if not one.oxygen_device:
        return None
    device, flow = str(wording.DEVICES.get(one.oxygen_device, one.oxygen_device)), one.oxygen_flow_l_min
    return device if flow is None else f"{device} {wording.as_typed(flow)} L/min"


def _agents(one: VitalSigns) -> str | None:
    return None if one.vasopressors is None else drug_names(one.vasopressors) or _("none")
