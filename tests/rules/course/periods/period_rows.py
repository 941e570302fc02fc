"""One dose period in a few words: its sets, drugs and episodes by the hour from the dose."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.periods.drugs import PeriodDrug
from grading.rules.course.periods.outcome import Carried
from grading.rules.course.periods.row import PeriodRow
from grading.rules.course.periods.sets import VitalsSeen
from grading.rules.grades.graded import Graded

DOSE = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOBODY_LOOKED = {
    "temperature_c": None, "sbp": None, "dbp": None, "mean_pressure": None, "heart_rate": None,
    "respiratory_rate": None, "spo2": None, "oxygen_device": None, "oxygen_flow_l_min": None, "vasopressors": None,
    "fluid_bolus": None,
}  # fmt: skip


def at(h):
    return DOSE + timedelta(hours=h)


def period(*, window=48, **columns):
    ends = None if window is None else at(window)
    return PeriodRow(dose_number=1, started_at=DOSE, window_ends_at=ends, **columns)


def seen(h, **values):
    given = {name: Decimal(str(v)) if isinstance(v, int | float) and not isinstance(v, bool) else v
             for name, v in values.items()}  # fmt: skip
    return VitalsSeen(at=at(h), **NOBODY_LOOKED | given)


def graded(*, definite=True, at_least=0, at_most=0):
    return Graded(grade=at_least if definite else -1, at_least=at_least, at_most=at_most)


def after(*sets, definite=True, at_most=0, **columns):
    """The row after these sets."""
    row = period(**columns)
    for one in sets:
        row.see_vitals(one, graded=graded(definite=definite, at_most=at_most))
    return row


def drug(h, name="tocilizumab", drug_class="anticytokine", indication="crs", dose=None, unit="mg"):
    exact = None if dose is None else Decimal(str(dose))
    return PeriodDrug(at=at(h), drug=name, drug_class=drug_class, indication=indication, dose=exact, unit=unit)


def treated(*drugs):
    row = period()
    row.treat(drugs)
    return row


def steroid(h, name="dexamethasone", indication="crs", dose=None, unit="mg"):
    return drug(h, name, "corticosteroid", indication, dose, unit)


def episode(start, end=None, *, grade=1, at_most=None, max_at=None, kind="crs", provisional=""):
    return CourseEpisode(
        kind=kind, root=f"{kind}-{start}", started_at=at(start), ended_at=None if end is None else at(end),
        max_grade=grade, at_most=grade if at_most is None else at_most,
        max_at=at(start if max_at is None else max_at), provisional=provisional,
    )  # fmt: skip


def concluded(*own, row=None, carried=False, provisional=None, crs_before=False):
    row = row or after(seen(1))
    row.conclude(own=list(own), carried=Carried(carried, provisional), crs_before=crs_before)
    return row


def picked(row, *names):
    return tuple(getattr(row, name) for name in names)
