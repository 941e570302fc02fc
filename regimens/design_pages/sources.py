"""Where a regimen of a design may be taken from: the library, and the versions of the reader's studies."""

from typing import Any

from django.utils.translation import gettext as _

from crsmonitor.accounts.models import User
from regimens.design import parameters
from regimens.design_pages.planned_doses import planned_regimen
from regimens.forms.design.typed import counting_number
from regimens.library import Document, names, plan_of, read
from regimens.selectors import regimen_for, regimens_for

LIBRARY, VERSION = "library:", "version:"


def sources_for(user: User) -> list[tuple[str, str]]:
    """Values of a choice with their words: the versions of the user's studies first."""
    versions = regimens_for(user).select_related("study").filter(document__isnull=False)
    return [
        *((f"{VERSION}{one.pk}", f"{one.study.code} · {one}") for one in versions),
        *((f"{LIBRARY}{name}", _("library: %(name)s") % {"name": name}) for name in names()),
    ]


def regimen_from(user: User, source: str) -> tuple[dict[str, Any] | None, str, str]:
    """The regimen, the drug if the engine knows it, and what is to be said of it. Raises NotFound for a stranger's."""
    key = counting_number(source.removeprefix(VERSION)) if source.startswith(VERSION) else None
    if key is not None:
        version = regimen_for(user, key)
        document = None if version.document is None else Document(data=version.document, library_id=version.library_id)
        variant = version.variant or None
    elif (name := source.removeprefix(LIBRARY)) in names():
        document, variant = read(name), None
    else:
        return None, "", _("Choose one of those listed.")
    if document is None:
        return None, "", _("This version was set up by hand: type its days and doses.")
    plan = plan_of(document)
    if variant is None and plan.variants:
        variant = plan.variants[0].code
    regimen, step = planned_regimen(plan, variant)
    drug = plan.drug.split()[0].lower()
    if regimen is None:
        return None, "", _("The dose of %(step)s is in a unit that the engine does not know.") % {"step": step}
    unsaid = _("The plan does not say the day of %(step)s: type what follows.") % {"step": step} if step else ""
    return regimen, drug if drug in parameters.names() else "", unsaid
