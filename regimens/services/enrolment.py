"""The one guard of enrolment: of the administration, of pages, of programs. Other apps add what they know."""

from collections.abc import Callable, Iterable
from datetime import datetime

from crsmonitor.errors import InvalidInput, Message
from regimens.models import Regimen, Site, Study
from regimens.selectors import missing_for_enrolment
from regimens.services.versions import version_in_force

Guard = Callable[[Study, Site, datetime], Iterable[Message]]
_GUARDS: list[Guard] = []


def add_guard(guard: Guard) -> None:
    """What keeps anybody from being enrolled at a site of a study, beside the regimen: messages, none where nothing."""
    if guard not in _GUARDS:
        _GUARDS.append(guard)


def check_enrolment(*, study: Study, site: Site, regimen: Regimen, at: datetime) -> None:
    """Whether a participant may be enrolled here and now under this version. Raises InvalidInput at each field."""
    fields = {
        "regimen": list(_of_regimen(study, regimen)),
        "site": [message for guard in _GUARDS for message in guard(study, site, at)],
    }
    if wrong := {name: messages for name, messages in fields.items() if messages}:
        raise InvalidInput("not_ready_to_enrol", fields=wrong)


def _of_regimen(study: Study, regimen: Regimen) -> Iterable[Message]:
    if regimen.study_id != study.pk:
        yield Message("regimen_of_another_study")
    elif regimen.approved_at is None:
        yield Message("regimen_is_draft", {"regimen": str(regimen)})
    else:
        newest = version_in_force(study, regimen.code)
        if newest is not None and newest.pk != regimen.pk:
            yield Message("newer_in_force", {"regimen": str(newest)})
        if missing_for_enrolment(regimen) or not regimen.tightening_decided:
            yield Message("plan_unfinished", {"regimen": str(regimen)})
