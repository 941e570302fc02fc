"""The second person of a study dose or of tocilizumab says so: on their own session, or by PIN or badge on another's.

A PIN or a badge confirms, and never signs (decisions).
"""

import uuid
from dataclasses import dataclass
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
from grading.bedside.views.head import about
from grading.models import Treatment, TreatmentCheck
from grading.recording.record import record
from regimens.facts import Fact, Source
from regimens.models import Dose, DoseCheck
from regimens.selectors import participants_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a second person looks at. `name`: in addresses, and the field of `check` that names it."""

    name: str
    given: type[Fact]
    check: type[Fact]


CHECKED = (
    Checked(name="dose", given=Dose, check=DoseCheck),
    Checked(name="treatment", given=Treatment, check=TreatmentCheck),
)


class SecondPersonForm(OpenForm):
    places: ClassVar[dict[str, str]] = {"dose": "pin", "treatment": "pin", "checked_by": "pin"}


@require_POST
def own_check(request: HttpRequest, fact_id: uuid.UUID, kind: Checked) -> HttpResponse:
    """Tapped twice it is two looks, of which the first counts."""
    given = _given(request, fact_id, kind)
    _confirm(given, kind, by=request.user, at=timezone.now())
    return redirect("participant", given.participant_id)


@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: HttpRequest, fact_id: uuid.UUID, kind: Checked) -> HttpResponse:
    """Beside whoever is signed in on an enrolled tablet, whose session goes on. 404 from any other browser."""
    tablet, at = tablet_of(request), timezone.now()
    if tablet is None:
        raise Http404
    given, form = _given(request, fact_id, kind), SecondPersonForm(request.POST if request.method == "POST" else None)
    awaits_pin = None  # whose badge was held to the reader, where the site asks for her PIN besides
    if form.is_bound and form.is_valid():
        try:
            person, is_enough = second_person(request, form.cleaned_data, at=at)
            if is_enough:
                _confirm_beside(request, given, kind, by=person, at=at)
                messages.success(request, _("Confirmed by %(person)s.") % {"person": person.get_username()})
                return redirect("participant", given.participant_id)
            awaits_pin = person.pk
        except InvalidInput as error:
            form.take(error)
    here = bedside(request.user, given.participant_id, Act.RECORD, at=at)
    context: dict[str, Any] = {
        "fact": given,
        "form": form,
        "what": kind.name,
        "confirming": True,
        "people": [one for one in people_on(tablet, at=at) if _may_confirm(one, given, beside=request.user)],
        "chosen": str(awaits_pin or form.data.get("person", "")),
        "by_badge": awaits_pin is not None,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "bedside/second_person.html", about(request.user, here) | context, status=status)


def _given(request: HttpRequest, fact_id: uuid.UUID, kind: Checked) -> Fact:
    return visible_fact(request.user, kind.given, str(fact_id), Act.RECORD)


def _may_confirm(person: User, given: Fact, *, beside: User) -> bool:
    is_another = person.pk not in (given.recorded_by_id, beside.pk)
    return is_another and participants_for(person, Act.RECORD).filter(pk=given.participant_id).exists()


def _confirm_beside(request: HttpRequest, given: Fact, kind: Checked, *, by: User, at: datetime) -> None:
    try:
        _confirm(given, kind, by=by, at=at)
    except (Forbidden, NotFound) as error:  # she works here, and records nothing
        raise InvalidInput.at("checked_by", "second_person_unknown") from error
    details = {kind.name: str(given.pk), "tablet": current_tablet(), "beside": request.user.pk}
    record_event("confirmed_on_tablet", by=by, **details)


def _confirm(given: Fact, kind: Checked, *, by: User, at: datetime) -> None:
    draft = kind.check(
        id=uuid.uuid4(), participant_id=given.participant_id, observed_at=at, source=Source.PAGE, **{kind.name: given}
    )
    record(draft, by=by, at=at)


urlpatterns: list[URLPattern] = [
    address
    for kind in CHECKED
    for address in (
        path(f"{kind.name}s/<uuid:fact_id>/check/", own_check, {"kind": kind}, name=f"{kind.name}-check"),
        path(f"{kind.name}s/<uuid:fact_id>/second/", beside, {"kind": kind}, name=f"{kind.name}-second"),
    )
]
