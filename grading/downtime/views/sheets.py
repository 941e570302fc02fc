"""Downtime sheets by page: one print for all beds, one of a participant, and a new one on demand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.downtime.facts import in_care
from grading.downtime.files import together
from grading.downtime.making import EVERY, make
from grading.downtime.selectors import sheet_for, sheets_for
from grading.models import DowntimeSheet
from regimens.models import Site
from regimens.selectors import may, participant_for

STALE = 2 * EVERY  # no sheet of the last two hours: whoever makes them stands still


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """Its sheets by bed. `oldest`: how long ago the oldest of them was made."""

    site: Site
    name: str
    sheets: list[DowntimeSheet]
    oldest: timedelta

    @property
    def is_stale(self) -> bool:
        return self.oldest > STALE


def _wards(sheets: list[DowntimeSheet], at: datetime) -> list[Ward]:
    wards: dict[tuple[int, str], list[DowntimeSheet]] = {}
    for sheet in sheets:
        wards.setdefault((sheet.participant.site_id, sheet.ward), []).append(sheet)
    return [
        Ward(site=some[0].participant.site, name=name, sheets=some, oldest=at - min(one.made_at for one in some))
        for (_site, name), some in wards.items()
    ]


@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    """Every ward of this user, by bed."""
    if not may(request.user, Act.SEE_WARD):
        raise NotFound("no_such_page")
    wards = _wards(list(sheets_for(request.user).defer("pdf")), timezone.now())
    return render(request, "downtime/sheets.html", {"wards": wards})


@require_GET
def print_ward(request: HttpRequest) -> HttpResponse:
    """The newest of every bed in one file: of one ward where `site` and `ward` say which."""
    chosen = sheets_for(request.user)
    if "site" in request.GET:
        chosen = chosen.filter(participant__site__code=request.GET["site"], ward=request.GET.get("ward", ""))
    newest = list(chosen)
    if not newest:
        raise NotFound("no_such_page")
    return _pdf(together(newest), "downtime-sheets")


@require_GET
def print_one(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = sheet_for(request.user, sheet_id)
    return _pdf(bytes(sheet.pdf), f"downtime-sheet-{sheet.pk}")


@require_POST
def make_now(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet of now, for who sees the ward."""
    participant_for(request.user, pk, Act.SEE_WARD)
    participant = in_care().filter(pk=pk).first()
    if participant is None:  # nothing is recorded, or observation is over
        raise NotFound("no_such_participant")
    make(participant, at=timezone.now())
    return redirect("downtime-participant", pk)


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


urlpatterns: list[URLPattern] = [
    path("downtime/", sheets, name="downtime"),
    path("downtime/print.pdf", print_ward, name="downtime-print"),
    path("downtime/<int:sheet_id>.pdf", print_one, name="downtime-sheet"),
    path("participants/<int:pk>/downtime/make/", make_now, name="downtime-make"),
]
