"""The protocol appendix of a study's regimen version, to keep or to print: one HTML file, in English."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from grading.dosing.protocol import appendix_of, title_of
from regimens.library.written import as_html
from regimens.selectors import regimen_for


@require_GET
def protocol(request: HttpRequest, pk: int) -> HttpResponse:
    version = regimen_for(request.user, pk)
    answer = HttpResponse(as_html(title_of(version), appendix_of(version, user=request.user, at=timezone.now())))
    name = f"protocol-{version.study.code}-{version.code}-v{version.version}.html"
    # A file with its own style, which a page of this site may not have.
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


urlpatterns: list[URLPattern] = [path("regimens/<int:pk>/protocol/", protocol, name="protocol")]
