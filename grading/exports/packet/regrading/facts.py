"""One participant's rows as the facts that a course is folded from: grading/course/record reads the same of tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from grading.exports.packet.regrading.lines import PacketRow, Rows
from grading.rules.course.events import (
    CRS,
    ICANS,
    Attributed,
    Died,
    DoseGiven,
    Event,
    Observation,
    RunBegan,
    RunEnded,
    Treated,
)
from grading.rules.drugs.agents import names_in
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.drugs.names import class_of
from grading.rules.grades.crs_inputs import CrsInputs, OxygenIndication, Position
from grading.rules.grades.danger import danger
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
from grading.rules.treatment.indication import opens_waiver
from grading.rules.treatment.masking_hours import Masking, MaskingRule, hides_for
from grading.rules.treatment.support import support_of

INPUTS = (
    "adsl", "adex", "admeas", "adcm", "adattr", "adset", "adneuro", "adds", "adho", "adjudg", "adsched", "adalert",
    "audit",
)  # fmt: skip
BEFORE_DOSING = ("baseline_oxygen", "baseline_vasopressors")  # believed only from before the first dose
_BASELINES = ("baseline_sbp", "sbp_prompt_below", *BEFORE_DOSING)
_DEATHS = {"DEATH CRS": CRS, "DEATH ICANS": ICANS, "DEATH OTHER": "other"}
_MASKING = {masking.value for masking in Masking}


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingHours:
    """How long drugs hide a fever: by class, and by the rules of the policy that was in force when one was given."""

    hours: Mapping[Masking, timedelta]
    policies: Sequence[tuple[datetime, tuple[MaskingRule, ...]]] = ()

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "MaskingHours":
        """`masking` of a manifest. Raises KeyError, TypeError or ValueError."""
        return cls(
            hours={Masking(name): timedelta(hours=hours) for name, hours in data["hours"].items()},
            policies=[
                (
                    datetime.fromisoformat(one["from"]),
                    tuple(MaskingRule(code=c, hours=Decimal(h), source="") for c, h in one["hours"].items()),
                )
                for one in data["policies"]
            ],
        )

    def lasts(self, drug: str, masking: Masking, *, at: datetime) -> timedelta | None:
        rules = next((rules for since, rules in reversed(self.policies) if since <= at), ())
        return hides_for(rules, drug=drug, masking=masking)


def events_of(own: Rows, masking: MaskingHours) -> list[Event]:
    """In no order. Raises Unreadable."""
    doses = [moment_of(row) for row in own["adex"] if row.flag("PERIODFL") and row.text("DOSSTAT") != "NOT GIVEN"]
    baselines = Baselines(own["admeas"], first_dose=min(doses, default=None))
    return [
        *_doses(own["adex"]),
        *(event for row in own["adcm"] for event in _treatment(row, masking, baselines)),
        *(
            Attributed(at=moment_of(row), until=row.end("AENDTM", "ENDFRAC"), sign=row.code("SIGN"))
            for row in own["adattr"]
        ),
        *(_vitals(row, baselines.inputs(at=moment_of(row, "ADTM"))) for row in own["adset"]),
        *(_neuro(row) for row in own["adneuro"]),
        *(
            Died(at=moment_of(row, "ADTM"), root=row.text("RECID"), cause=_DEATHS[row.text("DSDECOD")])
            for row in own["adds"]
            if row.text("DSDECOD") in _DEATHS
        ),
    ]


def moment_of(row: PacketRow, name: str = "ASTDTM") -> datetime:
    """With what it has beyond its second. Raises Unreadable."""
    return row.moment(name, "FRACSEC")


def _doses(rows: list[PacketRow]) -> Iterator[DoseGiven]:
    for row in rows:
        if row.flag("PERIODFL") and row.text("DOSSTAT") != "NOT GIVEN":
            yield DoseGiven(at=moment_of(row), root=row.text("RECID"))


class Baselines:
    """What a look is compared with: the newest measurement of each kind up to it."""

    def __init__(self, rows: list[PacketRow], *, first_dose: datetime | None) -> None:
        dated = [
            (moment_of(row, "ADTM"), row.code("MEASURE"), row) for row in rows if row.code("MEASURE") in _BASELINES
        ]
        self.dated = sorted(
            [
                one for one in dated
                if one[1] not in BEFORE_DOSING or first_dose is None or one[0] < first_dose
            ],
            key=lambda one: (one[0], one[1], one[2].value("AVAL") or 0, one[2].text("AVALC")),
        )  # fmt: skip

    def inputs(self, *, at: datetime) -> dict[str, Any]:
        """As CrsInputs has them."""
        newest: dict[str, PacketRow] = {}
        for since, kind, row in self.dated:
            if since <= at and (kind != "baseline_oxygen" or row.text("AVALC") in frozenset(OxygenDevice)):
                newest[kind] = row
        oxygen, typed = newest.get("baseline_oxygen"), newest.get("baseline_vasopressors")
        return {
            "baseline_sbp": _value(newest.get("baseline_sbp")),
            "sbp_prompt_below": _value(newest.get("sbp_prompt_below")),
            "baseline_oxygen_device": None if oxygen is None else OxygenDevice(oxygen.text("AVALC")),
            "baseline_oxygen_flow_l_min": _value(oxygen),
            "vasopressors_at_baseline": None if typed is None else names_in(typed.text("AVALC")),
        }


def _value(row: PacketRow | None) -> Decimal | None:
    return None if row is None else row.value("AVAL")


def _treatment(row: PacketRow, masking: MaskingHours, baselines: Baselines) -> Iterator[Event]:
    at, root, drug, indication = moment_of(row), row.text("RECID"), row.text("CMTRT"), row.code("CMINDC")
    acts_as = class_of(drug, row.code("CMCLAS"))
    if acts_as in _MASKING:
        hides = Masking(acts_as)
        lasts = masking.lasts(drug, hides, at=at)
        yield Treated(at=at, masking=hides, treats=opens_waiver(indication), lasts=lasts)
        return
    support = support_of(
        drug, acts_as, indication=indication, dose=row.value("CMDOSE"), unit=row.text("CMDOSU"),
        route=row.text("CMROUTE"),
    )  # fmt: skip
    if support is None:
        return
    at_home = tuple(baselines.inputs(at=at)["vasopressors_at_baseline"] or ())
    yield RunBegan(at=at, root=root, support=support, indication=indication, at_baseline=at_home)
    if (end := row.end("AENDTM", "ENDFRAC")) is not None:
        yield RunEnded(at=end, root=root)


def _vitals(row: PacketRow, baseline: dict[str, Any]) -> Observation:
    unrecordable = bool(row.flag("BPUNRFL"))
    values = {
        "sbp": row.value("SYSBP"), "spo2": row.value("OXYSAT"), "heart_rate": row.value("HR"),
        "respiratory_rate": row.value("RESP"),
    }  # fmt: skip
    seen = CrsInputs(
        temperature_c=row.value("TEMP"),
        sbp=values["sbp"],
        dbp=row.value("DIABP"),
        mean_pressure=None if row.flag("MAPCALFL") else row.value("MAP"),
        position=row.one_of(Position, "POSITION"),
        pressure_unrecordable=unrecordable,
        hypotension=row.flag("HYPOFL"),
        fluid_bolus=row.flag("BOLUSFL"),
        vasopressors=row.listed("VASOPR"),
        spo2=values["spo2"],
        oxygen_device=row.one_of(OxygenDevice, "O2DEV"),
        oxygen_flow_l_min=row.value("O2FLOW"),
        fio2_percent=row.value("FIO2"),
        oxygen_indication=row.one_of(OxygenIndication, "O2INDC"),
        **baseline,
    )
    danger_of = danger(values, pressure_unrecordable=unrecordable)
    return Observation(
        at=moment_of(row, "ADTM"), id=row.text("RECID"), root=row.text("RECID"), seen=seen, danger=danger_of
    )  # fmt: skip


def _neuro(row: PacketRow) -> Observation:
    items: dict[str, Any] = {
        "year": row.flag("ICEYEAR"), "month": row.flag("ICEMONTH"), "city": row.flag("ICECITY"),
        "hospital": row.flag("ICEHOSP"), "naming": row.whole("ICENAME"), "command": row.flag("ICECMD"),
        "writing": row.flag("ICEWRITE"), "attention": row.flag("ICEATTN"),
    }  # fmt: skip
    seen = IcansInputs(
        pediatric=row.text("NEUROIN") == "CAPD",
        ice=IceItems(**items) if any(value is not None for value in items.values()) else None,
        ice_unable_reason=row.one_of(IceUnableReason, "ICENDRSN"),
        capd_score=row.whole("CAPD"),
        consciousness=row.one_of(Consciousness, "CONSC"),
        seizure=row.one_of(Seizure, "SEIZURE"),
        motor=row.one_of(Motor, "MOTOR"),
        oedema=row.one_of(Oedema, "OEDEMA") or Oedema.NONE,
        icp_signs=_icp_signs(row),
        intracranial_haemorrhage=bool(row.flag("ICHFL")),
    )
    return Observation(at=moment_of(row, "ADTM"), id=row.text("RECID"), root=row.text("RECID"), seen=seen)


def _icp_signs(row: PacketRow) -> frozenset[IcpSign] | None:
    signs = row.listed("ICPSIGN")
    try:
        return None if signs is None else frozenset(IcpSign(sign) for sign in signs)
    except ValueError as error:
        raise row.wrong("ICPSIGN") from error
