"""Every grade of a packet and every row of ADCRSP, derived again from its other rows and compared.

Of sets and assessments the grade with its bounds, of episodes with when they began and ended and the final grade by
the judgements, and of each dose period all that the packet tells.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from zipfile import ZipFile

from grading.exports.packet.layout import MANIFEST
from grading.exports.packet.regrading.adcrsp import RowParameters, cell_pairs, uncollected_in
from grading.exports.packet.regrading.assessments import assessments_in
from grading.exports.packet.regrading.columns import NOT_DERIVED
from grading.exports.packet.regrading.episodes import EPISODES, NONE, Pair, episode_pairs
from grading.exports.packet.regrading.facts import INPUTS, MaskingHours, events_of
from grading.exports.packet.regrading.lines import PacketRow, Rows, Unreadable, lines_in, participants_in
from grading.exports.packet.verifying import Fault, manifest_in
from grading.rules.course.events import CRS, ICANS, Parameters
from grading.rules.course.timeline import Course, derive
from grading.rules.grades.graded import CRITERIA, VERSION

OF_SETS = {CRS: ("adset", "CRSGR", "CRSGRL", "CRSGRU"), ICANS: ("adneuro", "ICNGR", "ICNGRL", "ICNGRU")}
GRADED = ("adset", "adneuro", *EPISODES.values())
ADCRSP, DICTIONARY = "adcrsp", "dictionary.csv"
RULES = f"{CRITERIA}/{VERSION}"
Bounds = tuple[int | None, ...]  # the grade (-1: more than one is attainable), the least and the greatest


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """What the rules do not give. `written`: what the packet says; `derived`: what its rows amount to."""

    dataset: str
    participant: str
    at: str
    record: str
    written: str
    derived: str

    def __str__(self) -> str:
        what = "value_differs" if self.dataset == ADCRSP else "grade_differs"
        return (
            f"{self.dataset}.csv: {what} ({self.participant} at {self.at}, record {self.record}:"
            f" {self.written} for {self.derived})"
        )


@dataclass(frozen=True, slots=True)
class Inputs:
    """What holds for every participant of a packet."""

    masking: MaskingHours
    rows: RowParameters


@dataclass(slots=True)
class Regrading:
    """By data set: how much was derived again, and how much of it is as written; of adcrsp cells.

    `columns`: how many cells of each column of adcrsp the packet tells, and `untold` how many it does not.
    """

    derived: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*GRADED, ADCRSP), 0))
    agreeing: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*GRADED, ADCRSP), 0))
    columns: Counter[str] = field(default_factory=Counter)
    untold: Counter[str] = field(default_factory=Counter)

    def problems(self, archive: ZipFile) -> Iterator[Mismatch | Fault]:
        """What differs or cannot be read; a participant with a row that cannot is not derived. Counts go along."""
        datasets = dict.fromkeys((*INPUTS, *GRADED, ADCRSP))
        try:
            manifest = manifest_in(archive)
            if manifest["rules"] != RULES:  # another version of the program derives it
                yield Fault(MANIFEST, "other_rules", f"{manifest['rules']} for {RULES}")
                return
            absent = sorted({DICTIONARY, *(f"{name}.csv" for name in datasets)} - {*archive.namelist()})
            if absent:
                yield from (Fault(name, "missing") for name in absent)
                return
            uncollected = uncollected_in(lines_in(archive, DICTIONARY))
            rows = RowParameters.read(manifest, uncollected=uncollected)
            inputs = Inputs(MaskingHours.read(manifest["masking"]), rows)
        except (KeyError, TypeError, ValueError) as error:
            yield Fault(MANIFEST, "cannot_be_read", f"{type(error).__name__}: {error}")
            return
        except Unreadable as error:
            yield _fault(error)
            return
        try:
            for participant, own in participants_in(archive, datasets):
                yield from self._of(participant, own, inputs)
        except Unreadable as error:  # where the rows of one end cannot be seen either
            yield _fault(error)

    def not_derived(self) -> Iterator[str]:
        """The columns of adcrsp that no cell, or not every cell, was derived of, each with the reason."""
        for column, count in self.untold.items():
            why = NOT_DERIVED.get(column, "the packet does not tell it")
            known = self.columns[column]
            yield f"{column}: {why}" if not known else f"{column}: in {count} of {count + known} rows, {why}"

    def _of(self, participant: str, own: Rows, inputs: Inputs) -> Iterator[Mismatch | Fault]:
        try:
            pairs = list(self._pairs(own, inputs))
        except Unreadable as error:
            yield _fault(error)
            return
        for dataset, (at, record, written, derived) in pairs:
            self.derived[dataset] += 1
            if derived == written:
                self.agreeing[dataset] += 1
                continue
            yield Mismatch(
                dataset=dataset, participant=participant, at=at, record=record, written=written, derived=derived
            )

    def _pairs(self, own: Rows, inputs: Inputs) -> Iterator[tuple[str, Pair]]:
        """By data set. Raises Unreadable."""
        masking = inputs.masking
        parameters = Parameters(resolution=_resolution(own), awaits_dose=True, masking=dict(masking.hours))
        course = derive(events_of(own, masking), parameters)
        assessments = assessments_in(own).of(course.episodes)
        for kind in (CRS, ICANS):
            yield from ((OF_SETS[kind][0], pair) for pair in _set_pairs(own, course, kind))
            yield from ((EPISODES[kind], pair) for pair in episode_pairs(own, course.episodes, assessments, kind))
        for cell in cell_pairs(own, course, inputs.rows):
            (self.columns if cell.is_known else self.untold)[cell.column] += 1
            if cell.is_known:
                yield ADCRSP, cell.pair


def _set_pairs(own: Rows, course: Course, kind: str) -> Iterator[Pair]:
    dataset, *columns = OF_SETS[kind]
    grades = {one.observation.id: one.graded for one in course.graded if one.observation.kind == kind}
    for row in own[dataset]:
        graded, written = grades[row.text("RECID")], tuple(row.whole(name) for name in columns)
        derived = (graded.grade, graded.at_least, graded.at_most)
        yield row.text("ADTM"), row.text("RECID"), _shown(written), _shown(derived)


def _resolution(own: Rows) -> timedelta:
    """By the version of the regimen that the participant is on."""
    row: PacketRow | None = next(iter(own["adsl"]), None)
    hours = None if row is None else row.whole("RESOLUH")
    if hours is None:
        raise Unreadable("adsl.csv", 0 if row is None else row.number, "no RESOLUH of a participant")
    return timedelta(hours=hours)


def _fault(error: Unreadable) -> Fault:
    return Fault(error.file, "cannot_be_read", f"line {error.line}: {error.detail}")


def _shown(bounds: Bounds) -> str:
    grade, least, most = (NONE if one is None else str(one) for one in bounds)
    if grade == "-1":
        return f"{least} to {most}"
    return grade if grade == least == most else f"{grade} ({least} to {most})"
