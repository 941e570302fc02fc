"""Who is on call: the shifts of a site, the hours that nobody covers, and who could not be reached."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import InvalidInput, NotFound
from grading.alerting.calendars import address_of
from grading.alerting.forms.rota import ShiftForm
from grading.alerting.selectors.rota import AHEAD, cover_of, now_and_next_of, people_of, rota_for
from grading.alerting.services.on_call.rota import call_off, place_for, put_on
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.selectors import may, sites_for, studies_for


@require_GET
def rotas(request: HttpRequest) -> HttpResponse:
    """The sites whose rota this user may see."""
    if not may(request.user, Act.SEE_WARD):
        raise NotFound("no_such_page")
    places = [
        (study, site)
        for study in studies_for(request.user, Act.SEE_WARD).order_by("code")
        for site in sites_for(request.user, study, Act.SEE_WARD).order_by("code")
    ]
    if len(places) == 1:
        study, site = places[0]
        return redirect("rota", study.code, site.code)
    return render(request, "alerting/rotas.html", {"places": places})


def rota(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """The next seven days of one site; a POST adds a shift."""
    act = Act.RUN_WARD if request.method == "POST" else Act.SEE_WARD
    trial, place = place_for(request.user, study, site, act)
    at = timezone.now()
    people = people_of(trial, place)
    form = ShiftForm(request.POST if request.method == "POST" else None, site=place, people=people)
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        try:
            put_on(
                trial, place, on_call_role=OnCallRole(cleaned["on_call_role"]), person=cleaned["person"],
                starts_at=cleaned["starts_at"], ends_at=cleaned["ends_at"], by=request.user,
            )  # fmt: skip
        except InvalidInput as error:
            form.take(error)
        else:
            return redirect("rota", study, site)
    context = {
        "study": trial,
        "site": place,
        "zone": ZoneInfo(place.time_zone),
        "form": form,
        "people": people,
        "shifts": rota_for(request.user, trial, place, start=at, end=at + AHEAD),
        "calendar": address_of(request.user) if people.contains(request.user) else "",
        "now_and_next": now_and_next_of(trial, place, at=at),
        "cover": cover_of(trial, place, start=at, end=at + AHEAD),
        "may_change": sites_for(request.user, trial, Act.RUN_WARD).filter(pk=place.pk).exists(),
    }
    return render(request, "alerting/rota.html", context, status=400 if form.is_bound else 200)


@require_POST
def shift_off(request: HttpRequest, study: str, site: str, pk: int) -> HttpResponse:
    trial, place = place_for(request.user, study, site, Act.RUN_WARD)
    call_off(trial, place, pk, by=request.user)
    return redirect("rota", study, site)


urlpatterns = [
    path("rota/", rotas, name="rotas"),
    path("rota/<str:study>/<str:site>/", rota, name="rota"),
    path("rota/<str:study>/<str:site>/<int:pk>/off/", shift_off, name="shift_off"),
]
