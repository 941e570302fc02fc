"""The people of a scope as they were known at a cut, for whatever is counted of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from crsmonitor.errors import InvalidInput
from grading.exports.packet.known_at import known_at
from grading.exports.rows import Scope, last_change
from grading.safety.scope import ReviewScope, last_cohort_change, of_cohort

MOST_DERIVED_AGAIN = 60  # participants of a study that a page waits for while they are derived as they were


@contextmanager
def at_cut(
    scope: ReviewScope, cohort: str, cut: datetime | None, *, at: datetime
) -> Iterator[tuple[ReviewScope, datetime]]:
    """Inside, the tables tell what was known at the cut (None: now), of a cohort (empty: of all), who is given.

    Raises InvalidInput at `cut` for one that cannot be honoured, NotFound for a cohort that nobody was in then.
    """
    if cut is None or cut == at:
        yield of_cohort(scope, cohort, cut=at), at
        return
    if cut.tzinfo is None:
        raise InvalidInput.at("cut", "needs_offset")
    if cut > at:
        raise InvalidInput.at("cut", "in_future")
    changes = (last_change(Scope(study=scope.study, sites=None)), last_cohort_change(scope))
    changed = max((one for one in changes if one is not None), default=None)
    if changed is None or cut >= changed:
        yield of_cohort(scope, cohort, cut=cut), cut
        return
    if scope.study.participants.count() > MOST_DERIVED_AGAIN:
        raise InvalidInput.at("cut", "changed_after_cut", last=changed.isoformat())
    with known_at(scope.study, cut):  # there, who was enrolled and in which cohort is as of then
        yield of_cohort(scope, cohort, cut=cut), cut
