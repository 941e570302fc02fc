"""Each dose of a participant with its period, folded from the rows of a packet by the rules that fold tables too."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from grading.exports.packet.regrading.assessments import assessments_in
from grading.exports.packet.regrading.facts import moment_of
from grading.exports.packet.regrading.lines import PacketRow, Rows
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.events import CRS
from grading.rules.course.final_outcome import FinalEpisode
from grading.rules.course.periods.at_dose import last_ice
from grading.rules.course.periods.dosing import ENDED_BY, NEXT_DOSE, phase_of
from grading.rules.course.periods.drugs import PeriodDrug
from grading.rules.course.periods.outcome import carried_into, died_within, is_crs
from grading.rules.course.periods.row import PeriodRow
from grading.rules.course.periods.sets import VitalsSeen, mean_or_computed
from grading.rules.course.periods.settling import settle_rows
from grading.rules.course.spans import CLASSES, RecordedRun, Span, deny, run
from grading.rules.course.timeline import Course
from grading.rules.drugs.names import class_of, generic
from grading.rules.grades.graded import DEATH
from grading.rules.treatment.premedication import PREMEDICATION_WITHIN
from regimens.rules.periods import DoseTimes, periods

NOT_GIVEN = "NOT GIVEN"
_ICE = ("ICEYEAR", "ICEMONTH", "ICECITY", "ICEHOSP", "ICECMD", "ICEWRITE", "ICEATTN")
_SECOND = timedelta(microseconds=999_999)  # an instant that is told to the second holds all of it


@dataclass(slots=True)
class DosePeriodOf:
    """A dose that opens a period. `first_part`: None where the packet does not tell how the dose is split."""

    dose: PacketRow
    row: PeriodRow
    own: list[FinalEpisode]
    phase: str | None = None
    first_part: int | None = None

    @property
    def is_given(self) -> bool:
        return self.row.ended_by != NOT_GIVEN


def periods_of(own: Rows, course: Course) -> list[DosePeriodOf]:
    """In order of their numbers. Raises Unreadable."""
    every = list(_begun(own))
    given = [one for one in every if one.is_given]
    _observe(given, own, course)
    _finish(given, own, course.episodes)
    assessments = assessments_in(own).of(course.episodes)
    settle_rows([(one.dose.text("RECID"), one.row) for one in given], course.episodes, assessments)
    for one in given:
        one.own = [assessments.final_of(e) for e in course.episodes if e.dose_root == one.dose.text("RECID")]
    _place(every)
    return every


def _begun(own: Rows) -> Iterator[DosePeriodOf]:
    doses = {row.text("RECID"): row for row in own["adex"] if row.flag("PERIODFL")}
    over = min(((moment_of(row, "ADTM"), row.code("DSDECOD")) for row in own["adds"]), default=None)
    for period in periods(map(_times_of, doses.values())):
        dose = doses[period.root]
        if period.started_at is None:
            planned = _planned_or_decided(dose)
            yield DosePeriodOf(
                dose, PeriodRow(dose_number=period.number, started_at=planned, ended_by=NOT_GIVEN), own=[]
            )
            continue
        row = PeriodRow(dose_number=period.number, started_at=period.started_at, ended_at=period.ended_at)
        row.ended_by = NEXT_DOSE if period.ended_at else ""
        if over is not None:
            row.stop(over[0], ENDED_BY[over[1]])
        window = dose.instant("WINENDTM") if dose.text("WINENDTM") else None
        row.window_ends_at = None if window is None else window + _SECOND
        row.watch(
            started_at=row.started_at, ended_at=row.ended_at, ended_by=row.ended_by, window_h=dose.whole("RISKWH")
        )
        yield DosePeriodOf(dose, row, own=[])


def _times_of(dose: PacketRow) -> DoseTimes:
    given_at = None if dose.text("DOSSTAT") == NOT_GIVEN else moment_of(dose)
    return DoseTimes(root=dose.text("RECID"), given_at=given_at, planned_at=_planned_or_decided(dose))


def _planned_or_decided(dose: PacketRow) -> datetime:
    return dose.instant("PLANDTM") if dose.text("PLANDTM") else moment_of(dose)


def holds(row: PeriodRow, at: datetime) -> bool:
    return row.started_at <= at and (row.ended_at is None or at < row.ended_at)


def _observe(given: Sequence[DosePeriodOf], own: Rows, course: Course) -> None:
    """What the sets and assessments of each period showed, and the last looks before its dose."""
    sets = {row.text("RECID"): _vitals_seen(row) for row in own["adset"]}
    looks = {row.text("RECID"): row for row in own["adneuro"]}
    for one in course.graded:
        row = next((period.row for period in given if holds(period.row, one.observation.at)), None)
        if row is None:
            continue
        if one.observation.kind == CRS:
            row.see_vitals(sets[one.observation.id], graded=one.graded)
        else:
            look = looks[one.observation.id]
            row.see_neuro(
                ice=_ice_score(look), capd=look.whole("CAPD"), definite=one.graded.is_definite,
                seizure=None if not look.text("SEIZURE") else look.text("SEIZURE") != "NONE",
            )  # fmt: skip
    in_order = sorted(sets.values(), key=lambda seen: seen.at)
    for period in given:
        dosed_at = period.row.started_at
        period.row.look_back(in_order, dosed_at=dosed_at, ice=_ice_before(own, dosed_at))


def _vitals_seen(row: PacketRow) -> VitalsSeen:
    sbp, dbp = row.value("SYSBP"), row.value("DIABP")
    mean, computed = mean_or_computed(row.value("MAP"), sbp=sbp, dbp=dbp)
    return VitalsSeen(
        at=moment_of(row, "ADTM"),
        temperature_c=row.value("TEMP"),
        sbp=sbp,
        dbp=dbp,
        mean_pressure=mean,
        mean_pressure_computed=computed or bool(row.flag("MAPCALFL")),
        heart_rate=row.value("HR"),
        respiratory_rate=row.value("RESP"),
        spo2=row.value("OXYSAT"),
        oxygen_device=row.code("O2DEV") or None,
        oxygen_flow_l_min=row.value("O2FLOW"),
        vasopressors=row.listed("VASOPR"),
        fluid_bolus=row.flag("BOLUSFL"),
        fio2_percent=row.value("FIO2"),
        imported=row.text("SRC") == "IMPORT",
    )


def _ice_score(row: PacketRow) -> int | None:
    items = [*(row.flag(name) for name in _ICE), row.whole("ICENAME")]
    return None if any(item is None for item in items) else sum(int(item or 0) for item in items)


def _ice_before(own: Rows, dosed_at: datetime) -> int | None:
    scores = [(moment_of(row, "ADTM"), _ice_score(row)) for row in own["adneuro"]]
    entered = [
        (moment_of(row, "ADTM"), row.value("AVAL")) for row in own["admeas"] if row.code("MEASURE") == "baseline_ice"
    ]
    assessed = [one for one in scores if one[0] <= dosed_at and one[1] is not None]
    return last_ice(_last(assessed), _last(one for one in entered if one[0] <= dosed_at))


def _last(scores: Iterable[tuple[datetime, Decimal | int | None]]) -> tuple[datetime, Decimal | int | None] | None:
    return max(scores, key=lambda one: one[0], default=None)


def _finish(given: Sequence[DosePeriodOf], own: Rows, episodes: Sequence[CourseEpisode]) -> None:
    """What is told of a period as a whole: its drugs, hours and outcome."""
    drugs = sorted(map(_drug_given, own["adcm"]), key=lambda drug: drug.at)
    runs = [one for row in own["adcm"] if (one := _run(row)) is not None]
    stays = [(row.code("HOTERM"), Span(moment_of(row), row.end("AENDTM", "ENDFRAC"))) for row in own["adho"]]
    crs_before = False
    for period in given:
        row, mine = period.row, [e for e in episodes if e.dose_root == period.dose.text("RECID")]
        since = row.started_at - PREMEDICATION_WITHIN
        row.treat([d for d in drugs if since <= d.at and (row.ended_at is None or d.at < row.ended_at)])
        run(row, runs, started_at=row.started_at, ended_at=row.ended_at)
        deny(row)
        row.stay_for(stays)
        row.conclude(own=mine, carried=carried_into(episodes, row.started_at), crs_before=crs_before)
        if any(died_within(e, row.started_at, row.ended_at) for e in episodes):
            row.crs_peak = DEATH
        crs_before = crs_before or any(map(is_crs, mine))


def _drug_given(row: PacketRow) -> PeriodDrug:
    drug = row.text("CMTRT")
    return PeriodDrug(
        at=moment_of(row), drug=generic(drug), drug_class=class_of(drug, row.code("CMCLAS")),
        indication=row.code("CMINDC"), dose=row.value("CMDOSE"), unit=row.text("CMDOSU").strip().casefold(),
    )  # fmt: skip


def _run(row: PacketRow) -> RecordedRun | None:
    drug_class, at = class_of(row.text("CMTRT"), row.code("CMCLAS")), moment_of(row)
    if drug_class not in CLASSES:
        return None
    return RecordedRun(drug_class=drug_class, span=Span(at, row.end("AENDTM", "ENDFRAC")), recorded_at=at)


def _place(every: Sequence[DosePeriodOf]) -> None:
    """Each among the doses before and after it, where the packet tells the steps: to who is blinded it does not."""
    latest, before = 0, None
    for one in every:
        position = one.dose.whole("STEPNUM")
        if position is None:
            continue
        is_target = one.dose.text("STEPKIND") == "TARGET"
        one.phase = phase_of(is_target=is_target, is_restart=latest > position)
        one.first_part = one.row.dose_number
        if not one.is_given:
            continue
        latest = max(latest, position)
        rest = "" if before is None else before.dose.text("SPLITWTH")
        is_second = bool(rest) and rest == one.dose.text("ASPERC")
        if is_second and before is not None:
            one.first_part = before.row.dose_number
        before = None if is_second else one
