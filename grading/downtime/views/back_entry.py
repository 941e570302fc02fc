"""From a downtime sheet back into the program: the square on it opens the form of that participant, for paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import Act
from grading.bedside.kinds import PAGES
from grading.bedside.selectors.bedside import bedside
from grading.bedside.views.head import about
from grading.downtime.codes import LASTS, read_code
from grading.downtime.selectors import sheets_of
from regimens.selectors import participant_for

ON_PAPER = tuple(kind for kind, page in PAGES.items() if page.on_paper)


@require_GET
def from_sheet(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """To the form; of a sheet too old to be entered, to what to do. Who may not record there is refused as there."""
    if kind not in ON_PAPER:
        raise Http404
    sheet = read_code(code)
    participant = participant_for(request.user, sheet.participant_id, Act.RECORD)
    if sheet.is_old(at=timezone.now()):
        context = {"participant": participant, "sheet": sheet, "days": LASTS.days, "site": participant.site}
        return render(request, "downtime/old_sheet.html", context, status=410)
    return redirect(f"{reverse(kind, args=[participant.pk])}?paper=1")


@require_GET
def participant_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets that are kept of one participant, and what may be entered from paper."""
    here = bedside(request.user, pk, Act.SEE_WARD, at=timezone.now())
    return render(
        request, "downtime/participant.html", about(request.user, here) | {"sheets": sheets_of(request.user, pk)}
    )


urlpatterns: list[URLPattern] = [
    path("paper/<slug:kind>/<str:code>/", from_sheet, name="from-sheet"),
    path("participants/<int:pk>/downtime/", participant_sheet, name="downtime-participant"),
]
