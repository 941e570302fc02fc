"""What came in and waits: accepted or rejected here, row by row, or all of a participant that nothing is asked of."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.error_words import detail_of
from crsmonitor.errors import AlreadyCorrected, DomainError, InvalidInput, NotFound
from grading.intake.selectors import SHOWN, waiting_for, waiting_of
from grading.intake.services.deciding import accept, reject
from grading.intake.shown import groups
from grading.models.observations import Indication
from regimens.selectors import participants_for, studies_for

AT_ONCE = 50  # facts that one tap accepts: each derives a course again


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    if not studies_for(request.user, Act.SEE_WARD).exists():
        raise NotFound("no_such_page")
    return _page(request, {})


@require_POST
def decide(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """`do`: accept or reject; `because`: why."""
    because, at = request.POST.get("because", ""), timezone.now()
    try:
        if request.POST.get("do") == "accept":
            indication = request.POST.get("indication", "")
            accept(fact_id, because=because, indication=indication, by=request.user, at=at)
            messages.success(request, _("Accepted."))
        else:
            reject(fact_id, because=because, by=request.user, at=at)
            messages.success(request, _("Rejected."))
    except (InvalidInput, AlreadyCorrected) as error:
        return _page(request, {fact_id: detail_of(error)}, status=error.status)
    return redirect("intake")


@require_POST
def accept_all(request: HttpRequest, pk: int) -> HttpResponse:
    """All of a participant that nothing is to be asked of, oldest first; what is refused stays and says why."""
    accepted, problems = 0, {}
    for row in waiting_of(request.user, pk)[:AT_ONCE]:
        try:
            accept(row.pk, by=request.user, at=timezone.now())
            accepted += 1
        except DomainError as error:
            problems[row.pk] = detail_of(error)
    messages.success(request, _("Accepted: %(n)s.") % {"n": accepted})
    return _page(request, problems, status=400) if problems else redirect("intake")


def _page(request: HttpRequest, problems: Mapping[UUID, str], *, status: int = 200) -> HttpResponse:
    rows = list(waiting_for(request.user)[: SHOWN + 1])
    may = set(participants_for(request.user, Act.RECORD).filter(
        pk__in={row.participant_id for row in rows}
    ).values_list("pk", flat=True))  # fmt: skip
    context = {
        "groups": groups(rows[:SHOWN], problems), "more": len(rows) > SHOWN, "may_decide": may,
        "indications": Indication.choices,
        "looks_after_data": studies_for(request.user, Act.DRAFT).exists(),
        "studies": studies_for(request.user, Act.SEE_WARD).order_by("code"),
    }  # fmt: skip
    return render(request, "intake/queue.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("intake/", queue, name="intake"),
    path("intake/rows/<uuid:fact_id>/", decide, name="intake-decide"),
    path("intake/participants/<int:pk>/", accept_all, name="intake-accept-all"),
]
