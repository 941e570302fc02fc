"""Every grade that a packet has of a set or an assessment, derived again and compared."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from zipfile import ZipFile

from grading.exports.packet.layout import MANIFEST
from grading.exports.packet.regrading.facts import INPUTS, MaskingHours, events_of
from grading.exports.packet.regrading.lines import PacketRow, Rows, Unreadable, participants_in
from grading.exports.packet.verifying import Fault, manifest_in
from grading.rules.course.events import Parameters
from grading.rules.course.timeline import derive
from grading.rules.grades.graded import CRITERIA, VERSION

GRADES = {"adset": ("CRSGR", "CRSGRL", "CRSGRU"), "adneuro": ("ICNGR", "ICNGRL", "ICNGRU")}
RULES = f"{CRITERIA}/{VERSION}"
Bounds = tuple[int | None, ...]  # the grade (-1: more than one is attainable), the least and the greatest


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeMismatch:
    """A grade that the rules do not give. `written`: what the packet says; `derived`: what its rows amount to."""

    dataset: str
    participant: str
    at: str
    record: str
    written: Bounds
    derived: Bounds

    def __str__(self) -> str:
        return (
            f"{self.dataset}.csv: grade_differs ({self.participant} at {self.at}, record {self.record}:"
            f" {_shown(self.written)} for {_shown(self.derived)})"
        )


@dataclass(slots=True)
class Regrading:
    """By data set: how many grades were derived again, and how many of them are as written."""

    derived: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GRADES, 0))
    agreeing: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GRADES, 0))

    def problems(self, archive: ZipFile) -> Iterator[GradeMismatch | Fault]:
        """What differs or cannot be read; a participant with a row that cannot is not derived. Counts go along."""
        try:
            manifest = manifest_in(archive)
            if manifest["rules"] != RULES:  # another version of the program derives it
                yield Fault(MANIFEST, "other_rules", f"{manifest['rules']} for {RULES}")
                return
            masking = MaskingHours.read(manifest["masking"])
        except (KeyError, TypeError, ValueError) as error:
            yield Fault(MANIFEST, "cannot_be_read", f"{type(error).__name__}: {error}")
            return
        absent = sorted({f"{name}.csv" for name in INPUTS} - {*archive.namelist()})
        if absent:
            yield from (Fault(name, "missing") for name in absent)
            return
        try:
            for participant, own in participants_in(archive, INPUTS):
                yield from self._of(participant, own, masking)
        except Unreadable as error:  # where the rows of one end cannot be seen either
            yield _fault(error)

    def _of(self, participant: str, own: Rows, masking: MaskingHours) -> Iterator[GradeMismatch | Fault]:
        try:
            grades = derived_grades(own, masking)
            written = [(dataset, row, _bounds(row, dataset)) for dataset in GRADES for row in own[dataset]]
        except Unreadable as error:
            yield _fault(error)
            return
        for dataset, row, bounds in written:
            derived = grades[dataset, row.text("RECID")]
            self.derived[dataset] += 1
            if derived == bounds:
                self.agreeing[dataset] += 1
                continue
            yield GradeMismatch(
                dataset=dataset, participant=participant, at=row.text("ADTM"), record=row.text("RECID"),
                written=bounds, derived=derived,
            )  # fmt: skip


def derived_grades(own: Rows, masking: MaskingHours) -> dict[tuple[str, str], Bounds]:
    """By data set and record. Raises Unreadable."""
    if not (own["adset"] or own["adneuro"]):
        return {}
    parameters = Parameters(resolution=_resolution(own), awaits_dose=True, masking=dict(masking.hours))
    course = derive(events_of(own, masking), parameters)
    datasets = {"crs": "adset", "icans": "adneuro"}
    return {
        (datasets[one.observation.kind], one.observation.id): (
            one.graded.grade, one.graded.at_least, one.graded.at_most
        )
        for one in course.graded
    }  # fmt: skip


def _resolution(own: Rows) -> timedelta:
    """By the version of the regimen that the participant is on."""
    hours = own["adsl"][0].whole("RESOLUH") if own["adsl"] else None
    if hours is None:
        raise Unreadable("adsl.csv", own["adsl"][0].number if own["adsl"] else 0, "RESOLUH of a participant")
    return timedelta(hours=hours)


def _bounds(row: PacketRow, dataset: str) -> Bounds:
    return tuple(row.whole(name) for name in GRADES[dataset])


def _fault(error: Unreadable) -> Fault:
    return Fault(error.file, "cannot_be_read", f"line {error.line}: {error.detail}")


def _shown(bounds: Bounds) -> str:
    grade, least, most = ("none" if one is None else str(one) for one in bounds)
    return (
        f"{least} to {most}" if grade == "-1" else grade if grade == least == most else f"{grade} ({least} to {most})"
    )
