"""The page of signatures: all that somebody sees, those that ask again first; and one record with its own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crsmonitor.accounts.signing import prove
from crsmonitor.error_words import text_of
from crsmonitor.errors import Forbidden, InvalidInput, KeyReused, Message, NotFound
from grading.review.signatures.again import sign_record
from grading.review.signatures.forms import SignRecordForm
from grading.review.signatures.selectors import SHOWN, SignatureSubject, asking_again, signatures_for, subject_of
from grading.review.signatures.words import lines_of, page_of, title_of
from regimens.selectors import studies_for


@require_http_methods(["GET", "HEAD", "POST"])
def signatures(request: HttpRequest) -> HttpResponse:
    """`?kind=&record=`: one record, which a POST signs; without, all, by pages (`?page=`)."""
    kind, record = request.GET.get("kind", ""), request.GET.get("record", "")
    if kind or record:
        return _one(request, kind, record)
    if request.method == "POST":
        raise NotFound("no_such_record")
    if not studies_for(request.user).exists():
        raise NotFound("no_such_page")
    page = _number(request.GET.get("page", ""))
    rows = list(signatures_for(request.user)[(page - 1) * SHOWN : page * SHOWN + 1])
    context = {
        "again": lines_of(list(asking_again(request.user)[:SHOWN]), request.user) if page == 1 else [],
        "lines": lines_of(rows[:SHOWN], request.user),
        "page": page,
        "next": page + 1 if len(rows) > SHOWN else None,
    }
    return render(request, "review/signatures/list.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 5 and int(text) else 1


def _one(request: HttpRequest, kind: str, record: str) -> HttpResponse:
    at = timezone.now()
    subject = subject_of(request.user, kind, record, at=at)
    form = SignRecordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not subject.may_sign:
        raise Forbidden("role_forbids")
    if form.is_bound and form.is_valid() and _signed(request, subject, form, record):
        messages.success(request, _("Signed."))
        return redirect(request.get_full_path())
    context = {
        "subject": subject, "title": title_of(subject), "page": page_of(subject), "form": form,
        "lines": lines_of(subject.signatures, request.user),
        "refusal": text_of(Message(subject.refusal)) if subject.refusal else "",
        "site": None if subject.participant is None else subject.participant.site,
    }  # fmt: skip
    return render(request, "review/signatures/one.html", context, status=400 if form.is_bound else 200)


def _signed(request: HttpRequest, subject: SignatureSubject, form: SignRecordForm, record: str) -> bool:
    """Whether it is. The form says why not."""
    typed = form.cleaned_data
    try:
        proof = prove(request, **form.signature)
        sign_record(
            subject.signable.kind, record, seen=typed["seen"], by=request.user, at=timezone.now(), proof=proof,
            key=typed["id"],
        )  # fmt: skip
    except (InvalidInput, KeyReused) as error:
        form.take(error)
        return False
    return True


urlpatterns: list[URLPattern] = [path("signatures/", signatures, name="signatures")]
