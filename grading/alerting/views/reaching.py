"""How people are reached: the escalation of a study and its sites, and the phone trees."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.alerting.forms.escalation import PROPOSED, EscalationForm, PhoneTreeForm
from grading.alerting.selectors.reaching import escalation_steps_for, phone_trees_of, sites_reached, ward_study_for
from grading.alerting.services.on_call.reaching import keep_escalation, keep_phone_tree
from regimens.models import Site, Study
from regimens.selectors import studies_for


@require_http_methods(["GET", "POST"])
def escalation(request: HttpRequest, study: str, site: str = "") -> HttpResponse:
    """The steps of a study, or those of a site that has its own."""
    trial = ward_study_for(request.user, study)
    sites = sites_reached(request.user, trial)
    place = _place(sites, site)
    may_set = _may_set(request, trial)
    steps = escalation_steps_for(request.user, trial, place)
    is_proposed = place is None and not steps
    form = EscalationForm(
        request.POST if request.method == "POST" else None, steps=PROPOSED if is_proposed else steps,
        may_be_empty=place is not None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        keep_escalation(trial, form.planned, site=place, by=request.user)
        messages.success(request, _("The escalation is kept."))
        return redirect(request.path)
    context = {
        "study": trial,
        "site": place,
        "sites": [(one, bool(escalation_steps_for(request.user, trial, one))) for one in sites],
        "steps": steps,
        "form": form,
        "may_set": may_set,
        "is_proposed": is_proposed,
    }
    return render(request, "alerting/escalation.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def phone_trees(request: HttpRequest, study: str) -> HttpResponse:
    """The phone tree of the study and of each site; a POST keeps the one that was sent."""
    trial = ward_study_for(request.user, study)
    may_set = _may_set(request, trial)
    trees, forms, wrong = phone_trees_of(request.user, trial), [], False
    for place in (None, *sites_reached(request.user, trial)):
        prefix = place.code if place else "study"
        tree = trees.get(place.pk if place else None)
        sent = request.POST if request.POST.get("of") == prefix else None
        form = PhoneTreeForm(sent, prefix=prefix, text=tree.text if tree else "")
        if sent is not None and _kept(request, trial, place, form):
            return redirect("phone-trees", study)
        wrong = wrong or sent is not None
        forms.append((place, prefix, tree, form))
    context = {"study": trial, "forms": forms, "may_set": may_set}
    return render(request, "alerting/phone_trees.html", context, status=400 if wrong else 200)


def _kept(request: HttpRequest, study: Study, site: Site | None, form: PhoneTreeForm) -> bool:
    if not form.is_valid():
        return False
    try:
        keep_phone_tree(study, form.cleaned_data["text"], site=site, by=request.user)
    except InvalidInput as error:
        form.take(error)
        return False
    messages.success(request, _("The phone tree is kept."))
    return True


def _place(sites: list[Site], code: str) -> Site | None:
    """The site of this code. None: the whole study is meant."""
    if not code:
        return None
    place = next((one for one in sites if one.code == code), None)
    if place is None:
        raise NotFound("no_such_site")
    return place


def _may_set(request: HttpRequest, study: Study) -> bool:
    """Whether this user sets it. Forbidden to send it without."""
    may_set = studies_for(request.user, Act.DRAFT).contains(study)
    if request.method == "POST" and not may_set:
        raise Forbidden("role_forbids")
    return may_set


urlpatterns: list[URLPattern] = [
    path("escalation/<str:study>/", escalation, name="escalation"),
    path("escalation/<str:study>/<str:site>/", escalation, name="escalation-site"),
    path("phone-trees/<str:study>/", phone_trees, name="phone-trees"),
]
