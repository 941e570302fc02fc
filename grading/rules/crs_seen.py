"""One bedside look for CRS. None means nobody looked, which is never the same as normal."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class OxygenDevice(StrEnum):
    ROOM_AIR = "room_air"
    NASAL_CANNULA = "nasal_cannula"
    BLOW_BY = "blow_by"
    HIGH_FLOW_NASAL_CANNULA = "high_flow_nasal_cannula"
    FACE_MASK = "face_mask"
    VENTURI_MASK = "venturi_mask"
    NON_REBREATHER = "non_rebreather"
    CPAP = "cpap"
    BIPAP = "bipap"
    MECHANICAL_VENTILATION = "mechanical_ventilation"


class OxygenIndication(StrEnum):
    HYPOXIA = "hypoxia"
    COMFORT = "comfort"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrsInputs:
    """What was seen. Fields that default to False are judgements: not made means no."""

    temperature_c: Decimal | None = None
    # None: the history itself is unknown, and both answers are tried.
    antipyretic_or_anticytokine_since_onset: bool | None = False
    prior_crs_fever_this_episode: bool | None = False
    sbp: Decimal | None = None
    dbp: Decimal | None = None  # grades nothing
    baseline_sbp: Decimal | None = None
    sbp_prompt_below: Decimal | None = None  # a child's limit, entered by the site; replaces the adult cut-off
    pressure_unrecordable: bool = False
    hypotension: bool | None = None
    fluid_bolus: bool | None = None
    vasopressors: Collection[str] | None = None
    spo2: Decimal | None = None
    oxygen_device: OxygenDevice | None = None
    oxygen_flow_l_min: Decimal | None = None
    oxygen_indication: OxygenIndication | None = None  # None: for hypoxia, as far as anybody knows
    fever_attributed_to_other_cause: bool = False
    hypotension_attributed_to_other_cause: bool = False
    hypoxia_attributed_to_other_cause: bool = False
    died_of_crs: bool = False
