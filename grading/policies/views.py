"""Threshold policies: a study's versions, one in words, what it changes, drafting, approving, and a replay."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.signing import prove
from crsmonitor.error_words import fields_of
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.alerting.alert_words import KINDS, asked_text
from grading.models import AlertPolicy
from grading.policies.courses import MOST_SETS, replayed_for
from grading.policies.forms import ApprovalForm, PolicyForm, as_yaml
from grading.policies.library import Policy, read_policy
from grading.policies.selectors import policies_for, policy_for, policy_in_force
from grading.policies.services import approve_policy, draft_policy
from grading.policies.words import ChangeText, change_text, tables_of
from grading.rules.alerting.policy.diff import differences
from grading.rules.alerting.policy.replay import Comparison, ReplayedAlert, read_rules
from grading.rules.grades.graded import INDETERMINATE
from grading.words.wording import listed
from regimens.models import Study
from regimens.selectors import studies_for

SHOWN = 20  # alerts of each list of a replay


@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """Every study of the user with its versions."""
    studies, at = list(studies_for(request.user).order_by("code")), timezone.now()
    if not studies:
        raise NotFound("no_such_page")
    versions = list(policies_for(request.user))
    drafts, approves = (
        set(studies_for(request.user, act).values_list("pk", flat=True)) for act in (Act.DRAFT, Act.APPROVE)
    )
    by_study = []
    for study in studies:
        in_force = policy_in_force(study, at=at)
        rows = [(one, _state(one, in_force)) for one in versions if one.study_id == study.pk]
        by_study.append({
            "study": study, "rows": rows, "in_force": in_force, "may_draft": study.pk in drafts,
            "sees_checklist": study.pk in drafts | approves,
        })  # fmt: skip
    return render(request, "policies/policies.html", {"studies": by_study})


@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """One version in words; a POST approves a draft."""
    version, at = policy_for(request.user, pk), timezone.now()
    in_force = policy_in_force(version.study, at=at)
    initial = {"against": in_force.pk if in_force else None}
    form = ApprovalForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST":
        may_approve = studies_for(request.user, Act.APPROVE).contains(version.study)
        if not may_approve:
            raise Forbidden("role_forbids")
        if form.is_valid():
            try:
                typed = form.cleaned_data
                proof = prove(request, name=typed["name"], password=typed["password"])
                approve_policy(
                    version.pk, against=typed["against"], because=typed["because"], by=request.user, at=at,
                    proof=proof,
                )  # fmt: skip
            except InvalidInput as error:
                form.take(error)
            else:
                messages.success(request, _("%(version)s is in force.") % {"version": version})
                return redirect("policy", version.pk)
    context = {
        "version": version,
        "state": _state(version, in_force),
        "tables": tables_of(version),
        "in_force": in_force,
        "changes": _changes(in_force, version) if version.in_force_from is None else None,
        "form": form,
        # what is in force now: what was compared before is not, where an approval was refused for that
        "against": initial["against"],
        "may_draft": studies_for(request.user, Act.DRAFT).contains(version.study),
        "may_approve": studies_for(request.user, Act.APPROVE).contains(version.study),
        "drafted_it": version.drafted_by_id == request.user.pk,
    }
    return render(request, "policies/policy.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def policy_new(request: HttpRequest, code: str) -> HttpResponse:
    """A draft, typed or as a file; it starts with the version `from`, else with the one in force."""
    study, at = _study_to_draft(request, code), timezone.now()
    if request.method == "POST":
        form = PolicyForm(request.POST, request.FILES)
        if form.is_valid() and form.policy is not None:
            try:
                return _drafted(request, form.policy, study, reason=form.cleaned_data["reason"])
            except InvalidInput as error:
                form.take(error)
        context = {"study": study, "form": form, "text": form.written}
        return render(request, "policies/policy_new.html", context, status=400)
    start = request.GET.get("from", "")
    before = policy_for(request.user, int(start)) if _is_key(start) else policy_in_force(study, at=at)
    if before is not None and before.study_id != study.pk:
        raise NotFound("no_such_policy")
    text = as_yaml(before) if before is not None else read_policy().text
    return render(request, "policies/policy_new.html", {"study": study, "form": PolicyForm(), "text": text})


@require_POST
def policy_default(request: HttpRequest, code: str) -> HttpResponse:
    """The default policy as the study's next draft."""
    study = _study_to_draft(request, code)
    try:
        return _drafted(request, read_policy(), study, reason=_("the default policy"))
    except InvalidInput as error:
        messages.info(request, " ".join(text for texts in fields_of(error).values() for text in texts))
        return redirect("policies")


