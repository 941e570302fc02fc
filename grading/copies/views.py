"""Certified copies of a participant by page, their files, and the page that says what a file is."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crsmonitor.accounts.roles import Act
from crsmonitor.audit.events import record_event
from crsmonitor.errors import InvalidInput, KeyReused, NotFound
from grading.copies.forms import CopyForm, VerifyForm
from grading.copies.making import FORMS, make_copy, name_of
from grading.copies.selectors import copies_of, file_for, known_copy, sha256_in
from grading.copies.shown import known_lines
from regimens.models import Participant
from regimens.selectors import may, participant_for


@require_http_methods(["GET", "HEAD", "POST"])
def copies(request: HttpRequest, pk: int) -> HttpResponse:
    """All copies of a participant; a POST makes one, in the language of whoever asks."""
    participant = participant_for(request.user, pk, Act.COPY)
    form = CopyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _made(request, participant, form):
        messages.success(request, _("The certified copy is made."))
        return redirect("copies", pk)
    context = {
        "participant": participant, "site": participant.site, "form": form, "copies": copies_of(request.user, pk),
    }  # fmt: skip
    return render(request, "copies/copies.html", context, status=400 if form.is_bound else 200)


def _made(request: HttpRequest, participant: Participant, form: CopyForm) -> bool:
    """Whether it is made. The form says why not."""
    typed = form.cleaned_data
    try:
        make_copy(
            request.user, participant.pk, because=typed["because"], language=get_language() or "en",
            at=timezone.now(), key=typed["id"],
        )  # fmt: skip
    except (InvalidInput, KeyReused) as error:
        form.take(error)
        return False
    return True


@require_safe
def copy_file(request: HttpRequest, copy_id: UUID, form: str) -> HttpResponse:
    """One file; that it left is in the participant's trail before it does."""
    copy, file, data = file_for(request.user, copy_id, form)
    record_event(
        "copy_taken", by=request.user, subject=f"participant:{copy.participant_id}", copy=copy.pk, form=form,
        sha256=file.sha256,
    )  # fmt: skip
    answer = HttpResponse(data, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="{name_of(copy, form)}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """What a file is. Nothing is told of participants whom the reader does not see, not even that there are any."""
    if not may(request.user, Act.SEE_STUDY):
        raise NotFound("no_such_page")
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    context = {"form": form, "asked_for": "", "known": None}
    if form.is_bound and form.is_valid() and (digest := _digest(form)):
        known = known_copy(request.user, digest)
        record_event("copy_verified", by=request.user, sha256=digest, known=known is not None)
        context |= {"asked_for": digest, "known": None if known is None else known_lines(known)}
    return render(request, "copies/verify.html", context, status=400 if form.is_bound and form.errors else 200)


def _digest(form: VerifyForm) -> str:
    """Empty: what was pasted is no hash, and the form says so."""
    if (file := form.cleaned_data["file"]) is not None:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            digest.update(chunk)
        return digest.hexdigest()
    try:
        return sha256_in(form.cleaned_data["sha256"])
    except InvalidInput as error:
        form.take(error)
        return ""


urlpatterns: list[URLPattern] = [
    path("participants/<int:pk>/copies/", copies, name="copies"),
    path("copies/verify/", verify, name="copy-verify"),
    path("copies/<uuid:copy_id>.<slug:form>", copy_file, name="copy-file"),
]
