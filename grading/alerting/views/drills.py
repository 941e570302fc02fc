"""Say that a drill has reached you."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from grading.alerting.selectors.drills import answered, drill_for
from grading.alerting.services.drills import answer


@require_GET
def drill(request: HttpRequest, pk: int) -> HttpResponse:
    one = drill_for(request.user, pk)
    return render(request, "alerting/drill.html", {"drill": one, "answered_at": answered(request.user, one)})


@require_POST
def answer_drill(request: HttpRequest, pk: int) -> HttpResponse:
    answer(pk, by=request.user, at=timezone.now())
    return redirect("drill", pk=pk)


urlpatterns: list[URLPattern] = [
    path("drills/<int:pk>/", drill, name="drill"),
    path("drills/<int:pk>/answer/", answer_drill, name="answer_drill"),
]
