"""Which imports of a study are let in without a person: seen by its ward, signed by who approves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import SignatureForm, prove
from crsmonitor.errors import Forbidden, InvalidInput
from crsmonitor.pages.error_forms import ShowsErrors
from grading.intake.selectors import policies_for
from grading.intake.services.automatic import sign_policy
from grading.models import IntakeDoor
from regimens.models import Study
from regimens.selectors import studies_for


class IntakePolicyForm(ShowsErrors, SignatureForm):
    """Nothing ticked: nothing is let in by itself."""

    automatic = forms.MultipleChoiceField(
        choices=IntakeDoor.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    because = forms.CharField(max_length=300, error_messages={"required": _l("Say why.")})

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="intake_%s")


@require_http_methods(["GET", "HEAD", "POST"])
def automatic(request: HttpRequest, code: str) -> HttpResponse:
    study, signed = policies_for(request.user, code)
    newest = signed.first()
    may_sign = studies_for(request.user, Act.APPROVE).contains(study)
    if request.method == "POST" and not may_sign:
        raise Forbidden("role_forbids")
    initial = {"automatic": [] if newest is None else newest.automatic}
    form = IntakePolicyForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid() and _signed(request, study, form):
        messages.success(request, _("Kept."))
        return redirect("intake-automatic", code)
    rows = [(one, [IntakeDoor(door).label for door in one.automatic]) for one in signed[:20]]
    context = {"study": study, "form": form if may_sign else None, "signed": rows}
    return render(request, "intake/automatic.html", context, status=400 if form.is_bound else 200)


def _signed(request: HttpRequest, study: Study, form: IntakePolicyForm) -> bool:
    """Whether it is kept. The form says why not."""
    given = form.cleaned_data
    try:
        proof = prove(request, **form.signature)
        sign_policy(study, doors=given["automatic"], because=given["because"], by=request.user, at=timezone.now(),
                    proof=proof)  # fmt: skip
    except InvalidInput as error:
        form.take(error)
        return False
    return True


urlpatterns: list[URLPattern] = [path("intake/studies/<str:code>/", automatic, name="intake-automatic")]
