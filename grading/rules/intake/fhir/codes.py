"""Which code is which field, and in which units it may come. One table for what comes in and what goes out.

LOINC (https://loinc.org) and UCUM (https://ucum.org); what has no code there is ours, `urn:crsmonitor:...`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as column
from decimal import Decimal

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
USUBJID = "urn:crsmonitor:usubjid"
OXYGEN_DEVICE = "urn:crsmonitor:oxygen-device"
CONSCIOUSNESS = "urn:crsmonitor:consciousness"
INDICATION = "urn:crsmonitor:indication"
LOINC_NAMES = frozenset({LOINC, "urn:oid:2.16.840.1.113883.6.1"})
UCUM_NAMES = frozenset({UCUM, "urn:oid:2.16.840.1.113883.6.8"})

KPA_IN_MMHG = Decimal(1000) / Decimal("133.322")  # UCUM: m[Hg] is 133.3220 kPa


def _as_it_is(value: Decimal) -> Decimal:
    return value


def _from_fahrenheit(value: Decimal) -> Decimal:
    return (value - 32) * 5 / 9


def _from_kelvin(value: Decimal) -> Decimal:
    return value - Decimal("273.15")


def _from_kpa(value: Decimal) -> Decimal:
    return value * KPA_IN_MMHG


def _from_fraction(value: Decimal) -> Decimal:
    return value * 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A measured field. `units`: UCUM code -> what makes the field's unit of it; the first is the field's own."""

    field: str
    codes: tuple[str, ...]
    display: str
    units: Mapping[str, Callable[[Decimal], Decimal]]
    also: Mapping[str, Mapping[str, str]] = column(default_factory=dict)  # a code -> other fields that it says

    @property
    def unit(self) -> str:
        return next(iter(self.units))


_PRESSURE = {"mm[Hg]": _as_it_is, "kPa": _from_kpa}
QUANTITIES = (
    Quantity(
        field="temperature_c", codes=("8310-5", "8331-1", "8333-7"), display="Body temperature",
        units={"Cel": _as_it_is, "[degF]": _from_fahrenheit, "K": _from_kelvin},
        also={"8331-1": {"temperature_site": "oral"}, "8333-7": {"temperature_site": "tympanic"}},
    ),
    Quantity(field="sbp", codes=("8480-6",), display="Systolic blood pressure", units=_PRESSURE),
    Quantity(field="dbp", codes=("8462-4",), display="Diastolic blood pressure", units=_PRESSURE),
    Quantity(field="mean_pressure", codes=("8478-0",), display="Mean blood pressure", units={"mm[Hg]": _as_it_is}),
    Quantity(
        field="heart_rate", codes=("8867-4",), display="Heart rate",
        units={"/min": _as_it_is, "{beats}/min": _as_it_is},
    ),
    Quantity(
        field="respiratory_rate", codes=("9279-1",), display="Respiratory rate",
        units={"/min": _as_it_is, "{breaths}/min": _as_it_is},
    ),
    Quantity(
        field="spo2", codes=("59408-5", "2708-6"), display="Oxygen saturation in Arterial blood by Pulse oximetry",
        units={"%": _as_it_is},
    ),
    Quantity(
        field="oxygen_flow_l_min", codes=("3151-8",), display="Inhaled oxygen flow rate", units={"L/min": _as_it_is}
    ),
    Quantity(
        field="fio2_percent", codes=("3150-6",), display="Inhaled oxygen concentration",
        units={"%": _as_it_is, "1": _from_fraction},
    ),
)  # fmt: skip
QUANTITY_OF: Mapping[str, Quantity] = {code: one for one in QUANTITIES for code in one.codes}
DEVICE_CODE, CONSCIOUSNESS_CODE = "107117-4", "80288-4"
PANELS = frozenset({"85353-1", "85354-9"})  # have no value of their own: members or components are read

# AVPU as it is written. "Pain" may be two of ASTCT's steps (tactile, vigorous): it is not guessed.
AVPU: Mapping[str, str] = {
    "a": "awake", "alert": "awake", "awake": "awake",
    "v": "voice", "voice": "voice", "verbal": "voice", "responds to voice": "voice",
    "u": "unarousable", "unresponsive": "unarousable",
}  # fmt: skip
DOSE_STEP = Decimal("0.0001")  # the column of doses keeps no more
ROOM_AIR = frozenset({"room air", "ra", "none (room air)"})
