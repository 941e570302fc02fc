"""A trial is made and set up: an operator makes the study and names its first data manager, who does the rest."""

from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput
from regimens.models import Membership, Site, Study, StudySite
from regimens.replanning import site_described
from regimens.selectors import sites_of, studies_for

OF_SITE = ("name", "country", "time_zone")
ASKED_FOR = ("city", "hospital", "language")  # what the ICE asks for, and in which language: said anew or left out


@transaction.atomic
def make_study(study: Study, *, data_manager: User, by: User) -> Study:
    """Keep a new study. Raises Forbidden for who is no operator."""
    if not by.is_staff:
        raise Forbidden("role_forbids")
    study.full_clean()
    with acting(by=by, reason="new study"):
        study.save()
        Membership.objects.create(user=data_manager, study=study, role=Role.DATA_MANAGER.value)
    return study


def change_study(study: Study, *, by: User, reason: str) -> Study:
    """Keep what was changed of a study. Raises Forbidden for who is no data manager of it, InvalidInput."""
    _may_set_up(study, by)
    if not reason.strip():
        raise InvalidInput.at("reason", "say_why_changed")
    study.full_clean()
    with acting(by=by, reason=reason.strip()):
        study.save()
    return study


@transaction.atomic
def add_site(study: Study, site: Site, *, by: User, at: datetime) -> Site:
    """The site takes part in the study from now on: a new one, or one that another study has already.

    Raises Forbidden, InvalidInput where the code is that of a site which is somewhere else, or takes part already.
    """
    _may_set_up(study, by)
    known = Site.objects.filter(code=site.code).first()
    if known is None:
        site.full_clean()
    elif _is_another(known, site):
        raise InvalidInput.at("code", "site_of_another_place", site=known.code, name=known.name, zone=known.time_zone)
    elif known.study_sites.filter(study=study).exists():
        raise InvalidInput.at("code", "site_takes_part", site=known.code)
    with acting(by=by, reason="site of the study"):
        if known is None:
            site.save()
        StudySite.objects.create(study=study, site=known or site, added_at=at)
    return known or site


def change_site(study: Study, site: Site, *, by: User, reason: str) -> Site:
    """Keep what was changed of a site. Raises Forbidden, InvalidInput; what records rest on, the model refuses."""
    _may_set_up(study, by)
    if not sites_of(study).filter(pk=site.pk).exists():
        raise Forbidden("role_forbids")
    others = Study.objects.exclude(pk=study.pk)
    if any(sites_of(one).filter(pk=site.pk).exists() for one in others):
        raise InvalidInput.at("name", "site_is_shared")
    if not reason.strip():
        raise InvalidInput.at("reason", "say_why_changed")
    site.full_clean()
    with transaction.atomic(), acting(by=by, reason=reason.strip()):
        site.save()
        site_described(site)
    return site


def _is_another(known: Site, site: Site) -> bool:
    """Whether what was typed is not the site that is known; what was left empty contradicts nothing."""
    typed = [*OF_SITE, *(name for name in ASKED_FOR if getattr(site, name))]
    return any(getattr(known, name) != getattr(site, name) for name in typed)


def _may_set_up(study: Study, by: User) -> None:
    if not studies_for(by, Act.DRAFT).filter(pk=study.pk).exists():
        raise Forbidden("role_forbids")
