"""One bedside look for CRS. None means nobody looked, which is never the same as normal."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grading.rules.drugs.devices import OxygenDevice


class OxygenIndication(StrEnum):
    HYPOXIA = "hypoxia"
    COMFORT = "comfort"
    BASELINE = "baseline"


class Position(StrEnum):
    """Of the person while the pressure was taken."""

    LYING = "lying"
    SITTING = "sitting"
    STANDING = "standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrsInputs:
    """What was seen. Fields that default to False are judgements: not made means no.

    `running_...`: what the record of treatments says runs at this moment; None: it says nothing.
    """

    temperature_c: Decimal | None = None
    # None: the history itself is unknown, and both answers are tried.
    antipyretic_or_anticytokine_since_onset: bool | None = False
    prior_crs_fever_this_episode: bool | None = False
    sbp: Decimal | None = None
    dbp: Decimal | None = None  # grades nothing
    baseline_sbp: Decimal | None = None
    sbp_prompt_below: Decimal | None = None  # a child's limit, entered by the site; replaces the adult cut-off
    mean_pressure: Decimal | None = None  # mmHg
    position: Position | None = None  # None: taken as lying
    pressure_unrecordable: bool = False
    hypotension: bool | None = None
    fluid_bolus: bool | None = None
    vasopressors: Collection[str] | None = None
    vasopressors_at_baseline: Collection[str] | None = None  # taken before the first dose; None: not on record
    spo2: Decimal | None = None
    oxygen_device: OxygenDevice | None = None
    oxygen_flow_l_min: Decimal | None = None
    fio2_percent: Decimal | None = None  # above 21 is oxygen
    oxygen_indication: OxygenIndication | None = None  # None: for hypoxia, as far as anybody knows
    baseline_oxygen_device: OxygenDevice | None = None  # before the first dose; None: not on record
    baseline_oxygen_flow_l_min: Decimal | None = None
    running_vasopressors: Collection[str] | None = None
    running_oxygen: bool | None = None  # also where neither its device nor its flow is on record
    running_oxygen_device: OxygenDevice | None = None
    running_oxygen_flow_l_min: Decimal | None = None
    running_fluid_bolus: bool | None = None
    fever_attributed_to_other_cause: bool = False
    hypotension_attributed_to_other_cause: bool = False
    hypoxia_attributed_to_other_cause: bool = False
    died_of_crs: bool = False
