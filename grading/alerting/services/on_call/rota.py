"""Put people on the rota and take them off; set the escalation steps of a study."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.models import EscalationStep, RotaShift
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from regimens.models import Site, Study
from regimens.rules.elapsed import whole_minutes
from regimens.selectors import sites_for, studies_for


def place_for(user: User, study_code: str, site_code: str, act: Act) -> tuple[Study, Site]:
    """The study and its site. Raises NotFound to a stranger, Forbidden to whom may see but not do this."""
    if "\x00" in study_code + site_code:  # which the database cannot be asked for
        raise NotFound("no_such_site")
    study = studies_for(user).filter(code=study_code).first()
    site = None if study is None else sites_for(user, study, Act.SEE_WARD).filter(code=site_code).first()
    if study is None or site is None:
        raise NotFound("no_such_site")
    if not sites_for(user, study, act).filter(pk=site.pk).exists():
        raise Forbidden("role_forbids")
    return study, site


def put_on(
    study: Study,
    site: Site,
    *,
    on_call_role: OnCallRole,
    person: User,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
) -> RotaShift:
    """Add a shift. The person must be of the study, at this site or at all."""
    if not sites_for(person, study, Act.ACKNOWLEDGE).filter(pk=site.pk).exists():
        raise InvalidInput.at("person", "may_not_answer_here")
    with acting(by=by, reason="rota"):
        return RotaShift.objects.create(
            study=study, site=site, on_call_role=on_call_role.value, person=person, starts_at=starts_at, ends_at=ends_at
        )


def call_off(study: Study, site: Site, shift_id: int, *, by: User) -> None:
    """Take a shift off the rota. Raises NotFound."""
    with acting(by=by, reason="shift called off"):
        rows = RotaShift.objects.filter(pk=shift_id, study=study, site=site, called_off=False)
        if not rows.update(called_off=True):
            raise NotFound("no_such_shift")


@transaction.atomic
def set_escalation_steps(
    study: Study, escalation_steps: Sequence[PlannedEscalation], *, site: Site | None, by: User | str, reason: str
) -> None:
    """The escalation_steps of a study, or of one of its sites, from the first to the last. Earlier ones end."""
    with acting(by=by, reason=reason):
        EscalationStep.objects.filter(study=study, site=site, active=True).update(active=False)
        EscalationStep.objects.bulk_create(
            [
                EscalationStep(
                    study=study, site=site, position=place, on_call_role=step.on_call_role.value,
                    wait_minutes=whole_minutes(step.wait),
                )
                for place, step in enumerate(escalation_steps, start=1)
            ]
        )  # fmt: skip
