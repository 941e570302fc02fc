"""Move a participant to another site of the study."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import InvalidInput
from regimens.forms.transfer import TransferForm
from regimens.moving import sites_to, transfer
from regimens.selectors import participant_for, participants_for


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever no longer sees the participant afterwards goes back to the board."""
    participant = participant_for(request.user, pk, Act.RUN_WARD)
    form = TransferForm(request.POST if request.method == "POST" else None, sites=sites_to(participant))
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            transfer(participant_id=pk, to=values["to"], because=values["because"], by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.take(error)
        else:
            still = participants_for(request.user, Act.SEE_WARD).filter(pk=pk).exists()
            return redirect("participant", pk) if still else redirect("board")
    moves = participant.transfers.select_related("from_site", "to_site", "recorded_by").order_by("-at")
    context = {"form": form, "participant": participant, "site": participant.site, "moves": moves}
    return render(request, "bedside/transfer.html", context, status=400 if form.is_bound else 200)


urlpatterns: list[URLPattern] = [path("participants/<int:pk>/transfer/", move, name="transfer")]
