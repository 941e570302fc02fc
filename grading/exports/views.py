"""What a sponsor, an investigator or a data manager takes away."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from crsmonitor.accounts.models import User
from grading.exports import download
from grading.exports.cuts.views import rows_for
from grading.exports.rows import Scope, preview, scope_for, scopes_for
from grading.exports.words import warning_words


@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    shown = [_shown(scope, request.user, at) for scope in scopes_for(request.user)]
    return render(request, "exports/exports.html", {"exports": shown, "cut": at})


def _shown(scope: Scope, user: User, at: datetime) -> dict[str, Any]:
    counts = preview(scope, at)
    return {
        "scope": scope, "counts": counts, "warnings": warning_words(counts.warnings),
        "cuts": list(rows_for(scope, user)),
    }  # fmt: skip


@require_GET
def adcrsp(request: HttpRequest, code: str) -> StreamingHttpResponse:
    return download.adcrsp(request, scope_for(request.user, code), user=request.user, at=timezone.now())


@require_GET
def adcrsp_dictionary(request: HttpRequest, code: str) -> HttpResponse:
    scope_for(request.user, code)
    return download.dictionary_as_csv()


urlpatterns: list[URLPattern] = [
    path("exports/", exports, name="exports"),
    path("exports/<str:code>/adcrsp.csv", adcrsp, name="export-adcrsp"),
    path("exports/<str:code>/adcrsp.dictionary.csv", adcrsp_dictionary, name="export-adcrsp-dictionary"),
]
