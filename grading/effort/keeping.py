"""Keeps what an entry cost, beside it: nothing here is ever read by a rule, and nothing names anybody."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.crypto import salted_hmac

from grading.effort.figures import LONGEST_S, read_counts
from grading.models import EntryEffort
from grading.rules.alerting.burden import shift_number, shift_of
from regimens.models import Participant


def keep_effort(kind: str, participant: Participant, *, by: int, opened_at: datetime, at: datetime, text: str) -> None:
    """`text`: what the script of the form counted. A form that lay open for half an hour or more measures nothing."""
    seconds = round((at - opened_at).total_seconds())
    if not 0 < seconds < LONGEST_S:
        return
    counts, number = read_counts(text), shift_number(at, ZoneInfo(participant.site.time_zone))
    EntryEffort.objects.create(
        study=participant.study, site=participant.site, on=date.fromordinal(number // 3), shift=shift_of(number).value,
        person_shift=person_shift(by, number), kind=kind, seconds=seconds,
        taps=counts and counts.taps, corrections=counts and counts.corrections, retypes=counts and counts.retypes,
    )  # fmt: skip


def person_shift(person: int, number: int) -> str:
    return salted_hmac("grading.effort.person_shift", f"{person}:{number}").hexdigest()[:16]


def let_go(*, at: datetime) -> int:
    """What is older than is kept goes. How many."""
    kept_from = at.date() - timedelta(days=settings.EFFORT_DAYS)
    return EntryEffort.objects.filter(on__lt=kept_from).delete()[0]
