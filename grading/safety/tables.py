"""The tables of a review as they leave: codes and numbers, the same in every language, and the hash of all of them.

The hash is of the canonical content: study, cohort, cut, profile and every table. It stands on each sheet of the print
and in each line of the CSV, so that paper and file are known to be of one review.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from grading.exports.formats.comma_separated import safe_cell
from grading.rules.evidence.hours import HoursSummary
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.safety.lanes import PeriodLine
from grading.safety.review import SafetyReview
from grading.safety.steps import StepFigures
from regimens.rules.canonical import hash_of
from regimens.rules.proportions.intervals import Proportion

Cell = str | int | None

STEP = ("STEP", "DOSENUM")
OUTCOMES = (*STEP, "SYNDROME", "FROMGR", "RECEIVED", "KNOWN", "EVENT", "NOEVENT", "OPEN", "CUTSHORT", "UNKNOWN",
            "WITHSYN", "PCT", "JEFFLO", "JEFFHI", "EXACTLO", "EXACTHI")  # fmt: skip
CARE = (*STEP, "DOSES", "NOTGIVEN", "WITHCRS", "TOCI", "TOCIUNK", "ONSETN", "ONSETMED", "ONSETMIN", "ONSETMAX", "DOSEN",
        "DOSEMED", "DOSEMIN", "DOSEMAX", "STEROID")  # fmt: skip
RELEASES = ("STEP", "ASPROPOSED", "OVERRIDDEN", "AGAINST", "WITHOUT")
CLEARANCES = ("COHORT", "STEP", "CLEAREDTM", "BY", "BECAUSE", "SIGNATURE")
JUDGED = ("SYNDROME", "EPISODES", "INVESTIGATOR", "CENTRAL", "PROVISIONAL")
CONCORDANCE = ("SITEID", "SYNDROME", "BETWEEN", "PAIRS", "SAME", "HIGHER", "LOWER", "KAPPA", "WKAPPA")
PERIODS = ("SUBJID", "DOSENUM", "STEP", "STARTTM", "ENDTM", "ENDEDBY", "WINDOWTM", "CRS", "CRSGR", "CRSONH", "CRSDURH",
           "ICANS", "ICANSGR", "ICANSONH", "TOCI", "TOCIDSH", "TOCIONH", "STEROID")  # fmt: skip
MARKS = ("CUTTM", "SHA256")  # at the end of every line


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTable:
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewContent:
    """A review as it leaves. `sha256`: of everything in it."""

    cut: datetime
    tables: tuple[ReviewTable, ...]
    sha256: str


def content_of(review: SafetyReview) -> ReviewContent:
    scope, tables = review.scope, tuple(_tables(review))
    content = {
        "review": 1, "study": scope.study.code, "cohort": scope.cohort, "cut": review.cut, "profile": scope.profile,
        "participants": len(scope.participants), "rules": f"{CRITERIA}/{VERSION}",
        "tables": {one.name: {"columns": one.columns, "rows": one.rows} for one in tables},
    }  # fmt: skip
    return ReviewContent(cut=review.cut, tables=tables, sha256=hash_of(content))


def as_csv(table: ReviewTable, content: ReviewContent) -> str:
    """UTF-8 text with a header. Empty: not known, or not told. Never a formula, whatever somebody typed as a reason."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*table.columns, *MARKS))
    for row in table.rows:
        cells = (safe_cell(cell) if isinstance(cell, str) else cell for cell in row)
        writer.writerow((*cells, instant(content.cut), content.sha256))
    return out.getvalue()


def _tables(review: SafetyReview) -> Iterator[ReviewTable]:
    """Those that the reader is given."""
    yield _table("outcomes", OUTCOMES, [row for one in review.steps for row in _outcomes(one)])
    yield _table("care", CARE, [_care(one) for one in review.steps])
    if review.scope.tells_doses:
        yield _table("releases", RELEASES, [
            (one.label, one.as_proposed, one.overridden, one.against_hold_or_stop, one.without)
            for one in review.releases
        ])  # fmt: skip
    if review.scope.tells_cohorts:
        yield _table("clearances", CLEARANCES, [
            (one.cohort, one.step, instant(one.at), one.by, one.because, one.signature) for one in review.clearances
        ])  # fmt: skip
    if review.scope.sees_people:
        yield _table("judged", JUDGED, [
            (one.kind.upper(), one.episodes, one.by_investigator, one.by_central, one.provisional)
            for one in review.judged
        ])  # fmt: skip
        yield _table("concordance", CONCORDANCE, [
            (one.site, one.kind.upper(), one.between, one.pairs, one.same, one.higher, one.lower, _places(one.kappa),
             _places(one.weighted))
            for one in review.concordances
        ])  # fmt: skip
        yield _table("periods", PERIODS, [_period(one) for lane in review.lanes for one in lane.periods])


def _table(name: str, columns: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> ReviewTable:
    return ReviewTable(name=name, columns=columns, rows=tuple(rows))


def _outcomes(step: StepFigures) -> Iterator[tuple[Cell, ...]]:
    for one in step.endpoints:
        counts = one.counts
        yield (
            step.label, step.number, one.kind.upper(), one.from_grade, counts.received, counts.known, counts.event,
            counts.no_event, counts.open, counts.cut_short, counts.unknown, one.with_syndrome,
            *_shares(counts.proportion),
        )  # fmt: skip


def _shares(proportion: Proportion | None) -> tuple[Cell, ...]:
    """In percent: the share, then the limits of both intervals."""
    if proportion is None:
        return (None,) * 5
    jeffreys, exact = proportion.jeffreys, proportion.exact
    return tuple(percent(one) for one in (proportion.share, jeffreys.low, jeffreys.high, exact.low, exact.high))


def _care(step: StepFigures) -> tuple[Cell, ...]:
    care = step.care
    return (
        step.label, step.number, care.doses, care.not_given, care.with_crs, care.tocilizumab,
        care.tocilizumab_not_known, *_hours(care.from_onset), *_hours(care.from_dose), care.steroid,
    )  # fmt: skip


def _hours(summary: HoursSummary | None) -> tuple[Cell, ...]:
    if summary is None:
        return (0, None, None, None)
    return (summary.n, *(hours(one) for one in (summary.median, summary.least, summary.most)))


def _period(one: PeriodLine) -> tuple[Cell, ...]:
    return (
        one.participant, one.number, one.step, instant(one.starts_at), instant(one.ends_at),
        one.ended_by or None, instant(one.window_ends_at), one.crs, one.crs_grade, hours(one.crs_onset_h),
        hours(one.crs_hours), one.icans, one.icans_grade, hours(one.icans_onset_h), flag(one.tocilizumab),
        hours(one.tocilizumab_h), hours(one.tocilizumab_onset_h), flag(one.steroid),
    )  # fmt: skip


def instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def hours(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def flag(value: bool | None) -> str | None:
    return None if value is None else "Y" if value else "N"


def percent(share: float) -> str:
    return f"{100 * share:.2f}"


def _places(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
