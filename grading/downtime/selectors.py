"""The newest downtime sheets."""

from collections.abc import Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.course.watched import watched_in_scope
from grading.models import DowntimeSheet
from regimens.selectors import participants_for


def newest_sheets() -> QuerySet[DowntimeSheet]:
    """The newest of everybody who is under observation, by site, ward and bed. For the maker; a page asks below."""
    newest = DowntimeSheet.objects.filter(participant=OuterRef("participant")).order_by("-made_at").values("pk")[:1]
    sheets = DowntimeSheet.objects.filter(pk=Subquery(newest), participant__current_state__ended="")
    return sheets.select_related("participant__site", "participant__study").order_by(
        "participant__site__code", "ward", "bed", "participant__number"
    )


def sheets_for(user: User) -> QuerySet[DowntimeSheet]:
    """The same of those whose ward this user sees."""
    return newest_sheets().filter(watched_in_scope(user, of="participant_id"))


def sheets_of(user: User, participant_id: int) -> Sequence[DowntimeSheet]:
    """All that are kept of one participant, the newest first, without the files."""
    mine = participants_for(user, Act.SEE_WARD).filter(pk=participant_id)
    return DowntimeSheet.objects.filter(participant__in=mine).defer("pdf").order_by("-made_at")


def sheet_for(user: User, sheet_id: int) -> DowntimeSheet:
    """One of them. Raises NotFound for a stranger."""
    mine = participants_for(user, Act.SEE_WARD)
    sheet = DowntimeSheet.objects.filter(participant__in=mine, pk=sheet_id).select_related("participant").first()
    if sheet is None:
        raise NotFound("no_such_record")
    return sheet
