"""The stateless grader's series: a whole course as one case, in hours from an arbitrary zero."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from grading.rules.contract.fields import choice, listed
from grading.rules.contract.inputs import ROUNDED, is_rounded, parse_crs, parse_icans
from grading.rules.course import timeline
from grading.rules.course.death_cause import Unclear, cause_of
from grading.rules.course.episodes import LATE_ONSET, CourseEpisode
from grading.rules.course.events import CRS, ICANS, Died, DoseGiven, Event, Observation, Parameters, Treated
from grading.rules.course.timeline import Course
from grading.rules.drugs.names import class_of
from grading.rules.grades.graded import INDETERMINATE, Kind
from grading.rules.treatment.indication import opens_waiver
from grading.rules.treatment.masking_hours import Masking
from regimens.rules.reading import CaseError, Reader, mapping, number, read_fields, whole

ZERO = datetime(2000, 1, 1, tzinfo=UTC)  # where hour 0 is put; no answer shows it
HOURS_AT_MOST = Decimal(500_000)  # 57 years to either side
MICROSECONDS = Decimal(3_600_000_000)  # in an hour
OF_EVERY_EVENT = ("t_hours", "type")


class ContractDrugClass(StrEnum):
    ANTIPYRETIC = "antipyretic"
    ANTICYTOKINE = "anticytokine"
    CORTICOSTEROID = "corticosteroid"
    OTHER = "other"


class ContractIndication(StrEnum):
    TREATMENT = "treatment"
    PREMEDICATION = "premedication"
    PROPHYLAXIS = "prophylaxis"


MASKS = frozenset(masking.value for masking in Masking)


class Series:
    """The events of one case, and what is needed to tell a moment as the hour that was given."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.rounded = False  # whether a measured value had more decimals than are kept
        self.class_from_name = False  # of any drug: it acts as another class than the one entered
        self._hours: dict[datetime, Decimal] = {}
        self._doses: dict[str, int] = {}

    def moment(self, hours: Decimal) -> datetime:
        """To the microsecond: hours written as 0.3333 and 24.3333 are a day apart, whatever binary made of them."""
        at = ZERO + timedelta(microseconds=int((hours * MICROSECONDS).to_integral_value()))
        self._hours[at] = min(hours, self._hours.get(at, hours))
        return at

    def add_dose(self, at: datetime, index: int, product: str) -> None:
        # Doses of one instant go by their index: the root is what orders them.
        root = f"{index:08} {product} {at.isoformat()}"
        self._doses[root] = index
        self.events.append(DoseGiven(at=at, root=root))

    def hour(self, at: datetime) -> int | float:
        return _as_given(self._hours[at])

    def episode(self, episode: CourseEpisode, dosed: Mapping[str, datetime]) -> dict[str, object]:
        start, dose = self._hours[episode.started_at], episode.dose_root
        return {
            **self.span(episode),
            "max_grade": episode.max_grade,
            "onset_from_dose_h": None if dose is None else _as_given(start - self._hours[dosed[dose]]),
            "dose_index": None if dose is None else self._doses[dose],
        }

    def span(self, episode: CourseEpisode) -> dict[str, object]:
        ended = episode.ended_at
        return {"start_h": self.hour(episode.started_at), "end_h": None if ended is None else self.hour(ended)}


def _as_given(hours: Decimal) -> int | float:
    return int(hours) if hours == hours.to_integral_value() else float(hours)


def answer_series(events: object) -> dict[str, object]:
    """Everything of the answer but its id. CaseError, with a field like events[3].t_hours, for the first bad event."""
    if events is None:
        raise CaseError("missing_field", "events is missing", "events")
    series = Series()
    for place, event in enumerate(listed(events, "events")):
        _read_event(event, f"events[{place}]", series)
    dosed = {event.root: event.at for event in series.events if isinstance(event, DoseGiven)}
    course = timeline.derive(series.events, Parameters(awaits_dose=bool(dosed)))
    episodes = sorted(course.episodes, key=lambda episode: episode.started_at)
    return {
        "episodes": [series.episode(e, dosed) for e in episodes if e.kind == CRS and not e.provisional],
        "icans_episodes": [series.episode(e, dosed) for e in episodes if e.kind == ICANS],
        "provisional": [series.span(e) | {"kind": e.provisional} for e in episodes if e.provisional],
        "grades_at": [
            {"t_hours": series.hour(one.observation.at), "kind": one.observation.kind, "grade": one.graded.grade}
            for one in course.graded
        ],
        "flags": [*_flags(course), *_flags_of_entry(series)],
    }


