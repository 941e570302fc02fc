"""What entering takes, for who runs a site: against what others have published, and never person by person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from grading.effort.figures import SEND_S, VITALPAC_S
from grading.effort.selectors import EffortLine, efforts_for
from grading.rules.alerting.burden import NurseShift


def _words(line: EffortLine) -> str:
    kinds = {
        "vitals": _("Vital signs"), "neuro": _("Neuro assessment"), "treatment": _("Treatment"),
        "dose": _("Study dose"),
    }  # fmt: skip
    shifts = {
        NurseShift.DAY.value: _("Day shift, 07-15"),
        NurseShift.EVENING.value: _("Evening shift, 15-23"),
        NurseShift.NIGHT.value: _("Night shift, 23-07"),
    }
    return shifts[line.shift] if line.shift else kinds.get(line.kind, line.kind)


@require_GET
def effort(request: HttpRequest) -> HttpResponse:
    sites = [(one, [(_words(line), line) for line in one.lines]) for one in efforts_for(request.user)]
    context = {"sites": sites, "vitalpac": VITALPAC_S, "send": SEND_S, "days": settings.EFFORT_DAYS}
    return render(request, "effort/effort.html", context)


urlpatterns: list[URLPattern] = [path("effort/", effort, name="effort")]
