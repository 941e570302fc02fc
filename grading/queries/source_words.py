"""Source data verification in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.models import SourcePlan
from grading.queries.progress import RecordState, SourceState
from grading.review.trail.words import kind_word

SOURCE_STATES: Mapping[SourceState, str | Promise] = {
    SourceState.VERIFIED: _l("verified"), SourceState.AGAIN: _l("corrected since: verify again"),
    SourceState.OPEN: _l("to be verified"),
}  # fmt: skip


def plan_words(plan: SourcePlan) -> list[str]:
    words = []
    if plan.grade_from is not None:
        words.append(
            _("every set of grade %(grade)s or above, also where it only could be") % {"grade": plan.grade_from}
        )
    if plan.every_nth is not None:
        words.append(_("the first record of a kind, and each %(n)s. after it") % {"n": plan.every_nth})
    if plan.percent is not None:
        words.append(_("%(n)s %% of all records, by the seed “%(seed)s”") % {"n": plan.percent, "seed": plan.seed})
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    record: RecordState
    kind: str
    state: str


def record_rows(states: Iterable[RecordState]) -> list[SourceRow]:
    """What is to be compared, and what was although it was not to be; the oldest first."""
    shown = [one for one in states if one.sampled or one.state is not SourceState.OPEN]
    return [
        SourceRow(record=one, kind=kind_word(one.kind), state=str(SOURCE_STATES[one.state]))
        for one in sorted(shown, key=lambda one: (one.observed_at, one.kind, str(one.root)))
    ]
