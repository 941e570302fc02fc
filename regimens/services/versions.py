"""Regimen versions: made of a document, amended by the next one, frozen by approval and by their first dose.

By page a version is drafted (`drafting.py`) and another person approves it; `adopt` and `amend` are both in one, for
whoever operates the server: the demo trial and simulations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError, InvalidInput, Message
from regimens.library import Document, as_json, plan_of
from regimens.models import Regimen, Step, StepKind, Study
from regimens.rules.plan import Observation, Plan, PlannedStep
from regimens.selectors import LOOKS
from regimens.services.designed import FromDesign, carried, freeze_band, keep_origin

Looks = Mapping[str, Decimal | int]  # one of selectors.LOOKS -> hours
NO_LOOKS: Looks = {}
RISK_WINDOW = "risk_window_h"
AT_ONCE = "in force at once"
SOURCE = "Made of {what}; each number names its source there. Check against the label in force."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlan:
    """What a study says itself, because no label prints it. `looks` hold for every dose step, `looks_of` for one by
    its label; what the document says of a step comes before both. None: as in the version before, else the default.
    """

    looks: Looks = field(default_factory=dict)
    looks_of: Mapping[str, Looks] = field(default_factory=dict)
    grace_minutes: int | None = None
    tightening: dict[str, Any] | None = None
    untightened_because: str = ""
    source: str = ""  # where these numbers come from


def document_of(regimen: Regimen) -> Document | None:
    """The document that this version was made of. None: it was set up by hand."""
    if regimen.document is None:
        return None
    return Document(data=regimen.document, library_id=regimen.library_id)


def version_in_force(study: Study, code: str) -> Regimen | None:
    """The newest approved version of a study's regimen. None: the study has no such regimen, or a draft alone."""
    return study.regimens.filter(code=code, approved_at__isnull=False).order_by("-version").first()


def newest_version(study: Study, code: str) -> Regimen | None:
    """The newest version, be it a draft. None: the study has no such regimen."""
    return study.regimens.filter(code=code).order_by("-version").first()


@transaction.atomic
def adopt(
    *,
    study: Study,
    document: Document,
    variant: str,
    by: User | str,
    reason: str,
    at: datetime,
    looks: Looks = NO_LOOKS,
    own: OwnPlan | None = None,
    origin: FromDesign | None = None,
) -> Regimen:
    """A study's first version of a regimen, with the steps that the document and the region's label say.

    `looks`: how often to look after each step, and the risk window, where the document does not say: no label does;
    `own`: they and the rest that a study sets. `origin`: the design it was compiled from, whose band is frozen.
    Without intervals the study is not ready to enrol (`selectors.missing_for_enrolment`); without a risk window of
    every dose step it is not adopted. `variant` empty: no region's label is followed, and no step has an observation
    window. InvalidInput where the document has no such variant or a step no risk window, DomainError where the study
    has the regimen already (`amend`).
    """
    alone(study)
    if version_in_force(study, document.id) is not None:
        raise DomainError("has_it_already", study=study.code, regimen=document.id)
    plan = own or OwnPlan(looks=looks)
    return make(
        study, document, variant, before=None, by=by, reason=reason, at=at, own=plan, in_force=True, origin=origin
    )  # fmt: skip


@transaction.atomic
def amend(
    *,
    regimen: Regimen,
    document: Document,
    variant: str,
    by: User | str,
    reason: str,
    at: datetime,
    looks: Looks = NO_LOOKS,
    origin: FromDesign | None = None,
) -> Regimen:
    """The next version. What was given stays with the version it was given under, and so do the participants.

    `regimen` is the version in force; DomainError where it is not, or where the document is of another regimen.
    InvalidInput where a step has no risk window: one adopted before it was asked for has to say it now.
    """
    alone(regimen.study)
    newest = version_in_force(regimen.study, regimen.code)
    if newest is None or newest.pk != regimen.pk:
        raise DomainError("not_the_newest", regimen=str(regimen))
    if document.id != regimen.code:
        raise DomainError("file_of_another", file=document.id, regimen=regimen.code)
    if not reason.strip():
        raise InvalidInput.at("reason", "say_why_amended")
    own = OwnPlan(looks=looks)
    return make(
        regimen.study, document, variant, before=regimen, by=by, reason=reason, at=at, own=own, in_force=True,
        origin=origin or carried(regimen, document),
    )  # fmt: skip


def alone(study: Study) -> None:
    """Whoever adds or approves a version of this study waits for the one before."""
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)


