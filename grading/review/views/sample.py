"""The random sample of central review: what is drawn of a study, and the button that draws it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from grading.recording.sampling import draw_sample
from grading.review.selectors.sampling import sample_of, study_sampled


@require_http_methods(["GET", "HEAD", "POST"])
def review_sample(request: HttpRequest, code: str) -> HttpResponse:
    """A POST sends to central review what is drawn and was not sent yet."""
    study = study_sampled(request.user, code)
    rule = {"percent": study.review_percent, "seed": study.review_seed}
    if request.method == "POST":
        because = _("%(percent)s of 100, seed %(seed)s") % rule
        n = draw_sample(study, because=because, by=request.user, at=timezone.now())
        sent = ngettext("%(n)s event was sent to central review.", "%(n)s events were sent to central review.", n)
        messages.success(request, sent % {"n": n})
        return redirect("review-sample", code)
    return render(request, "review/sample.html", {"sample": sample_of(request.user, study), "study": study, **rule})


urlpatterns: list[URLPattern] = [path("studies/<str:code>/review-sample/", review_sample, name="review-sample")]
