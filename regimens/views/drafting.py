"""A study's next version of a regimen: taken over from the library, from a file, typed, or amended. All are drafts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import DomainError, Forbidden, NotFound
from regimens.forms.drafting import FileForm, HandForm, TypedSteps
from regimens.forms.own_plan import OwnPlanForm
from regimens.library import Document, names, parse, plan_of, read
from regimens.library.own import as_yaml, steps_without_window
from regimens.models import Regimen, Study
from regimens.selectors import regimen_for, regimens_of, studies_for
from regimens.selectors.designs import origin_for
from regimens.services.drafting import draft
from regimens.services.versions import document_of, version_in_force
from regimens.wording import state_of


@require_GET
def study_regimens(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of a study, what waits for whom, and how the next one is made."""
    versions = list(regimens_of(request.user, code))
    study = studies_for(request.user).get(code=code)
    context = {
        "study": study,
        "versions": [(one, state_of(one, versions)) for one in versions],
        "may_draft": studies_for(request.user, Act.DRAFT).contains(study),
        "sees_checklist": any(studies_for(request.user, act).contains(study) for act in (Act.DRAFT, Act.APPROVE)),
        "library": [read(name) for name in names()],
    }
    return render(request, "regimens/of_study.html", context)


@require_http_methods(["GET", "POST"])
def take_over(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """A published regimen, with what its label does not print."""
    study = _to_draft(request, code)
    if name not in names():
        raise NotFound("no_such_regimen")
    document = read(name)
    before = version_in_force(study, name)
    initial = _label_chosen(document, request.GET.get("variant", ""))
    form = OwnPlanForm(_sent(request), before=before, initial=initial, document=document)
    if form.is_bound and (made := _drafted(request, study, form, document)):
        return made
    labels = [one.code for one in plan_of(document).variants]
    lacking = [(one, steps_without_window(document, one)) for one in labels or [""]]
    context = {"study": study, "form": form, "document": document, "labels": labels, "lacking": lacking}
    return render(request, "regimens/take_over.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def from_file(request: HttpRequest, code: str) -> HttpResponse:
    """A regimen of the study's own, typed as YAML or sent as a file."""
    study = _to_draft(request, code)
    form = FileForm(_sent(request), request.FILES or None)
    form.is_valid()
    if form.is_bound and form.document is not None:
        form.before = version_in_force(study, form.document.id)
        if made := _drafted(request, study, form, form.document):
            return made
    context = {"study": study, "form": form, "text": form.written}
    return render(request, "regimens/from_file.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version of this one: its file as it stands, to be changed; or only what the study says itself."""
    version = regimen_for(request.user, pk)
    study = _to_draft(request, version.study.code)
    document = document_of(version)
    if document is None:
        raise NotFound("no_such_regimen")
    form = FileForm(_sent(request), request.FILES or None, before=version, document=document)
    form.is_valid()
    if form.is_bound and form.document is not None:
        kept = document if form.document.data == _reread(document).data else form.document
        if made := _drafted(request, study, form, kept, amends=version):
            return made
    text = form.written if form.is_bound else as_yaml(document)
    designed = origin_for(request.user, version.pk)
    context = {"study": study, "form": form, "text": text, "version": version, "designed": designed}
    return render(request, "regimens/from_file.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def by_hand(request: HttpRequest, code: str) -> HttpResponse:
    """A regimen that is typed step by step."""
    study = _to_draft(request, code)
    form, steps = HandForm(_sent(request)), TypedSteps(_sent(request), prefix="step")
    if form.is_bound and form.is_valid() & steps.is_valid():
        document = form.document_with([one for one in steps if one.has_changed()])
        if document is not None and (made := _drafted(request, study, form, document)):
            return made
    context = {"study": study, "form": form, "steps": steps}
    return render(request, "regimens/typed.html", context, status=400 if form.is_bound else 200)


def _to_draft(request: HttpRequest, code: str) -> Study:
    study = studies_for(request.user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    if not studies_for(request.user, Act.DRAFT).contains(study):
        raise Forbidden("role_forbids")
    return study


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _label_chosen(document: Document, label: str) -> dict[str, Any]:
    """The label followed: the only one, or the one that was looked at before."""
    known = [one.code for one in plan_of(document).variants]
    chosen = known[0] if len(known) == 1 else label
    return {"variant": chosen} if chosen in known else {}


def _reread(document: Document) -> Document:
    """The document as it is read from the text that the page shows of it."""
    return parse(as_yaml(document))


def _drafted(
    request: HttpRequest, study: Study, form: OwnPlanForm, document: Document, *, amends: Regimen | None = None
) -> HttpResponse | None:
    """The answer to a draft that was kept. None: the form says all that is wrong."""
    form.is_valid()
    settled = form.settle(document)
    if settled is None:
        return None
    whole, variant, own = settled
    try:
        made = draft(
            study=study, document=whole, variant=variant, by=request.user, reason=form.cleaned_data["reason"],
            at=timezone.now(), own=own, amends=amends,
        )  # fmt: skip
    except Forbidden:
        raise
    except DomainError as error:
        form.take(error)
        return None
    messages.success(request, _("%(version)s is drafted: it waits for an investigator.") % {"version": made})
    return redirect("regimen", made.pk)


urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/regimens/", study_regimens, name="setup-regimens"),
    path("studies/<str:code>/regimens/library/<str:name>/", take_over, name="regimen-take-over"),
    path("studies/<str:code>/regimens/file/", from_file, name="regimen-file"),
    path("studies/<str:code>/regimens/by-hand/", by_hand, name="regimen-by-hand"),
    path("regimens/<int:pk>/amend/", amend, name="regimen-amend"),
]
