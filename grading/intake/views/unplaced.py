"""What an import held or rejected and that waits in no queue: for the data manager, who has its sender mend it."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.intake.selectors import SHOWN, unplaced_for
from grading.intake.words import reason_texts
from grading.models import IntakeEntry
from regimens.selectors import studies_for


@require_safe
def unplaced(request: HttpRequest) -> HttpResponse:
    if not studies_for(request.user, Act.DRAFT).exists():
        raise NotFound("no_such_page")
    entries = list(unplaced_for(request.user)[: SHOWN + 1])
    return render(
        request, "intake/unplaced.html", {"imports": _by_import(entries[:SHOWN]), "more": len(entries) > SHOWN}
    )


def _by_import(entries: Iterable[IntakeEntry]) -> list[dict[str, Any]]:
    """`number`: where in the import, from 1."""
    return [
        {"batch": batch, "entries": [
            {"number": one.place + 1, "outcome": one.get_outcome_display(), "reasons": reason_texts(one.reasons)}
            for one in own
        ]}
        for batch, own in groupby(entries, key=lambda one: one.batch)
    ]  # fmt: skip


urlpatterns: list[URLPattern] = [path("intake/unplaced/", unplaced, name="intake-unplaced")]