def _flags(course: Course) -> Iterable[str]:
    seen = {flag for one in course.graded for flag in one.graded.flags}
    yield from (flag for flag in (timeline.BEFORE_DOSING, *timeline.PROVISIONAL) if flag in seen)
    if any(LATE_ONSET in episode.flags for episode in course.episodes if not episode.provisional):
        yield LATE_ONSET
    if any(one.graded.grade == INDETERMINATE for one in course.graded):
        yield "indeterminate_assessments"


def _flags_of_entry(series: Series) -> Iterable[str]:
    """What was read otherwise than it was written."""
    if series.rounded:
        yield ROUNDED
    if series.class_from_name:
        yield "class_from_name"


# --- Events -------------------------------------------------------------------------------------------------


def _read_event(event: object, place: str, series: Series) -> None:
    given = mapping(event, place)
    within = f"{place}."
    kind = _required(given, "type", within)
    if not isinstance(kind, str) or kind not in EVENTS:
        code = "unknown_value" if isinstance(kind, str) else "invalid_type"
        raise CaseError(code, f"{within}type is one of {', '.join(EVENTS)}", f"{within}type")
    hours = number(_required(given, "t_hours", within), f"{within}t_hours")
    if abs(hours) > HOURS_AT_MOST:
        allowed = f"{within}t_hours is between -{HOURS_AT_MOST} and {HOURS_AT_MOST}"
        raise CaseError("out_of_range", allowed, f"{within}t_hours")
    fields = {name: value for name, value in given.items() if name not in OF_EVERY_EVENT}
    EVENTS[kind](fields, series.moment(hours), within, series)


def _required(given: Mapping[str, object], name: str, within: str) -> object:
    if given.get(name) is None:
        raise CaseError("missing_field", f"{within}{name} is missing", f"{within}{name}")
    return given[name]


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise CaseError("invalid_type", f"{field} is text", field)
    if not value.strip():
        raise CaseError("invalid_value", f"{field} is empty", field)
    return value


def _index(value: object, field: str) -> int:
    index = whole(value, field)
    if index < 0:
        raise CaseError("out_of_range", f"{field} is 0 or more", field)
    return index


DOSE_FIELDS: dict[str, Reader] = {"dose_index": _index, "product": _text}
TREATMENT_FIELDS: dict[str, Reader] = {
    "drug": _text,
    "drug_class": choice(ContractDrugClass),
    "indication": choice(ContractIndication),
}
DEATH_FIELDS: dict[str, Reader] = {"cause": _text}


def _dose(given: Mapping[str, object], at: datetime, within: str, series: Series) -> None:
    read = read_fields(given, DOSE_FIELDS, within=within)
    index = _required(read, "dose_index", within)
    assert isinstance(index, int)
    series.add_dose(at, index, str(read.get("product", "")))


def _treatment(given: Mapping[str, object], at: datetime, within: str, series: Series) -> None:
    read = read_fields(given, TREATMENT_FIELDS, within=within)
    entered = str(_required(read, "drug_class", within))
    drug_class = class_of(str(read.get("drug", "")), entered)
    if drug_class != entered and {drug_class, entered} & MASKS:
        series.class_from_name = True
    if drug_class not in MASKS:
        return
    treats = opens_waiver(str(read.get("indication", ContractIndication.TREATMENT)))
    series.events.append(Treated(at=at, masking=Masking(drug_class), treats=treats))


def _death(given: Mapping[str, object], at: datetime, within: str, series: Series) -> None:
    written = str(_required(read_fields(given, DEATH_FIELDS, within=within), "cause", within))
    try:
        cause = cause_of(written)
    except Unclear:
        field = f"{within}cause"
        raise CaseError("invalid_value", f"{field} is crs, icans, or a text that names neither", field) from None
    series.events.append(Died(at=at, root=f"death {at.isoformat()} {cause}", cause=cause))


def _crs(given: Mapping[str, object], at: datetime, within: str, series: Series) -> None:
    seen = parse_crs(given, within=within, history=False)
    series.rounded = series.rounded or is_rounded(given)
    series.events.append(Observation(at=at, id=within, root=within, seen=seen))


def _icans(given: Mapping[str, object], at: datetime, within: str, series: Series) -> None:
    seen = parse_icans(given, pediatric=False, within=within)
    series.events.append(Observation(at=at, id=within, root=within, seen=seen))


def _icans_ped(given: Mapping[str, object], at: datetime, within: str, series: Series) -> None:
    seen = parse_icans(given, pediatric=True, within=within)
    series.events.append(Observation(at=at, id=within, root=within, seen=seen))


EVENTS: dict[str, Callable[[Mapping[str, object], datetime, str, Series], None]] = {
    "dose": _dose,
    Kind.CRS: _crs,
    Kind.ICANS: _icans,
    Kind.ICANS_PED: _icans_ped,
    "treatment": _treatment,
    "death": _death,
}
