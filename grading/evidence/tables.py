"""The tables of the evidence as they leave: codes and numbers, the same in every language, with the hash of all."""

from collections.abc import Iterator, Sequence

from grading.evidence.counts import EvidenceRow, PlaceCount
from grading.evidence.page import EvidencePage, LaidBand
from grading.evidence.support import EndpointSupport
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.safety.tables import Cell, ReviewContent, ReviewTable, hours, instant, percent
from regimens.design.onset import OnsetStep
from regimens.models import EscalationDecision
from regimens.rules.canonical import hash_of
from regimens.rules.proportions.intervals import Limits

PLACE = ("PLACE", "STEPS")
COUNTS = (*PLACE, "ENDPOINT", "GIVEN", "KNOWN", "EVENT", "NOEVENT", "OPEN", "UNDETERM", "PCT", "JEFFLO", "JEFFHI",
          "EXACTLO", "EXACTHI", "WILSONLO", "WILSONHI", "LEASTPCT", "MOSTPCT")  # fmt: skip
CARE = (*PLACE, "GIVEN", "TOCI", "TOCIUNK", "STEROID", "STERUNK", "ONSETN", "ONSETMED", "ONSETMIN", "ONSETMAX",
        "CURVEN", "LEFTOUT", "CURVEMED")  # fmt: skip
SUPPORT = ("PLACE", "ENDPOINT", "EVENT", "KNOWN", "JEFFLO", "JEFFHI", "BELOWPCT", "CONFIDENCE", "PFREE", "PMODEL",
           "MODELLO", "MODELHI", "DECIDEDBY", "REACHED", "PLACESUPPORTED")  # fmt: skip
ONSET = ("PLACE", "TIMEH", "ATRISK", "EVENTS", "FREE", "FREELO", "FREEHI")
VERSIONS = ("WHAT", "VERSION", "PARTICIPANTS")
PREDICTED = ("REGIMEN", "RUNG", "PLACE", "ENDPOINT", "BY", "GIVEN", "KNOWN", "OPEN", "UNDETERM", "EVENT", "PREDICTED",
             "EXPECTED", "COUNTLO", "COUNTHI", "MEANPCT", "MEANLO", "MEANHI", "BITS", "DIRECTION")  # fmt: skip
DECISIONS = ("DECIDEDTM", "DESIGN", "CURRENT", "RUNG", "RECOMMENDED", "AGAINST", "BY", "BECAUSE", "KNOWNTM", "FACTS",
             "ENGINE")  # fmt: skip
CLEARANCES = ("COHORT", "STEP", "CLEAREDTM", "BY", "BECAUSE", "SIGNATURE")
FLAGS = {True: "Y", False: "N", None: None}


def content_of(page: EvidencePage) -> ReviewContent:
    """`sha256`: of study, filters, cut, profile, facts and every table that the reader is given."""
    scope, filters, tables = page.scope, page.filters, tuple(_tables(page))
    content = {
        "evidence": 1, "study": scope.study.code, "cut": page.cut, "profile": scope.profile, "facts": page.digest,
        "filters": {"site": filters.site, "cohort": filters.cohort, "version": filters.version},
        "participants": page.people, "rules": f"{CRITERIA}/{VERSION}",
        "tables": {one.name: {"columns": one.columns, "rows": one.rows} for one in tables},
    }  # fmt: skip
    return ReviewContent(cut=page.cut, tables=tables, sha256=hash_of(content))


def _tables(page: EvidencePage) -> Iterator[ReviewTable]:
    """Those that the reader is given."""
    yield _table("counts", COUNTS, [row for one in page.rows for row in _counts(one)])
    yield _table("care", CARE, [_care(one) for one in page.rows])
    yield _table("support", SUPPORT, [
        _support(place.place, one, place.supported) for place in page.support.places for one in place.endpoints
    ])  # fmt: skip
    yield _table("onset", ONSET, [row for one in page.rows for row in _onset(one)])
    if page.scope.tells_doses:
        yield _table("predicted", PREDICTED, [row for one in page.bands for row in _predicted(one)])
        yield _table("versions", VERSIONS, [
            *(("regimen", one.name, one.participants) for one in page.versions),
            *(("design", f"{one.design.design.name} v{one.design.number}", None) for one in page.bands),
            *(("engine", one.band.engine, None) for one in page.bands),
        ])  # fmt: skip
    if page.scope.sees_staff:
        yield _table("decisions", DECISIONS, [_decision(one) for one in page.decisions])
    if page.scope.tells_cohorts:
        yield _table("clearances", CLEARANCES, [
            (one.cohort, one.step, instant(one.at), one.by, one.because, one.signature) for one in page.clearances
        ])  # fmt: skip


