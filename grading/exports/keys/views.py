"""The page of a study's keys: for its data managers, and for operators."""

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.selectors import is_operator
from crsmonitor.errors import InvalidInput
from grading.exports.keys.forms import KeyForm
from grading.exports.keys.services import issue, keys_of, revoke
from grading.exports.trail import unblinded_pulls
from grading.exports.words import PROFILES
from grading.setup.selectors import setup_for, study_to_set_up
from regimens.blinding import Profile
from regimens.models import Study
from regimens.selectors import sites_of


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, code: str) -> HttpResponse:
    """A new key is shown in the answer to its form, and never again. To a stranger there is no such study."""
    find = setup_for if is_operator(request.user) else study_to_set_up
    return _keys(request, find(request.user, code))


@reauthentication_required
def _keys(request: HttpRequest, study: Study) -> HttpResponse:
    at, sent = timezone.now(), request.POST if request.method == "POST" else None
    if sent and "revoke" in sent:
        if not sent["revoke"].isascii() or not sent["revoke"].isdigit():
            raise Http404
        revoke(study, int(sent["revoke"][:18]), by=request.user, at=at)
        return redirect("export-keys", study.code)
    form, key = KeyForm(sent, study=study, by=request.user), ""
    if form.is_valid():
        name, days = form.cleaned_data["name"], form.cleaned_data["days"]
        try:
            key = issue(study, name=name, binding=form.binding, days=days, by=request.user, at=at)
            form = KeyForm(study=study, by=request.user)
        except InvalidInput as error:
            form.take(error)
    places = dict(sites_of(study).values_list("pk", "code"))
    rows = [
        {"token": one, "profile": PROFILES[Profile(one.profile)],
         "sites": None if one.sites is None else [places.get(pk, str(pk)) for pk in one.sites]}
        for one in keys_of(study)
    ]  # fmt: skip
    context = {"study": study, "form": form, "key": key, "rows": rows, "now": at, "pulls": list(unblinded_pulls(study))}
    return render(request, "exports/keys.html", context, status=400 if form.is_bound else 200)


urlpatterns: list[URLPattern] = [path("exports/<str:code>/keys/", keys, name="export-keys")]
