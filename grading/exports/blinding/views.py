"""The page of a study's blinding: who keeps it, and every pull and key that tells what it is blinded for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crsmonitor.error_words import detail_of
from crsmonitor.errors import InvalidInput
from grading.exports.blinding.naming import end, may_name, name, nameable, study_guarded_by
from grading.exports.blinding.telling import managers_of
from grading.exports.trail import unblinding_events


@require_http_methods(["GET", "HEAD", "POST"])
def unblinding(request: HttpRequest, code: str) -> HttpResponse:
    """A POST names somebody (`person`) or ends it (`end`): a data manager's, or an operator's."""
    study, at, problem = study_guarded_by(request.user, code), timezone.now(), ""
    if request.method == "POST":
        try:
            if "end" in request.POST:
                end(study, request.POST["end"], by=request.user, at=at)
            else:
                name(study, request.POST.get("person", ""), by=request.user, at=at)
            return redirect("export-unblinding", study.code)
        except InvalidInput as error:
            problem = detail_of(error)
    context = {
        "study": study, "managers": list(managers_of(study)), "may_name": may_name(request.user, study),
        "people": list(nameable(study)), "events": list(unblinding_events(study)), "problem": problem,
    }  # fmt: skip
    return render(request, "exports/unblinding.html", context, status=400 if problem else 200)


urlpatterns: list[URLPattern] = [path("exports/<str:code>/unblinding/", unblinding, name="export-unblinding")]
