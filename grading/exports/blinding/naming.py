"""Who keeps a study blinded is named, and ended, by its data managers and by operators."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.accounts.selectors import is_operator
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.exports.blinding.telling import managers_of
from grading.models import BlindingManager
from regimens.models import Study
from regimens.selectors import studies_for


def may_name(user: User, study: Study) -> bool:
    return is_operator(user) or studies_for(user, Act.DRAFT).filter(pk=study.pk).exists()


def study_guarded_by(user: User, code: str) -> Study:
    """The study of this code, for whoever keeps it blinded or names who does. NotFound for anybody else."""
    study = None if "\x00" in code else Study.objects.filter(code=code).first()
    if study is None or not (may_name(user, study) or managers_of(study).filter(person=user).exists()):
        raise NotFound("no_such_study")
    return study


def nameable(study: Study) -> QuerySet[User]:
    """People of the study who are not named yet."""
    members = User.objects.filter(memberships__study=study, memberships__ended_at=None, is_active=True)
    named = BlindingManager.objects.filter(study=study, ended_at=None)
    return members.exclude(pk__in=named.values("person")).order_by("username").distinct()


@transaction.atomic
def name(study: Study, person_id: str, *, by: User, at: datetime) -> None:
    """Raises Forbidden, InvalidInput."""
    _may(study, by)
    number = int(person_id) if person_id.isascii() and person_id.isdigit() and len(person_id) < 10 else 0
    person = nameable(study).filter(pk=number).first()
    if person is None:
        raise InvalidInput.at("person", "nobody_to_keep_blinded")
    with acting(by=by, reason=f"keeps {study.code} blinded"):
        BlindingManager.objects.create(study=study, person=person, named_by=by, named_at=at)


@transaction.atomic
def end(study: Study, manager_id: str, *, by: User, at: datetime) -> None:
    """Raises Forbidden; NotFound for one that is not of this study, or ended already."""
    _may(study, by)
    number = int(manager_id) if manager_id.isascii() and manager_id.isdigit() and len(manager_id) < 18 else 0
    with acting(by=by, reason=f"no longer keeps {study.code} blinded"):
        if not BlindingManager.objects.filter(pk=number, study=study, ended_at=None).update(ended_at=at):
            raise NotFound("no_such_record")


def _may(study: Study, by: User) -> None:
    if not may_name(by, study):
        raise Forbidden("role_forbids")