def _table(name: str, columns: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> ReviewTable:
    return ReviewTable(name=name, columns=columns, rows=tuple(rows))


def steps_text(row: EvidenceRow) -> str | None:
    """`STEP-UP 1 (13); STEP-UP 2 (1)`. None: they are not told."""
    return "; ".join(f"{label or '-'} ({people})" for label, people in row.steps) or None


def _counts(row: EvidenceRow) -> Iterator[tuple[Cell, ...]]:
    for name, count in (("ANY", row.any), ("GRADE2", row.grade2)):
        yield (
            row.place, steps_text(row), name, count.given, count.known, count.event, count.clear, count.open,
            count.undeterminable, *share_cells(count), percent(count.least), percent(count.most),
        )  # fmt: skip


def share_cells(count: PlaceCount) -> tuple[Cell, ...]:
    """In percent: the share of those known, then the limits of three intervals."""
    of = count.proportion
    if of is None:
        return (None,) * 7
    return (percent(of.share), *_limits(of.jeffreys), *_limits(of.exact), *_limits(of.wilson))


def _limits(limits: Limits) -> tuple[str, str]:
    return percent(limits.low), percent(limits.high)


def _care(row: EvidenceRow) -> tuple[Cell, ...]:
    onset, of = row.onset, row.onset.with_crs
    hours_of = (0, None, None, None) if of is None else (of.n, hours(of.median), hours(of.least), hours(of.most))
    return (
        row.place, steps_text(row), row.any.given, row.tocilizumab.needed, row.tocilizumab.not_known,
        row.steroid.needed, row.steroid.not_known, *hours_of, onset.people,
        onset.left_out, None if onset.median_h is None else f"{onset.median_h:.2f}",
    )  # fmt: skip


def _support(place: int, one: EndpointSupport, supported: bool | None) -> tuple[Cell, ...]:
    of, model = one.of, one.model
    known: tuple[Cell, ...] = (None, None) if of is None else _limits(of.of.jeffreys)
    return (
        place, one.name.upper(), one.count.event, one.count.known, *known, percent(one.below),
        f"{one.confidence:.4f}", None if of is None else f"{of.p_below:.4f}",
        None if one.p_of_model is None else f"{one.p_of_model:.4f}",
        *((None, None) if model is None else (percent(model.low), percent(model.high))),
        None if of is None else one.decided_by.upper(), FLAGS[one.reaches], FLAGS[supported],
    )  # fmt: skip


def _predicted(laid: LaidBand) -> Iterator[tuple[Cell, ...]]:
    """By the draws that were frozen, then by what the outcomes left of them. Place 0: all dose periods."""
    for row in (*laid.band.rows, laid.band.total):
        for by, of in (("FROZEN", row.prior), ("LEARNED", row.posterior)):
            if of is None:
                continue
            yield (
                laid.name, row.rung or None, row.place, laid.band.endpoint.upper(), by, row.given, row.known, row.open,
                row.undeterminable, row.events, of.n, f"{of.expected:.2f}", *of.interval, percent(of.mean),
                *(percent(one) for one in of.mean_interval), None if of.bits is None else f"{of.bits:.2f}",
                of.direction.upper(),
            )  # fmt: skip


def _decision(one: EscalationDecision) -> tuple[Cell, ...]:
    return (
        instant(one.at), f"{one.version.design.name} v{one.version.number}", one.current, one.rung or "STOP",
        one.recommended or "STOP", FLAGS[one.is_against], one.decided_by.get_username(), one.reason, instant(one.cut),
        one.facts_sha256, one.engine,
    )  # fmt: skip


def _onset(row: EvidenceRow) -> Iterator[tuple[Cell, ...]]:
    for step in row.onset.curve:
        yield (row.place, f"{step.t_h:.2f}", step.at_risk, step.events, *onset_cells(step))


def onset_cells(step: OnsetStep) -> tuple[Cell, ...]:
    """The share free, and its limits."""
    limits = (None, None) if step.interval is None else tuple(f"{one:.4f}" for one in step.interval)
    return (f"{step.free:.4f}", *limits)
