"""The random sample for central review, written down: each drawn episode is a fact with the reason "sample"."""

import uuid
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from grading.models import ReviewAssignment, ReviewReason
from grading.recording.record import record
from grading.review.selectors.sampling import to_draw
from regimens.facts import Source
from regimens.models import Study

NAMESPACE = uuid.UUID("2f6c1b7e-52f0-5d0a-9d4b-0c2c6a1f7f15")


@transaction.atomic
def draw_sample(study: Study, *, because: str, by: User, at: datetime) -> int:
    """Send to central review what is drawn and was not sent yet. How many that are.

    `because`: percentage and seed, in words. Raises Forbidden for who is no data manager of it. However often, and by
    however many at once, it is done: an episode is drawn once, by the id of its fact.
    """
    study = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    drawn = to_draw(by, study)
    for episode in drawn:
        fact = ReviewAssignment(
            id=uuid.uuid5(NAMESPACE, f"{episode.kind}/{episode.root}"), participant=episode.participant, observed_at=at,
            source=Source.PAGE, kind=episode.kind, about_root=episode.root, why=ReviewReason.SAMPLE.value,
            because=because,
        )  # fmt: skip
        record(fact, by=by, at=at)
    return len(drawn)
