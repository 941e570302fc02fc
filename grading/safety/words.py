"""Words of the safety review."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.rules.evidence.hours import HoursSummary
from grading.rules.evidence.outcomes import PeriodOutcome
from grading.safety.concordance import CENTRAL_DERIVED, INVESTIGATOR_CENTRAL, INVESTIGATOR_DERIVED
from regimens.rules.proportions.intervals import Limits

SYNDROMES: Mapping[str, str] = {"crs": "CRS", "icans": "ICANS"}
OUTCOMES: Mapping[PeriodOutcome, Promise] = {
    PeriodOutcome.EVENT: _l("yes"),
    PeriodOutcome.NO_EVENT: _l("none"),
    PeriodOutcome.OPEN: _l("none so far, still open"),
    PeriodOutcome.CUT_SHORT: _l("none until it ended early"),
    PeriodOutcome.UNKNOWN: _l("not known"),
}
BETWEEN: Mapping[str, Promise] = {
    INVESTIGATOR_DERIVED: _l("investigator and derived grade"),
    CENTRAL_DERIVED: _l("central review and derived grade"),
    INVESTIGATOR_CENTRAL: _l("investigator and central review"),
}
SIGNATURES: Mapping[str, Promise] = {
    "stands": _l("signed"),
    "void": _l("signature void: the plan changed since"),
    "none": _l("made before clearances were signed"),
}
TABLES: Mapping[str, Promise] = {
    "outcomes": _l("CRS and ICANS by step"),
    "care": _l("Tocilizumab and steroids by step"),
    "releases": _l("Releases by step"),
    "clearances": _l("Cleared steps"),
    "judged": _l("Judged episodes"),
    "concordance": _l("Concordance of grades"),
    "periods": _l("Dose periods of each participant"),
}
FLAGS: Mapping[bool | None, Promise] = {True: _l("yes"), False: _l("no"), None: _l("not known")}


def endpoint_text(kind: str, from_grade: int) -> str:
    name = SYNDROMES[kind]
    if from_grade == 1:
        return _("%(syndrome)s, any grade") % {"syndrome": name}
    return _("%(syndrome)s, grade %(grade)s and above") % {"syndrome": name, "grade": from_grade}


def interval_text(interval: Limits) -> str:
    """In percent: 0.84–12.22 %."""
    return _("%(low)s–%(high)s %%") % {"low": f"{100 * interval.low:.1f}", "high": f"{100 * interval.high:.1f}"}


def hours_text(summary: HoursSummary | None) -> str:
    """Median with the least and the most."""
    if summary is None:
        return "–"
    values = {"n": summary.n} | {name: f"{getattr(summary, name):.2f}" for name in ("median", "least", "most")}
    return _("%(median)s h (%(least)s to %(most)s), n = %(n)s") % values


def hour_text(hours: Decimal | None) -> str:
    """Of one period."""
    return "–" if hours is None else f"{hours:.2f} h"
