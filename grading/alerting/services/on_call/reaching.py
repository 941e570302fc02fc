"""A data manager sets whom alerts page in turn, and whom to phone where messages do not arrive."""

from collections.abc import Sequence

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput
from grading.alerting.services.on_call.rota import set_escalation_steps
from grading.models import PhoneTree
from grading.rules.alerting.escalation import PlannedEscalation
from regimens.models import Site, Study
from regimens.selectors import sites_of, studies_for


def keep_escalation(study: Study, steps: Sequence[PlannedEscalation], *, site: Site | None, by: User) -> None:
    """The steps of a study, or of a site that has its own; none: the site follows the study's. Raises Forbidden."""
    _may_set(study, site, by)
    set_escalation_steps(study, steps, site=site, by=by, reason="escalation set by page")


@transaction.atomic
def keep_phone_tree(study: Study, text: str, *, site: Site | None, by: User) -> PhoneTree:
    """The phone tree of a study, or of one of its sites: changed, never removed. Raises Forbidden, InvalidInput."""
    _may_set(study, site, by)
    if not text.strip():
        raise InvalidInput.at("text", "phone_tree_empty")
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)  # two at once would both make one
    tree = PhoneTree.objects.filter(study=study, site=site).first() or PhoneTree(study=study, site=site)
    tree.text = text.strip()
    tree.full_clean()
    with acting(by=by, reason="phone tree set by page"):
        tree.save()
    return tree


def _may_set(study: Study, site: Site | None, by: User) -> None:
    if not studies_for(by, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
    if site is not None and not sites_of(study).filter(pk=site.pk).exists():
        raise Forbidden("role_forbids")
