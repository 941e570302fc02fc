"""The old values of a participant's facts, one tap away: all corrections, or every version of one fact.

Looking is an event, as at the audit trail.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from crsmonitor.audit.events import record_event
from crsmonitor.errors import NotFound
from grading.review.trail.history import corrected_of, versions_of
from grading.review.trail.words import VersionRow, kind_word, version_row
from regimens.models import Participant


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """`?kind=&root=`: one fact; without, every correction of the participant."""
    table, root = request.GET.get("kind", ""), request.GET.get("root", "")
    if not table and not root:
        participant, by_kind = corrected_of(request.user, pk)
        _record(request, participant)
        groups = [
            (kind_word(kind), [version_row(one, table=kind, site=participant.site) for one in versions])
            for kind, versions in by_kind.items()
        ]
        return _page(request, participant, groups, one=False)
    try:
        participant, versions = versions_of(request.user, pk, table, UUID(root))
    except ValueError:
        raise NotFound("no_such_record") from None
    _record(request, participant, table=table, record=root)
    rows = [version_row(one, table=table, site=participant.site) for one in versions]
    return _page(request, participant, [(kind_word(table), rows)], one=True)


def _record(request: HttpRequest, participant: Participant, **about: str) -> None:
    """Looking at old values is an event of the participant's chain. `about`: the one record; empty: all corrections."""
    record_event("history_viewed", by=request.user, subject=f"participant:{participant.pk}", **about)


def _page(
    request: HttpRequest, participant: Participant, groups: list[tuple[str, list[VersionRow]]], *, one: bool
) -> HttpResponse:
    context = {"participant": participant, "site": participant.site, "groups": groups, "one": one}
    return render(request, "review/trail/history.html", context)


urlpatterns: list[URLPattern] = [path("participants/<int:pk>/history/", history, name="history")]
