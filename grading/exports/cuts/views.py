"""The pages of data cuts: a study's with the form of a new one, one cut with its pulls, and its archive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crsmonitor.accounts.models import User
from crsmonitor.accounts.signing import prove
from crsmonitor.audit.events import record_event
from crsmonitor.error_words import detail_of, text_of
from crsmonitor.errors import InvalidInput, KeyReused, Message
from crsmonitor.stores.s3 import StoreTrouble
from grading.exports.cuts import sending
from grading.exports.cuts.forms import CutForm
from grading.exports.cuts.selectors import (
    Pull,
    cut_in,
    cuts_in,
    manifest_of,
    may_cancel,
    may_retry,
    packet_in,
    pulls_of,
    roles_in,
    sees_names,
)
from grading.exports.download import moment_in
from grading.exports.packet.cuts import cancel, made_already, make_cut, retry
from grading.exports.rows import Scope, scope_for
from grading.exports.words import PROFILES, warning_words
from grading.models import DataCut, Packet, PacketState
from regimens.blinding import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class CutRow:
    """A cut as a page shows it. `maker` is empty where the reader is told roles alone. `last` None: nobody took it.

    `waits`: for what, besides its turn; empty: for nothing.
    """

    cut: DataCut
    profile: str
    maker: str
    roles: list[str]
    may_cancel: bool
    may_retry: bool
    pulls: int
    last: Pull | None
    waits: str


def rows_for(scope: Scope, user: User) -> Iterator[CutRow]:
    names = sees_names(scope.study, user)
    for cut in cuts_in(scope):
        yield _row(scope, cut, user, names=names)


def _row(scope: Scope, cut: DataCut, user: User, *, names: bool) -> CutRow:
    pulls = list(pulls_of(cut, with_names=names))
    return CutRow(
        cut=cut, profile=str(PROFILES[Profile(cut.profile)]), maker=cut.made_by.get_username() if names else "",
        roles=roles_in(cut.study, cut.made_by),
        may_cancel=may_cancel(scope, cut, user), may_retry=may_retry(scope, cut, user),
        pulls=len(pulls), last=pulls[0] if pulls else None, waits=_waits_for(cut.packet),
    )  # fmt: skip


def _waits_for(packet: Packet) -> str:
    """What a packet that is queued was held up by. Empty: nothing but its turn."""
    return text_of(Message(packet.problem)) if packet.state == PacketState.QUEUED.value and packet.problem else ""


@require_http_methods(["GET", "HEAD", "POST"])
def cuts(request: HttpRequest, code: str) -> HttpResponse:
    """The cuts of a study; a POST makes one, signed. Twice the same form is one cut."""
    scope, at = scope_for(request.user, code), timezone.now()
    form = CutForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and (made := _made(request, scope, form, at=at)):
        messages.success(request, _("The data cut %(label)s waits to be made.") % {"label": made.label})
        return redirect("export-cut", code, made.label)
    context = {
        "study": scope.study, "form": form, "rows": list(rows_for(scope, request.user)), "now": at,
        "profile": PROFILES[scope.profile],
    }  # fmt: skip
    return render(request, "exports/cuts.html", context, status=400 if form.is_bound else 200)


def _made(request: HttpRequest, scope: Scope, form: CutForm, *, at: datetime) -> DataCut | None:
    """None: refused, and the form says where. What was made of this form before is not signed again."""
    typed = form.cleaned_data
    try:
        made = made_already(scope, typed["id"], label=typed["label"], by=request.user)
        if made is None:
            cut = moment_in(typed["cut"])
            proof = prove(request, **form.signature)
            made = make_cut(
                scope,
                label=typed["label"],
                because=typed["because"],
                cut=cut,
                by=request.user,
                at=at,
                key=typed["id"],
                proof=proof,
            )
    except (InvalidInput, KeyReused) as error:
        form.take(error)
        return None
    return made


@require_safe
def cut(request: HttpRequest, code: str, label: str) -> HttpResponse:
    """All that is told of one cut, with who took it away."""
    scope = scope_for(request.user, code)
    one, names = cut_in(scope, label), sees_names(scope.study, request.user)
    context = {
        "study": scope.study, "row": _row(scope, one, request.user, names=names), "now": timezone.now(),
        "pulls": list(pulls_of(one, with_names=names)), **_contents(one),
    }  # fmt: skip
    return render(request, "exports/cut.html", context)


def _contents(cut: DataCut) -> dict[str, Any]:
    """What the archive says of itself: what to look at, and which files could not be written, with the reason."""
    if cut.packet.state != PacketState.DONE.value:
        return {}
    try:
        manifest = manifest_of(cut.packet)
    except StoreTrouble as trouble:  # the rest of the page does not need it
        return {"unread": detail_of(trouble)}
    refused = [
        (one["name"], text_of(Message(one["code"], {key: one[key] for key in one if key not in ("name", "code")})))
        for one in manifest["not_written"]
    ]
    return {"refused": refused, "warnings": warning_words(manifest["warnings"])}


@require_POST
def cancelling(request: HttpRequest, code: str, label: str) -> HttpResponse:
    scope = scope_for(request.user, code)
    one = cut_in(scope, label)
    if may_cancel(scope, one, request.user) and cancel(one.packet, at=timezone.now()):
        record_event("packet_cancelled", by=request.user, subject=f"study:{scope.study.pk}", cut=one.pk, label=label)
        messages.success(request, _("Cancelled: %(label)s is not made.") % {"label": label})
    else:
        messages.warning(request, _("Nothing was cancelled: look at what it is now."))
    return redirect("export-cut", code, label)


@require_POST
def retrying(request: HttpRequest, code: str, label: str) -> HttpResponse:
    scope = scope_for(request.user, code)
    one = cut_in(scope, label)
    if may_retry(scope, one, request.user) and retry(one.packet, at=timezone.now()):
        record_event("packet_retried", by=request.user, subject=f"study:{scope.study.pk}", cut=one.pk, label=label)
        messages.success(request, _("The data cut %(label)s waits to be made.") % {"label": label})
    else:
        messages.warning(request, _("Nothing was begun again: look at what it is now."))
    return redirect("export-cut", code, label)


@require_safe
def packet(request: HttpRequest, code: str, label: str) -> HttpResponseBase:
    one = packet_in(scope_for(request.user, code), label)
    return sending.packet_answer(request, one, user=request.user, by_token=False)


urlpatterns: list[URLPattern] = [
    path("exports/<str:code>/cuts/", cuts, name="export-cuts"),
    path("exports/<str:code>/cuts/<str:label>/", cut, name="export-cut"),
    path("exports/<str:code>/cuts/<str:label>/cancel/", cancelling, name="export-cut-cancel"),
    path("exports/<str:code>/cuts/<str:label>/retry/", retrying, name="export-cut-retry"),
    path("exports/<str:code>/cuts/<str:label>/packet.zip", packet, name="export-cut-packet"),
]