def make(
    study: Study,
    document: Document,
    variant: str,
    *,
    before: Regimen | None,
    by: User | str,
    reason: str,
    at: datetime,
    own: OwnPlan,
    in_force: bool,
    origin: FromDesign | None = None,
) -> Regimen:
    """The next version with its steps; `before`: the version in force that it amends. For the services beside.

    `origin`: the design it was compiled from; the band of a version that is in force at once is frozen here.
    """
    plan = plan_of(document)
    known = [one.code for one in plan.variants]
    if variant and variant not in known:
        raise InvalidInput("no_such_variant", regimen=document.id, variant=variant, known=", ".join(known) or "–")
    newest = newest_version(study, plan.id)
    looks_at = looks_by_step(document, before=before, own=own)
    with acting(by=by, reason=reason or f"adopt {document.id}"):
        made = Regimen(
            study=study, code=plan.id, version=newest.version + 1 if newest else 1, title=plan.title, drug=plan.drug,
            resolution_hours=before.resolution_hours if before else study.resolution_hours,
            source=_source(document, own),
            document=as_json(document.data), library_id=document.library_id, variant=variant, amends=before,
            reason=reason, made_at=at, drafted_by=by if isinstance(by, User) and not in_force else None,
            approved_at=at if in_force else None, approved_because=(reason or AT_ONCE) if in_force else "",
        )  # fmt: skip
        _set_own(made, before, own)
        made.save()
        stated = {step["label"]: step for step in document.data["steps"]}
        for step in plan.steps:
            short = stated[step.label].get("short", "")
            _step(made, plan, step, variant, short=short, looks=looks_at[step.label]).save()
        if origin is not None:
            keep_origin(made, origin, by=by, at=at)
        if in_force:
            freeze_band(made, at=at)
    return made


def looks_by_step(document: Document, *, before: Regimen | None, own: OwnPlan) -> dict[str, dict[str, Any]]:
    """Label -> what is known of a step. The document comes first, then the study's own word, then `before`.

    `before`: the version in force that it amends. Raises InvalidInput at each step that is left without a risk window.
    """
    looks: dict[str, dict[str, Any]] = {}
    for step, stated in zip(plan_of(document).steps, document.data["steps"], strict=True):
        set_here = dict(own.looks) | dict(own.looks_of.get(step.label, {})) if step.opens_period else {}
        looks[step.label] = _looks_before(before, step.label) | set_here | stated
    _refuse_without_risk_window(plan_of(document), looks)
    return looks


def _refuse_without_risk_window(plan: Plan, looks: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether a dose period was observed for long enough is asked of every export, and no label prints for how long.

    A pretreatment opens no period and is not asked.
    """
    lacking = [one for one in plan.steps if one.opens_period and looks[one.label].get(RISK_WINDOW) is None]
    fields = {}
    for one in lacking:
        message = Message("risk_window_lacking", {"number": one.position, "step": one.label})
        fields[f"steps[{one.position - 1}].{RISK_WINDOW}"] = [message]
    if lacking:
        steps = ", ".join(f"{one.position} ({one.label})" for one in lacking)
        raise InvalidInput("risk_windows_lacking", fields=fields, steps=steps)


def _source(document: Document, own: OwnPlan) -> str:
    source = SOURCE.format(what=f"{document.library_id} of the library" if document.library_id else "a file")
    return f"{source}\n{own.source}" if own.source else source


def _set_own(made: Regimen, before: Regimen | None, own: OwnPlan) -> None:
    """Grace and tightening: the study's own word, else that of the version before, else the default."""
    if before is not None:
        made.grace_minutes, made.tightening = before.grace_minutes, before.tightening
        made.untightened_because = before.untightened_because
    if own.grace_minutes is not None:
        made.grace_minutes = own.grace_minutes
    if own.tightening is not None or own.untightened_because:
        made.tightening, made.untightened_because = own.tightening, own.untightened_because


def _looks_before(before: Regimen | None, label: str) -> dict[str, Any]:
    """How often the version before had this step looked at: it goes on where the new file does not say."""
    step = before.steps.filter(label=label).first() if before else None
    return {} if step is None else {name: getattr(step, name) for name in LOOKS}


def _step(
    regimen: Regimen, plan: Plan, step: PlannedStep, variant: str, *, short: str, looks: Mapping[str, Any]
) -> Step:
    window = window_of(plan, step, variant)
    if step.dose is None:
        raise InvalidInput("step_without_dose", step=step.label)
    row = Step(
        regimen=regimen, position=step.position, label=step.label, short_label=short, kind=_kind(step),
        planned_dose=step.dose,
        unit=step.unit, planned_day=planned_day(plan, step, variant), opens_period=step.opens_period,
        rate_segment=step.rate_segment, infusion_h=step.infusion_h, split_with=step.split_with or "",
        repeats=step.repeats, times=step.times, condition=step.condition or "",
        interval_min_d=step.interval.min_d, interval_planned_d=step.interval.planned_d,
        interval_latest_d=step.interval.latest_d,
        **{name: looks.get(name) for name in LOOKS},
    )  # fmt: skip
    if window is not None:
        # The bedside counts whole hours: half an hour is watched for one.
        if window.hours is not None:
            row.inpatient_h = int(window.hours.to_integral_value(rounding=ROUND_CEILING))
        row.inpatient_clock = window.clock.value
        row.observed_in = "" if window.setting is None else window.setting.value
    return row


def _kind(step: PlannedStep) -> StepKind:
    if not step.opens_period:
        return StepKind.PRETREATMENT
    return StepKind.TARGET if step.is_target else StepKind.STEP_UP


def planned_day(plan: Plan, step: PlannedStep, variant: str) -> int | None:
    """The day that the region's label prints, or else the regimen. None: the plan counts from the dose before."""
    return plan.day_of(step, variant or None)


def window_of(plan: Plan, step: PlannedStep, variant: str) -> Observation | None:
    """The first observation that the region's label asks for after this step. None: it asks for none."""
    observations = plan.variant(variant).observations if variant else ()
    return next((one for one in observations if step.label in one.steps), None)
