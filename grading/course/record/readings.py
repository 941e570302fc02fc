"""From stored facts to what the rules read. Nothing is filled in: an empty column stays None."""

from decimal import Decimal

from grading.models import NeuroAssessment, Treatment, VitalSigns
from grading.rules.course.periods.drugs import PeriodDrug
from grading.rules.course.periods.sets import VitalsSeen, mean_or_computed
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.drugs.names import generic
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication, Position
from grading.rules.grades.danger import DANGER, Danger, danger
from grading.rules.grades.entry.numbers import exact
from grading.rules.grades.icans_inputs import (
    Consciousness,
    IcansInputs,
    IceItems,
    IceUnableReason,
    IcpSign,
    Motor,
    Oedema,
    Seizure,
)
from grading.rules.treatment.support import Support, support_of
from regimens.facts import Source

ICE_ITEMS = ("year", "month", "city", "hospital", "naming", "command", "writing", "attention")


def crs_inputs(
    vitals: VitalSigns,
    *,
    baseline_sbp: Decimal | None = None,
    sbp_prompt_below: Decimal | None = None,
    baseline_oxygen_device: str | None = None,
    baseline_oxygen_flow_l_min: Decimal | None = None,
    vasopressors_at_baseline: tuple[str, ...] | None = None,
) -> CrsInputs:
    """One set as the CRS rules see it, without history: the course adds that."""
    return CrsInputs(
        temperature_c=exact(vitals.temperature_c),
        sbp=exact(vitals.sbp),
        dbp=exact(vitals.dbp),
        # One made of the other two is nothing that was measured besides them.
        mean_pressure=None if vitals.mean_pressure_computed else exact(vitals.mean_pressure),
        position=Position(vitals.position) if vitals.position else None,
        pressure_unrecordable=vitals.pressure_unrecordable,
        hypotension=vitals.hypotension,
        fluid_bolus=vitals.fluid_bolus,
        vasopressors=None if vitals.vasopressors is None else tuple(vitals.vasopressors),
        spo2=exact(vitals.spo2),
        oxygen_device=None if vitals.oxygen_device is None else OxygenDevice(vitals.oxygen_device),
        oxygen_flow_l_min=exact(vitals.oxygen_flow_l_min),
        fio2_percent=exact(vitals.fio2_percent),
        oxygen_indication=OxygenIndication(vitals.oxygen_indication) if vitals.oxygen_indication else None,
        baseline_sbp=exact(baseline_sbp),
        sbp_prompt_below=exact(sbp_prompt_below),
        baseline_oxygen_device=None if baseline_oxygen_device is None else OxygenDevice(baseline_oxygen_device),
        baseline_oxygen_flow_l_min=exact(baseline_oxygen_flow_l_min),
        vasopressors_at_baseline=vasopressors_at_baseline,
    )


def danger_of(vitals: VitalSigns) -> Danger:
    """What of the set nobody may wait with, and what was measured and is free of it."""
    values = {field: exact(getattr(vitals, field)) for field in DANGER}
    return danger(values, pressure_unrecordable=vitals.pressure_unrecordable)


def icans_inputs(neuro: NeuroAssessment, *, pediatric: bool) -> IcansInputs:
    """One neuro assessment as the ICANS rules see it. An ICE of which nothing was attempted is None."""
    items = {name: getattr(neuro, f"ice_{name}") for name in ICE_ITEMS}
    return IcansInputs(
        pediatric=pediatric,
        ice=IceItems(**items) if any(value is not None for value in items.values()) else None,
        ice_unable_reason=IceUnableReason(neuro.ice_unable_reason) if neuro.ice_unable_reason else None,
        capd_score=neuro.capd_score,
        consciousness=None if neuro.consciousness is None else Consciousness(neuro.consciousness),
        seizure=None if neuro.seizure is None else Seizure(neuro.seizure),
        motor=None if neuro.motor is None else Motor(neuro.motor),
        oedema=Oedema(neuro.oedema) if neuro.oedema else Oedema.NONE,
        icp_signs=None if neuro.icp_signs is None else frozenset(IcpSign(sign) for sign in neuro.icp_signs),
        intracranial_haemorrhage=neuro.intracranial_haemorrhage,
    )


def vitals_seen(vitals: VitalSigns) -> VitalsSeen:
    """One set as the dose period keeps its extremes: a mean pressure that nobody entered is made of the other two."""
    mean, computed = mean_or_computed(vitals.mean_pressure, sbp=vitals.sbp, dbp=vitals.dbp)
    return VitalsSeen(
        at=vitals.observed_at,
        temperature_c=vitals.temperature_c,
        sbp=vitals.sbp,
        dbp=vitals.dbp,
        mean_pressure=mean,
        mean_pressure_computed=computed or vitals.mean_pressure_computed,
        heart_rate=vitals.heart_rate,
        respiratory_rate=vitals.respiratory_rate,
        spo2=vitals.spo2,
        oxygen_device=vitals.oxygen_device,
        oxygen_flow_l_min=vitals.oxygen_flow_l_min,
        vasopressors=None if vitals.vasopressors is None else tuple(vitals.vasopressors),
        fluid_bolus=vitals.fluid_bolus,
        fio2_percent=vitals.fio2_percent,
        imported=vitals.source == Source.IMPORT,
    )


def seizure_seen(neuro: NeuroAssessment) -> bool | None:
    """Whether there was one, of whatever cause. None: nobody said."""
    return None if neuro.seizure is None else neuro.seizure != Seizure.NONE


def drug_given(treatment: Treatment) -> PeriodDrug:
    return PeriodDrug(
        at=treatment.observed_at,
        drug=generic(treatment.drug),
        drug_class=treatment.acts_as,
        indication=treatment.indication,
        dose=treatment.dose,
        unit=treatment.unit.strip().casefold(),
    )


def support(treatment: Treatment) -> Support | None:
    """What of it runs until it is stopped. None: nothing that a set would show."""
    return support_of(
        treatment.drug,
        treatment.acts_as,
        indication=treatment.indication,
        dose=None if treatment.dose is None else exact(Decimal(treatment.dose)),
        unit=treatment.unit,
        route=treatment.route,
    )


# The newest set as the ward board shows it. Strings, so that 38.0 stays 38.0.
BOARD_VITALS = (
    "temperature_c", "sbp", "dbp", "heart_rate", "respiratory_rate", "spo2", "oxygen_device", "oxygen_flow_l_min",
    "vasopressors", "fluid_bolus", "hypotension", "pressure_unrecordable",
)  # fmt: skip


def shown(vitals: VitalSigns) -> dict[str, object]:
    """The newest set for the board, as JSON: measured values as text, None where nobody looked."""
    return {name: _plain(getattr(vitals, name)) for name in BOARD_VITALS}


def _plain(value: object) -> object:
    return f"{exact(value):f}" if isinstance(value, Decimal) else value


def ice_score(neuro: NeuroAssessment) -> int | None:
    """0-10, or None while any item was not attempted."""
    items = [getattr(neuro, f"ice_{name}") for name in ICE_ITEMS]
    return None if any(item is None for item in items) else sum(int(item) for item in items)
