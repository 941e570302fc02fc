"""What is kept already of what a tablet sends again."""

from dataclasses import dataclass

from crsmonitor.accounts.models import User
from grading.bedside.kinds import PAGES
from grading.bedside.selectors.course import kept_under
from grading.models import Grade, GradeDifference, TabletEntry
from grading.tablet.entries import SentEntry
from regimens.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEntry:
    """`differs`: the tablet showed another grade."""

    entry: TabletEntry
    fact: Fact
    grade: Grade | None
    differs: bool


def kept_entry(user: User, entry: SentEntry) -> KeptEntry | None:
    """What this person kept under this id through a tablet's outbox, where she may still see it. None: nothing."""
    known = TabletEntry.objects.filter(pk=entry.id, recorded_by=user, kind=entry.kind).first()
    if known is None:
        return None
    page = PAGES[entry.kind]
    fact = kept_under(user, page.form.model, str(entry.id), participant_id=known.participant_id, act=page.act)
    if fact is None:
        return None
    return KeptEntry(
        entry=known,
        fact=fact,
        grade=Grade.objects.filter(fact_id=fact.pk).first(),
        differs=shown_otherwise(fact),
    )


def shown_otherwise(fact: Fact) -> bool:
    """Whether the tablet showed another grade than this fact was given when it came."""
    return GradeDifference.objects.filter(pk=fact.pk).exists()
