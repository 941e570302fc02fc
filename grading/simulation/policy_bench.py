"""ICU stays as courses for the replay bench: read from the file, graded in memory, nothing is recorded."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from crsmonitor.accounts.models import User
from grading.course.record import readings
from grading.models import VitalSigns
from grading.rules.alerting.burden import Watched
from grading.rules.alerting.policy.replay import RecordedCourse
from grading.rules.alerting.policy.replayed import ReplayFacts, replayed
from grading.rules.course.events import DoseGiven, Event, Observation, Parameters
from grading.rules.grades.entry.checks import doubts
from grading.rules.grades.entry.limits import LIMITS
from grading.simulation.icu_file import Row
from grading.simulation.replay import Assumptions, ReplayTrial, draft
from regimens.models import Participant, Site, Step, Study

START = datetime(2026, 1, 1, tzinfo=UTC)  # hour 0 of every stay, as in replay_icu
WARD = "ICU"


def icu_courses(rows: Sequence[Row], assumed: Assumptions) -> Iterator[RecordedCourse]:
    """A course for each stay, in order. Sets that the bedside would refuse are left out."""
    study = Study(code=assumed.study_code)
    trial = ReplayTrial(study=study, site=Site(code=WARD), step=Step(), by=User())  # none of them is saved
    for stay, of_stay in groupby(rows, key=lambda row: row.stay):
        participant = Participant(study=study, number=f"{study.code}-{stay:03}")
        sets = [draft(row, trial, participant, assumed, start=START) for row in of_stay]
        kept = [one for one in sets if not _refused(one)]
        events: list[Event] = [DoseGiven(at=START, root=str(stay))]
        for one in kept:
            seen = readings.crs_inputs(one)
            events.append(Observation(at=one.observed_at, id=str(one.id), root=str(one.id), seen=seen))
        rises, moments = replayed(ReplayFacts(events=events), Parameters())
        end = max(one.observed_at for one in sets) + timedelta(hours=1)  # a row stands for its hour
        yield RecordedCourse(
            participant=participant.number, ward=WARD, zone=ZoneInfo("UTC"), sets=len(kept),
            watched=Watched(start=START, end=end), rises=rises, moments=moments,
        )  # fmt: skip


def _refused(one: VitalSigns) -> bool:
    values = {name: getattr(one, name) for name in LIMITS}
    return any(doubt.refuses for doubt in doubts(values, device=one.oxygen_device, previous={}))
