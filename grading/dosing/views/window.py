"""The observation window of one dose: countdown, slot_states, why nobody looked, and its end."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import prove
from crsmonitor.errors import AlreadyCorrected, InvalidInput, KeyReused
from grading.bedside.selectors.bedside import bedside
from grading.bedside.views.head import about
from grading.dosing import window_words
from grading.dosing.forms.window import ClosingForm, MissedObservationForm, WindowForm
from grading.dosing.selectors.window import WindowPage, window_page
from grading.recording.record import record
from regimens.selectors import may_for, participant_for


def window(request: HttpRequest, pk: int) -> HttpResponse:
    """One dose's window; a POST excuses a slot or closes it. A refresh by the page itself gets the slots alone."""
    at, number = timezone.now(), request.GET.get("dose", "")
    if number and not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise Http404
    page = window_page(request.user, pk, at=at, dose_number=int(number) if number else None)
    context = {
        "page": page,
        "countdown": window_words.countdown(page),
        "kinds": window_words.kinds(page, at=at),
        "participant": page.participant,
        "site": page.participant.site,
        "may_move": may_for(request.user, pk, Act.RUN_WARD),
        "may_close": may_for(request.user, pk, Act.JUDGE),
    }
    if request.headers.get("X-By-Itself"):
        return render(request, "dosing/_window_now.html", context)
    forms = _forms(request, page, at=at)
    saved = _save(request, pk, forms, at=at) if request.method == "POST" else False
    if saved:
        return redirect(reverse("window", args=[pk]) + (f"?dose={number}" if number else ""))
    context |= about(request.user, bedside(request.user, pk, Act.SEE_WARD, at=at)) | forms
    context["planned"] = [(dose, window_words.days_late(dose)) for dose in page.planned]
    return render(request, "dosing/window.html", context, status=400 if request.method == "POST" else 200)


def _forms(request: HttpRequest, page: WindowPage, *, at: Any) -> dict[str, WindowForm | None]:
    """Both forms; the one that was sent is bound. None: there is nothing to excuse, or to close."""
    sent = request.POST.get("do") if request.method == "POST" else None
    options = {"participant": page.participant, "at": at}
    slots = window_words.excusable(page)
    asks_why = sent == "missed_observation"
    missed = MissedObservationForm(request.POST if asks_why else None, slots=slots, **options)
    close = None
    if page.period is not None and page.closed is None:
        close = ClosingForm(request.POST if sent == "close" else None, dose=page.period.dose, **options)
    return {"missed_observation": missed if slots or asks_why else None, "close": close}


def _save(request: HttpRequest, pk: int, forms: dict[str, WindowForm | None], *, at: Any) -> bool:
    """Whether what was sent is kept. The form says why not; Forbidden for who may not close a window."""
    form = forms.get(request.POST.get("do", ""))
    if isinstance(form, ClosingForm):
        participant_for(request.user, pk, Act.JUDGE)
    if form is None or not form.is_valid():
        return False
    try:
        proof = prove(request, **form.signature) if isinstance(form, ClosingForm) else None
        record(form.draft(), by=request.user, at=at, proof=proof)
    except (InvalidInput, AlreadyCorrected, KeyReused) as error:
        form.take(error)
        return False
    return True


urlpatterns: list[URLPattern] = [path("participants/<int:pk>/window/", window, name="window")]
