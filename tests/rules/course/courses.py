"""A course in a few words: looks, doses and drugs by the hour, and what is told of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from grading.rules.course.events import DoseGiven, Event, Observation, Parameters, Treated
from grading.rules.course.timeline import Course, derive
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.icans_inputs import Consciousness, IcansInputs, IceItems, Motor, Oedema, Seizure
from grading.rules.treatment.masking_hours import Masking

ZERO = datetime(2026, 3, 2, tzinfo=UTC)
WELL: dict[str, Any] = {
    "temperature_c": Decimal("36.8"), "sbp": Decimal(120), "spo2": Decimal(97), "hypotension": False,
    "fluid_bolus": False, "vasopressors": (), "oxygen_device": OxygenDevice.ROOM_AIR,
}  # fmt: skip
FEVER = {"temperature_c": Decimal("38.5")}
SHOCK = {"vasopressors": ("norepinephrine",)}  # grade 3 when it is CRS
LOW = {"hypotension": True}  # grade 2 when it is CRS


def at(hours: float) -> datetime:
    return ZERO + timedelta(hours=hours)


def hours(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - ZERO).total_seconds() / 3600


def look(h: float, **changes: Any) -> Observation:
    return Observation(at=at(h), id=f"set-{h}", root=f"set-{h}", seen=CrsInputs(**WELL | changes))


def mind(h: float, **changes: Any) -> Observation:
    items = {"year": True, "month": True, "city": True, "hospital": True, "naming": 3, "command": True,
             "writing": True, "attention": True}  # fmt: skip
    clear: dict[str, Any] = {
        "pediatric": False, "ice": IceItems(**items), "consciousness": Consciousness.AWAKE, "seizure": Seizure.NONE,
        "motor": Motor.NONE, "oedema": Oedema.NONE, "icp_signs": frozenset(),
    }  # fmt: skip
    ice = changes.pop("points", None)
    if ice is not None:
        changes["ice"] = IceItems(**items | {"naming": 0, "command": False, "writing": False, "attention": False}) \
            if ice == 4 else IceItems(**items | {"attention": False})  # fmt: skip
    return Observation(at=at(h), id=f"mind-{h}", root=f"mind-{h}", seen=IcansInputs(**clear | changes))


def dose(h: float) -> DoseGiven:
    return DoseGiven(at=at(h), root=f"dose-{h}")


def drug(h: float, masking: Masking = Masking.ANTIPYRETIC, *, treats: bool = True) -> Treated:
    return Treated(at=at(h), masking=masking, treats=treats)


def course(*events: Event, resolution: float = 24) -> Course:
    return derive(events, Parameters(resolution=timedelta(hours=resolution)))


def episode_rows(the_course: Course, kind: str = "crs") -> list[tuple[float | None, float | None, int]]:
    """Start, end and maximum of each definite episode."""
    episodes = [e for e in the_course.episodes if e.kind == kind and not e.provisional]
    return [(hours(e.started_at), hours(e.ended_at), e.max_grade) for e in episodes]


def grades(the_course: Course) -> list[int]:
    return [looked.graded.grade for looked in the_course.graded]
