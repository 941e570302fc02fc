"""Downtime sheets are made ahead: each hour one, the row first; then the newest of each ward lie as a file."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation

from grading.bedside.selectors.ward import board_row
from grading.downtime.content import sheet_of
from grading.downtime.facts import facts_of, in_care, is_in_care
from grading.models import CurrentState, DowntimeSheet
from grading.rules.alerting.watchdog import CLOCK_OFFSET
from regimens.models import Participant

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
PAGE = 200  # participants read at a time
LASTS = timedelta(days=2)  # of somebody who is in no bed any more nothing is kept for longer


def due(*, at: datetime) -> Iterator[Participant]:
    """In bed or in a window, and without a sheet of the last hour. Two indexes say who: nobody else is read.

    One of later than now was made before the clock was put back: it is none of this hour.
    """
    of_this_hour = DowntimeSheet.objects.filter(
        participant=OuterRef("participant"), made_at__gt=at - EVERY, made_at__lte=at + CLOCK_OFFSET
    )
    watched = CurrentState.objects.filter(~Exists(of_this_hour), ended="").order_by("participant")
    waiting = list(watched.values_list("participant", flat=True))
    for first in range(0, len(waiting), PAGE):
        for participant in in_care().filter(pk__in=waiting[first : first + PAGE]).order_by("pk"):
            if is_in_care(board_row(participant, at=at)):
                yield participant


def make(participant: Participant, *, at: datetime) -> DowntimeSheet:
    """A sheet of a participant of `in_care`, in the language of the site; all but the newest few go, and later ones."""
    from grading.downtime.drawing import draw  # what draws takes a third of a second to read, in every process

    with translation.override(participant.site.language or settings.LANGUAGE_CODE):
        pdf = draw(sheet_of(facts_of(participant, at=at), at=at), asian=settings.PAPER_FONT)
    state = participant.current_state
    with transaction.atomic():
        sheet, _made = DowntimeSheet.objects.get_or_create(
            participant=participant, made_at=at, defaults={"ward": state.ward, "bed": state.bed, "pdf": pdf}
        )
        theirs = DowntimeSheet.objects.filter(participant=participant)
        kept = theirs.filter(made_at__lte=at).order_by("-made_at").values("pk")
        theirs.exclude(pk__in=kept[: settings.DOWNTIME_KEEP]).delete()
    return sheet


def make_due(*, at: datetime) -> int:
    """How many were made. One that fails holds up no other; the first failure is raised at the end."""
    made, failed = 0, None
    for participant in due(at=at):
        try:
            make(participant, at=at)
            made += 1
        except Exception as error:
            logger.error("participant %s: no downtime sheet (%s)", participant.pk, type(error).__name__)
            failed = error
    DowntimeSheet.objects.filter(made_at__lt=at - LASTS).delete()
    if failed is not None:
        raise failed
    return made
