"""What every page of one design has: its version, its tabs, and how a version is saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _l

from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError, Forbidden, NotFound
from regimens.forms.design.typed import TypedForm, counting_number
from regimens.models import DesignVersion
from regimens.selectors.designs import design_for, design_version_for
from regimens.services.designs import save_version

TABS: dict[str, Promise] = {
    "design-starting-dose": _l("Starting dose"),
    "design-exposure": _l("Exposure"),
    "design-compare": _l("Compare regimens"),
    "design-decide": _l("Decide"),
    "design-bedside": _l("To the bedside"),
}
# Of what a version holds: the page that it is changed on. Other parts are called as the contract calls their kind.
CHANGED_ON = {
    "starting_dose": "design-starting-dose", "trimer": "design-starting-dose", "comparison": "design-compare",
    "escalation": "design-decide", "evidence_rule": "design-decide",
}  # fmt: skip
AS_SHOWN = "shown"  # the other parts too are saved as in the version that is looked at, not as in the newest


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: Promise
    address: str


def number_in(request: HttpRequest, name: str = "version") -> int | None:
    """The version, or another number, that an address names. None: it names none. NotFound for what is no number."""
    written = request.GET.get(name, "")
    if not written:
        return None
    number = counting_number(written)
    if number is None:
        raise NotFound("no_such_design")
    return number


def key_in(request: HttpRequest) -> UUID | None:
    """The id that a page has given to the run it asks for: tapped twice, it is one run. None: it gave none."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def framed(request: HttpRequest, version: DesignVersion, tab: str) -> dict[str, Any]:
    """The context of the frame."""
    design = design_for(request.user, version.design_id)
    newest = design.versions.all()[0]
    tabs = [Tab(name, label, reverse(name, args=[design.pk])) for name, label in TABS.items()]
    return {
        "design": design, "version": version, "newest": newest, "tabs": tabs,
        "tab": next(one for one in tabs if one.name == tab), "after": newest.number, "next_number": newest.number + 1,
        "pinned": "" if version.number == newest.number else f"?version={version.number}",
        "elsewhere": _elsewhere(version, newest, TABS["design-compare" if tab == "design-exposure" else tab]),
        "as_shown": request.POST.get("rest") == AS_SHOWN,
    }  # fmt: skip


def _elsewhere(version: DesignVersion, newest: DesignVersion, here: Promise) -> list[Promise | str]:
    """What of the version that is not on this page says something else in the newest one."""
    parts = [*newest.contents, *version.contents]
    names: list[Promise | str] = [
        TABS[CHANGED_ON[part]] if part in CHANGED_ON else part
        for part in parts
        if newest.contents.get(part) != version.contents.get(part)
    ]
    return [name for name in dict.fromkeys(names) if name != here]


def shown_version(request: HttpRequest, pk: int) -> DesignVersion:
    return design_version_for(request.user, pk, number_in(request))


def saved(
    request: HttpRequest, version: DesignVersion, form: TypedForm, changes: Mapping[str, Any], tab: str
) -> HttpResponse | None:
    """The answer to a version that was saved. None: the form says why it was not.

    From the page of an old version what is on it is saved beside the other parts of the newest one, unless it was said
    that they too are to be as they were (`AS_SHOWN`).
    """
    newest = design_version_for(request.user, version.design_id)
    kept = kept_beside(request, version, form)
    try:
        save_version(
            design_id=version.design_id, contents=_with(kept, newest, changes), by=request.user, at=timezone.now(),
            after=counting_number(form.text("after")), note=form.text("note"),
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except DomainError as error:
        form.blame("", detail_of(error))
        return None
    return redirect(reverse(tab, args=[version.design_id]))


def kept_beside(request: HttpRequest, version: DesignVersion, form: TypedForm) -> DesignVersion:
    """The version whose other parts stay beside what is saved."""
    return version if form.text("rest") == AS_SHOWN else design_version_for(request.user, version.design_id)


def _with(kept: DesignVersion, newest: DesignVersion, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the newest version that `kept` did not have yet is empty again, and not left out unsaid."""
    return dict.fromkeys(newest.contents) | kept.contents | as_json(changes)


def as_json(value: Any) -> Any:
    """Decimals as the numbers of JSON: whole ones whole, so that 48 stays 48."""
    return json.loads(json.dumps(value, default=_number))


def _number(value: Any) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)
