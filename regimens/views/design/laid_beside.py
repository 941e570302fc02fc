"""A finished run beside the typical person: laid there only where it is of what the page shows, else in words."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from regimens.design.contract.kinds import engine
from regimens.design_pages.layers import trial_page
from regimens.design_pages.typical import TypicalPage
from regimens.design_pages.words import LAYERS
from regimens.models import DesignRun, DesignVersion
from regimens.selectors.designs import finished_trial_for
from regimens.views.design.frame import as_json

SAME = ("drug", "pk", "hazard", "regimens", "horizon_d", "last_period_d")  # what both are about


def laid_beside(
    request: HttpRequest, version: DesignVersion, document: Mapping[str, Any], page: TypicalPage
) -> dict[str, Any]:
    """The context: `page` with the layers, their chart `trial`, and `run`. Without `trial` it says why not.

    Empty: no trial of the design is done.
    """
    run = finished_trial_for(request.user, version)
    if run is None:
        return {}
    context: dict[str, Any] = {"run": run, "shown_version": version, "layers": LAYERS}
    if unlike := _unlike(run, version, as_json(document)):
        return context | {"unlike": unlike}
    trial = trial_page(run.fields, run.result.contents, page.points)
    return context | {"page": page.beside(trial), "trial": trial}


def _unlike(run: DesignRun, version: DesignVersion, document: Mapping[str, Any]) -> str:
    """Why the run is not of what the page shows. Empty: it is."""
    if run.version_id != version.pk:
        return "version"
    if run.engine != engine():
        return "engine"
    fields = run.fields
    return "" if all(fields.get(name) == document.get(name) for name in SAME) else "typed"
