"""Setting up a study: what is missing before anybody is enrolled, its parameters and its sites."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.selectors import is_operator
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.review.selectors.sampling import to_draw
from grading.setup import words
from grading.setup.forms import ZONES, NewStudyForm, SiteForm, StudyForm
from grading.setup.readiness import checklist, missing_at
from grading.setup.selectors import (
    data_managers_of,
    facts_for,
    may_enrol_at,
    setup_for,
    setups_for,
    sites_set_up,
    study_to_set_up,
)
from grading.setup.services import start_study
from grading.words.limiting import limiting_of_both
from regimens.models import Study
from regimens.selectors import studies_for
from regimens.services.trial import add_site, change_site, change_study
from regimens.wording import ROLE_NAMES


@require_GET
def setups(request: HttpRequest) -> HttpResponse:
    """The studies that this user helps to set up; an operator's first page after installation."""
    studies, at = list(setups_for(request.user)), timezone.now()
    if not studies and not is_operator(request.user):
        raise NotFound("no_such_page")
    rows = [(one, _missing(request, one, at=at), data_managers_of(request.user, one)) for one in studies]
    return render(request, "setup/setups.html", {"studies": rows, "operator": is_operator(request.user)})


@require_http_methods(["GET", "POST"])
def new_study(request: HttpRequest) -> HttpResponse:
    """An operator makes a study and names its first data manager, who sets up the rest."""
    if not is_operator(request.user):
        raise Forbidden("role_forbids")
    form = NewStudyForm(request.POST if request.method == "POST" else None, auto_id="new_%s")
    if form.is_bound and form.is_valid():
        names = {name: form.cleaned_data[name] for name in ("username", "email")}
        try:
            invited = start_study(form.instance, **names, by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.take(error)
        else:
            if invited:
                messages.success(request, _("An invitation went to %(email)s.") % names)
            return redirect("setup-study", form.instance.code)
    return render(request, "setup/new_study.html", {"form": form}, status=400 if form.is_bound else 200)


@require_GET
def setup_study(request: HttpRequest, study: str) -> HttpResponse:
    """The checklist: ready to enrol, or what is missing and where it is done."""
    trial, at = setup_for(request.user, study), timezone.now()
    rows, acts = checklist(facts_for(request.user, study, at=at)), _acts(request, trial)
    enrols = set(may_enrol_at(request.user, trial))
    places = [
        (site, not missing_at(rows, site.code), words.enrol_address(trial, site) if site in enrols else "")
        for site in sites_set_up(request.user, study)
    ]
    context = {
        "study": trial,
        "rows": [words.shown(row, trial, acts=acts) for row in rows],
        "missing": sum(row.standing == "missing" for row in rows),
        "sites": places,
        "limiting": limiting_of_both(trial),
        "sample_waits": len(to_draw(request.user, trial)) if Act.DRAFT in acts else 0,
        "may_set_up": Act.DRAFT in acts,
        "data_managers": data_managers_of(request.user, trial),
        "second_factor_roles": [ROLE_NAMES[role] for role in trial.second_factor_roles],
    }
    return render(request, "setup/study.html", context)


@require_http_methods(["GET", "POST"])
def setup_parameters(request: HttpRequest, study: str) -> HttpResponse:
    trial = study_to_set_up(request.user, study)
    form = StudyForm(request.POST if request.method == "POST" else None, instance=trial, auto_id="study_%s")
    if form.is_bound and form.is_valid():
        try:
            change_study(form.instance, by=request.user, reason=form.cleaned_data["reason"])
        except InvalidInput as error:
            form.take(error)
        else:
            return redirect("setup-study", study)
    context = {"study": trial, "code": study, "form": form}
    return render(request, "setup/parameters.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def setup_sites(request: HttpRequest, study: str) -> HttpResponse:
    """The sites of a study; a POST adds one."""
    trial = study_to_set_up(request.user, study)
    form = SiteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            site = add_site(trial, form.instance, by=request.user, at=timezone.now())
        except InvalidInput as error:
            form.take(error)
        else:
            messages.success(request, _("%(site)s takes part.") % {"site": site.code})
            return redirect("setup-sites", study)
    context = {"study": trial, "sites": sites_set_up(request.user, study), "form": form, "zones": ZONES}
    context["objects"] = words.objects_shown()
    return render(request, "setup/sites.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def setup_site(request: HttpRequest, study: str, site: str) -> HttpResponse:
    """One site; a POST changes it, as long as nothing that was recorded rests on it."""
    trial = study_to_set_up(request.user, study)
    place = sites_set_up(request.user, study).filter(code=site).first()
    if place is None:
        raise NotFound("no_such_site")
    form = SiteForm(request.POST if request.method == "POST" else None, instance=place)
    if form.is_bound and form.is_valid():
        try:
            change_site(trial, form.instance, by=request.user, reason=form.cleaned_data["reason"])
        except InvalidInput as error:
            form.take(error)
        else:
            return redirect("setup-sites", study)
    context = {"study": trial, "site": site, "form": form, "zones": ZONES, "objects": words.objects_shown()}
    return render(request, "setup/site.html", context, status=400 if form.is_bound else 200)


def _missing(request: HttpRequest, study: Study, *, at: object) -> int:
    rows = checklist(facts_for(request.user, study.code, at=at))  # type: ignore[arg-type]
    return sum(row.standing == "missing" for row in rows)


def _acts(request: HttpRequest, study: Study) -> frozenset[Act]:
    return frozenset(act for act in Act if studies_for(request.user, act).contains(study))


urlpatterns: list[URLPattern] = [
    path("setup/", setups, name="setups"),
    path("new-study/", new_study, name="setup-new"),
    path("setup/<str:study>/", setup_study, name="setup-study"),
    path("setup/<str:study>/parameters/", setup_parameters, name="setup-parameters"),
    path("setup/<str:study>/sites/", setup_sites, name="setup-sites"),
    path("setup/<str:study>/sites/<str:site>/", setup_site, name="setup-site"),
]
