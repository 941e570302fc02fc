"""The access list of a day, for data managers and operators."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crsmonitor.accounts.roles import MAY
from crsmonitor.audit.events import record_event
from regimens.access import access_list
from regimens.wording import ACT_NAMES, ROLE_NAMES


@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """`?day=`: today where it is none, or is no date."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = timezone.now().date()
    rows = access_list(request.user, day)
    record_event("access_list_viewed", by=request.user, day=day)
    may = [(ROLE_NAMES[role], [ACT_NAMES[act] for act in sorted(acts)]) for role, acts in MAY.items()]
    shown = [(row, ROLE_NAMES.get(row.role, _("operator"))) for row in rows]
    return render(request, "regimens/access.html", {"day": day, "rows": shown, "may": may})


urlpatterns: list[URLPattern] = [path("access/", access, name="access")]
