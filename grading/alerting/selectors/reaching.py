"""Whom alerts page in turn, and whom to phone, as whoever works in the study may see it."""

from django.db.models import Q

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.models import EscalationStep, PhoneTree
from regimens.models import Site, Study
from regimens.selectors import sites_of, studies_for


def ward_study_for(user: User, code: str) -> Study:
    """A study in whose wards this user works, or whose set-up they look after. Raises NotFound to a stranger."""
    study = None if "\x00" in code else studies_for(user, Act.SEE_WARD).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    return study


def sites_reached(user: User, study: Study) -> list[Site]:
    """The sites of such a study, by code. Empty for a stranger."""
    if not studies_for(user, Act.SEE_WARD).filter(pk=study.pk).exists():
        return []
    return list(sites_of(study).order_by("code"))


def escalation_steps_for(user: User, study: Study, site: Site | None) -> list[EscalationStep]:
    """The steps of the study (`site` None), or those that a site has of its own; empty: it has none."""
    mine = studies_for(user, Act.SEE_WARD)
    return list(EscalationStep.objects.filter(study__in=mine, active=True).filter(study=study, site=site))


def phone_trees_of(user: User, study: Study) -> dict[int | None, PhoneTree]:
    """Key of a site (None: the study's own) -> its phone tree."""
    mine = studies_for(user, Act.SEE_WARD)
    trees = PhoneTree.objects.filter(Q(study__in=mine), study=study)
    return {tree.site_id: tree for tree in trees}
