"""Enrolment by those who work at a site: the sites where somebody enrols, and the page on which it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crsmonitor.error_words import text_of
from crsmonitor.errors import InvalidInput, KeyReused
from grading.setup.enrol_form import EnrolForm
from grading.setup.enrolling import Enrolled, enrol
from grading.setup.guard import not_ready
from grading.setup.selectors import places_to_enrol, setups_for, site_to_enrol_at, versions_to_enrol_under
from regimens.selectors import look_alikes_of


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The sites where this user enrols; where there is only one, its page."""
    here = places_to_enrol(request.user)
    if len(here) == 1:
        study, site = here[0]
        return redirect("setup-enrol", study.code, site.code)
    return render(request, "setup/enrol_places.html", {"places": here})


@require_http_methods(["GET", "POST"])
def enrol_page(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """Everything about somebody new on one page. Where the site is not ready it says why, and has no form."""
    trial, place = site_to_enrol_at(request.user, study, site)
    at = timezone.now()
    context: dict[str, Any] = {"study": trial, "site": place, "at": at}
    if missing := [text_of(one) for one in not_ready(trial, place, at)]:
        context |= {"missing": missing, "may_mend": setups_for(request.user).contains(trial)}
        return render(request, "setup/enrol_not_yet.html", context, status=409 if request.method == "POST" else 200)
    form = EnrolForm(
        request.POST if request.method == "POST" else None,
        study=trial, site=place, regimens=versions_to_enrol_under(request.user, trial), at=at,
    )  # fmt: skip
    if form.is_bound and form.is_valid() and (done := _enrolled(request, form, at=at)):
        return _shown(request, done)
    return render(request, "setup/enrol.html", context | {"form": form}, status=400 if form.is_bound else 200)


def _enrolled(request: HttpRequest, form: EnrolForm, *, at: Any) -> Enrolled | None:
    """None: the form says what is wrong."""
    try:
        return enrol(form.new_participant(), form.first_facts(), by=request.user, at=at)
    except (InvalidInput, KeyReused) as error:
        form.take(error)
        return None


def _shown(request: HttpRequest, done: Enrolled) -> HttpResponse:
    number = {"number": done.participant.number}
    if done.replayed:
        messages.info(request, _("%(number)s was enrolled already: nothing was saved twice.") % number)
    else:
        messages.success(request, _("%(number)s is enrolled.") % number)
    if alike := look_alikes_of(done.participant):
        warning = _("At this site %(numbers)s ends alike: mind the wristbands.") % {"numbers": ", ".join(alike)}
        messages.warning(request, warning)
    return redirect("participant", done.participant.pk)


urlpatterns: list[URLPattern] = [
    path("enrol/", places, name="enrol"),
    path("setup/<str:study>/sites/<str:site>/enrol/", enrol_page, name="setup-enrol"),
]
