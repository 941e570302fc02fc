"""The second person of a study dose says so: on their own session, or by PIN or badge on somebody else's.

A PIN or a badge confirms, and never signs (decisions).
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.events import record_event
from crsmonitor.devices.current import current_tablet
from crsmonitor.devices.forms import OpenForm
from crsmonitor.devices.selectors import people_on
from crsmonitor.devices.shifts import tablet_of
from crsmonitor.devices.switching import second_person
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.bedside.selectors.bedside import bedside
from grading.bedside.selectors.course import visible_fact
from grading.bedside.views.ward import about
from grading.recording.record import record
from regimens.facts import Source
from regimens.models import Dose, DoseCheck
from regimens.selectors import participants_for


class SecondPersonForm(OpenForm):
    places: ClassVar[dict[str, str]] = {"dose": "pin", "checked_by": "pin"}


@require_POST
def dose_check(request: HttpRequest, fact_id: uuid.UUID) -> HttpResponse:
    """Tapped twice it is two looks, of which the first counts."""
    dose = _dose(request, fact_id)
    _confirm(dose, by=request.user, at=timezone.now())
    return redirect("participant", dose.participant_id)


@require_http_methods(["GET", "HEAD", "POST"])
def dose_second(request: HttpRequest, fact_id: uuid.UUID) -> HttpResponse:
    """Beside whoever is signed in on an enrolled tablet, whose session goes on. 404 from any other browser."""
    tablet, at = tablet_of(request), timezone.now()
    if tablet is None:
        raise Http404
    dose, form = _dose(request, fact_id), SecondPersonForm(request.POST if request.method == "POST" else None)
    awaits_pin = None  # whose badge was held to the reader, where the site asks for her PIN besides
    if form.is_bound and form.is_valid():
        try:
            person, is_enough = second_person(request, form.cleaned_data, at=at)
            if is_enough:
                _confirm_beside(request, dose, by=person, at=at)
                messages.success(request, _("Confirmed by %(person)s.") % {"person": person.get_username()})
                return redirect("participant", dose.participant_id)
            awaits_pin = person.pk
        except InvalidInput as error:
            form.take(error)
    here = bedside(request.user, dose.participant_id, Act.RECORD, at=at)
    context: dict[str, Any] = {
        "fact": dose,
        "form": form,
        "what": "dose",
        "confirming": True,
        "people": [one for one in people_on(tablet, at=at) if _may_confirm(one, dose, beside=request.user)],
        "chosen": str(awaits_pin or form.data.get("person", "")),
        "by_badge": awaits_pin is not None,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "bedside/second_person.html", about(request, here) | context, status=status)


def _dose(request: HttpRequest, fact_id: uuid.UUID) -> Dose:
    dose = visible_fact(request.user, Dose, str(fact_id), Act.RECORD)
    assert isinstance(dose, Dose)
    return dose


def _may_confirm(person: User, dose: Dose, *, beside: User) -> bool:
    is_another = person.pk not in (dose.recorded_by_id, beside.pk)
    return is_another and participants_for(person, Act.RECORD).filter(pk=dose.participant_id).exists()


def _confirm_beside(request: HttpRequest, dose: Dose, *, by: User, at: datetime) -> None:
    try:
        _confirm(dose, by=by, at=at)
    except (Forbidden, NotFound) as error:  # she works here, and records nothing
        raise InvalidInput.at("checked_by", "second_person_unknown") from error
    record_event("confirmed_on_tablet", by=by, dose=str(dose.pk), tablet=current_tablet(), beside=request.user.pk)


def _confirm(dose: Dose, *, by: User, at: datetime) -> None:
    draft = DoseCheck(
        id=uuid.uuid4(), participant_id=dose.participant_id, dose=dose, observed_at=at, source=Source.PAGE
    )
    record(draft, by=by, at=at)


urlpatterns: list[URLPattern] = [
    path("doses/<uuid:fact_id>/check/", dose_check, name="dose-check"),
    path("doses/<uuid:fact_id>/second/", dose_second, name="dose-second"),
]