@require_GET
def policy_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What this version makes different: of the version `against`, else of the one in force before it."""
    version = policy_for(request.user, pk)
    others = [one for one in policies_for(request.user) if one.study_id == version.study_id and one.pk != version.pk]
    against = request.GET.get("against", "")
    before = next((one for one in others if str(one.pk) == against), None)
    if against and before is None:
        raise NotFound("no_such_policy")
    before = before or _before(version, others)
    context = {"version": version, "before": before, "others": others, "changes": _changes(before, version)}
    return render(request, "policies/policy_changes.html", context)


@require_GET
def policy_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """What this version would have told over the recorded courses. Sends nothing, writes nothing."""
    version, at = policy_for(request.user, pk), timezone.now()
    acts = (Act.DRAFT, Act.APPROVE)
    if not any(studies_for(request.user, act).contains(version.study) for act in acts):
        raise Forbidden("role_forbids")
    comparison = replayed_for(request.user, version, at=at)
    context: dict[str, Any] = {"version": version, "before": policy_in_force(version.study, at=at), "most": MOST_SETS}
    if comparison is not None:
        context |= {"comparison": comparison, "lists": _lists(comparison), "figures": _figures(comparison)}
        left_out = read_rules(version.data).not_replayed
        context["left_out"] = [asked_text(code.value) for code in left_out]
    return render(request, "policies/policy_replay.html", context)


def _study_to_draft(request: HttpRequest, code: str) -> Study:
    study = studies_for(request.user).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    if not studies_for(request.user, Act.DRAFT).contains(study):
        raise Forbidden("role_forbids")
    return study


def _drafted(request: HttpRequest, policy: Policy, study: Study, *, reason: str) -> HttpResponse:
    made = draft_policy(policy, study=study, by=request.user, reason=reason, at=timezone.now())
    messages.success(request, _("%(version)s is drafted: it waits for an investigator.") % {"version": made})
    return redirect(reverse("policy", args=[made.pk]))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _state(version: AlertPolicy, in_force: AlertPolicy | None) -> str:
    """draft, in_force or replaced."""
    if version.in_force_from is None:
        return "draft"
    return "in_force" if in_force is not None and in_force.pk == version.pk else "replaced"


def _before(version: AlertPolicy, others: Sequence[AlertPolicy]) -> AlertPolicy | None:
    """The version that this one takes, or took, the place of."""
    at = version.in_force_from
    earlier = [one for one in others if one.in_force_from is not None and (at is None or one.in_force_from < at)]
    return max(earlier, key=lambda one: (one.in_force_from, one.version), default=None)


def _changes(before: AlertPolicy | None, after: AlertPolicy) -> list[ChangeText]:
    return [change_text(one) for one in differences(before.data if before else {}, after.data)]


# --- A replay in words ----------------------------------------------------------------------------------------


def _figures(comparison: Comparison) -> list[tuple[str, object, object]]:
    before, after = comparison.before, comparison.after
    return [
        (_("Alerts"), before.burden.alerts, after.burden.alerts),
        (_("By night"), before.burden.by_night, after.burden.by_night),
        (_("Pages"), before.pages, after.pages),
        (_("Nurse shifts"), before.burden.shifts, after.burden.shifts),
        (_("Alerts per nurse shift"), before.burden.per_shift, after.burden.per_shift),
        (_("Pages per nurse shift"), before.pages_per_shift, after.pages_per_shift),
    ]


def _lists(comparison: Comparison) -> list[dict[str, Any]]:
    otherwise = [_alert(now) | {"asks": _otherwise(was, now)} for was, now in comparison.otherwise]
    named = (
        (_("Alerts gained"), [_alert(one) for one in comparison.gained]),
        (_("Alerts lost"), [_alert(one) for one in comparison.lost]),
        (_("At another time, or asked otherwise"), otherwise),
    )
    return [{"name": name, "count": len(rows), "rows": rows[:SHOWN], "more": len(rows) - SHOWN} for name, rows in named]


def _alert(alert: ReplayedAlert) -> dict[str, Any]:
    words = {"kind": KINDS.get(alert.kind, alert.kind), "grade": alert.grade}
    grade = _("%(kind)s, grade not known") if alert.grade == INDETERMINATE else _("%(kind)s grade %(grade)s")
    return {"alert": alert, "grade": grade % words, "asks": _asks_text(alert)}


def _asks_text(alert: ReplayedAlert) -> str:
    return listed(asked_text(code) for code in alert.codes)


def _otherwise(was: ReplayedAlert, now: ReplayedAlert) -> str:
    if was.at == now.at:
        return f"{_asks_text(was)} → {_asks_text(now)}"
    return _("%(asked)s; before: %(time)s UTC") % {"asked": _asks_text(now), "time": f"{was.at:%Y-%m-%d %H:%M}"}


urlpatterns: list[URLPattern] = [
    path("policies/", policies, name="policies"),
    path("policies/<int:pk>/", policy, name="policy"),
    path("policies/<int:pk>/changes/", policy_changes, name="policy-changes"),
    path("policies/<int:pk>/replay/", policy_replay, name="policy-replay"),
    path("studies/<str:code>/policies/new/", policy_new, name="policy-new"),
    path("studies/<str:code>/policies/default/", policy_default, name="policy-default"),
]
