"""The cohort of a participant of a first-in-human regimen: the ward sees it, an investigator changes it, and signs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import prove
from crsmonitor.errors import InvalidInput, NotFound
from regimens.forms.cohort import CohortForm
from regimens.models import Participant
from regimens.selectors import cohorts_of, participant_for, participants_for
from regimens.services.cohorts import change_cohort, was_dosed


@require_http_methods(["GET", "HEAD", "POST"])
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan without cohorts has no such page."""
    participant = participant_for(request.user, pk, Act.SEE_WARD if request.method != "POST" else Act.JUDGE)
    known = cohorts_of(participant.regimen)
    if not known:
        raise NotFound("no_cohorts")
    form = CohortForm(request.POST if request.method == "POST" else None, known=known)
    if form.is_bound and form.is_valid() and _changed(request, participant, form):
        messages.success(request, _("The cohort is %(cohort)s now.") % {"cohort": form.cleaned_data["to"]})
        return redirect("gate", pk)
    context = {
        "form": form if participants_for(request.user, Act.JUDGE).contains(participant) else None,
        "participant": participant, "site": participant.site,
        "dosed": was_dosed(participant),
        "changes": participant.cohort_changes.select_related("recorded_by").order_by("-at"),
    }  # fmt: skip
    return render(request, "dosing/cohort.html", context, status=400 if form.is_bound else 200)


def _changed(request: HttpRequest, participant: Participant, form: CohortForm) -> bool:
    """Whether it is kept. The form says why not."""
    what = {name: form.cleaned_data[name] for name in ("to", "because", "was_wrong")}
    try:
        proof = prove(request, **form.signature)
        change_cohort(participant_id=participant.pk, **what, by=request.user, at=timezone.now(), proof=proof)
    except InvalidInput as error:
        form.take(error)
        return False
    return True


urlpatterns: list[URLPattern] = [path("participants/<int:pk>/cohort/", cohort, name="cohort")]
