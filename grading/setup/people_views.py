"""The people of a study: who is here, in one by a form or many by a file, invited again, and out again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crsmonitor.error_words import detail_of
from crsmonitor.errors import InvalidInput
from grading.setup.forms import PeopleFileForm, PersonForm
from grading.setup.people import EntryOutcome, end_membership, invite_again, put_in
from grading.setup.selectors import members_of, sites_set_up, study_to_set_up
from grading.setup.words import OUTCOMES
from regimens.models import Study
from regimens.wording import ROLE_NAMES


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, study: str) -> HttpResponse:
    """Everybody of a study; a POST adds one, or tries a file: its button says which."""
    trial = study_to_set_up(request.user, study)
    typed = {name: request.POST if name in request.POST else None for name in ("add", "load")}
    person = PersonForm(typed["add"], sites=sites_set_up(request.user, study))
    file = PeopleFileForm(typed["load"], request.FILES, study=trial, by=request.user)
    if person.is_bound and person.is_valid() and (done := _added(request, trial, person, [person.entry])):
        return done
    if file.is_bound and file.is_valid():
        if "sure" not in request.POST:
            rows = list(zip(file.entries, [OUTCOMES[one] for one in file.outcomes], strict=True))
            new = sum(one is not EntryOutcome.THERE for one in file.outcomes)
            context = {"study": trial, "rows": rows, "new": new, "text": file.cleaned_data["text"]}
            return render(request, "setup/people_dry_run.html", context)
        if done := _added(request, trial, file, file.entries):
            return done
    return _page(request, trial, person=person, file=file, status=400 if request.method == "POST" else 200)


def _added(request: HttpRequest, study: Study, form: Any, entries: Any) -> HttpResponse | None:
    """None: the form says what is wrong."""
    try:
        outcomes = put_in(study, entries, by=request.user, at=timezone.now())
    except InvalidInput as error:
        form.take(error)
        return None
    counts = {
        "added": sum(one is not EntryOutcome.THERE for one in outcomes),
        "invited": sum(one in (EntryOutcome.ACCOUNT, EntryOutcome.ADDRESS) for one in outcomes),
    }
    messages.success(request, _("Added: %(added)s. Invited by mail: %(invited)s.") % counts)
    return redirect("setup-people", study.code)


@require_POST
def invite(request: HttpRequest, study: str, pk: int) -> HttpResponse:
    trial = study_to_set_up(request.user, study)
    invite_again(trial, pk, by=request.user, at=timezone.now())
    messages.success(request, _("Invited again; at most once an hour."))
    return redirect("setup-people", study)


@require_POST
def end(request: HttpRequest, study: str, pk: int) -> HttpResponse:
    trial = study_to_set_up(request.user, study)
    try:
        end_membership(trial, pk, reason=request.POST.get("reason", "")[:500], by=request.user, at=timezone.now())
    except InvalidInput as error:
        return _page(request, trial, refused=(pk, detail_of(error)), status=400)
    return redirect("setup-people", study)


def _page(
    request: HttpRequest,
    study: Study,
    *,
    person: PersonForm | None = None,
    file: PeopleFileForm | None = None,
    refused: tuple[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`refused`: the membership that was not ended, and why."""
    sites = sites_set_up(request.user, study.code)
    members = members_of(request.user, study)
    context = {
        "study": study,
        "members": [one for one in members if one.membership.ended_at is None],
        "left": [one for one in members if one.membership.ended_at is not None],
        "person": person or PersonForm(None, sites=sites),
        "file": file or PeopleFileForm(None, None, study=study, by=request.user),
        "roles": ROLE_NAMES,
        "sites": sites,
        "refused": refused,
    }
    return render(request, "setup/people.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("setup/<str:study>/people/", people, name="setup-people"),
    path("setup/<str:study>/people/<int:pk>/invite/", invite, name="setup-invite"),
    path("setup/<str:study>/people/<int:pk>/end/", end, name="setup-end"),
]
