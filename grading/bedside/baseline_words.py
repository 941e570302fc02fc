"""The baselines in words, for the banner: what was recorded, and what was not, with the page where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.bedside.selectors.baselines import ANY_TIME, BaselineRow, baselines_of, may_come_later
from grading.recording.forms.bank_choice import language_label
from grading.words.wording import DEVICES, as_typed
from regimens.models import Measured, Measurement, Participant

NAMES: dict[str, Any] = {
    Measured.BASELINE_ICE: "ICE",
    Measured.BASELINE_CAPD: "CAPD",
    Measured.BASELINE_SBP: _l("Pressure"),
    Measured.BASELINE_SPO2: "SpO₂",
    Measured.BASELINE_OXYGEN: _l("Oxygen"),
    Measured.BASELINE_VASOPRESSORS: _l("Vasopressors"),
    Measured.WEIGHT: _l("Weight"),
    Measured.LANGUAGE: _l("Language"),
}
UNITS = {Measured.BASELINE_SBP: "mmHg", Measured.BASELINE_SPO2: "%", Measured.WEIGHT: "kg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLine:
    """`text` empty: not recorded; `address`: where it still may be, empty where that is over or not this user's."""

    name: str
    text: str
    address: str


def lines(participant: Participant, *, may_record: bool) -> Sequence[BaselineLine]:
    """Each baseline once. The diastolic pressure stands beside the systolic; a language is the site's or recorded."""
    by_kind = {one.kind: one for one in baselines_of(participant)}
    diastolic = by_kind.pop(Measured.BASELINE_DBP).measurement
    open_still = may_record and may_come_later(participant)
    return [
        _line(one, participant, diastolic=diastolic, open_still=open_still or (may_record and one.kind in ANY_TIME))
        for one in by_kind.values()
        if not (one.measurement is None and one.kind == Measured.LANGUAGE and participant.site.language)
    ]


def _line(
    one: BaselineRow, participant: Participant, *, diastolic: Measurement | None, open_still: bool
) -> BaselineLine:
    missing = one.measurement is None
    return BaselineLine(
        name=str(NAMES[one.kind]),
        text="" if one.measurement is None else _text(one.measurement, diastolic),
        address=reverse(one.page, args=[participant.pk]) if missing and open_still else "",
    )


def _text(measurement: Measurement, diastolic: Measurement | None) -> str:
    kind, value = measurement.kind, measurement.value
    if kind == Measured.BASELINE_OXYGEN:
        device = str(DEVICES.get(measurement.text, measurement.text))
        return device if value is None else _("%(device)s %(flow)s L/min") % {"device": device, "flow": as_typed(value)}
    if kind == Measured.LANGUAGE:
        return language_label(measurement.text)
    if value is None:
        return measurement.text
    number = as_typed(value)
    if kind == Measured.BASELINE_SBP and diastolic is not None and diastolic.value is not None:
        number = f"{number}/{as_typed(diastolic.value)}"
    return f"{number} {UNITS[kind]}" if kind in UNITS else number
