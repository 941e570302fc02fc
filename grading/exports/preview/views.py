"""The pages of one study's export: its preview with what is new since a cut, and the dictionary."""

from datetime import datetime
from typing import Any
from zipfile import ZipFile

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from grading.exports.cuts.selectors import newest_made, packet_in
from grading.exports.cuts.views import rows_for
from grading.exports.datasets import ALL
from grading.exports.packet.stored import PacketFile
from grading.exports.packet.verifying import manifest_in
from grading.exports.preview.corrections import corrections_since
from grading.exports.preview.dictionary import MOST, columns_with
from grading.exports.preview.period_changes import period_changes
from grading.exports.preview.row_counts import row_counts
from grading.exports.preview.steps import picture_of
from grading.exports.rows import Scope, preview, scope_for
from grading.exports.words import CHANGES, NEEDS, PROFILES, STEP_PARTS, warning_words
from grading.models import DataCut


@require_safe
def study(request: HttpRequest, code: str) -> HttpResponse:
    """What a packet of now would hold. `since`: the label of the cut to compare with; without it the newest."""
    scope, at = scope_for(request.user, code), timezone.now()
    since = _since(scope, request.GET.get("since", ""))
    counts = preview(scope, at)
    context: dict[str, Any] = {
        "study": scope.study, "scope": scope, "now": at, "counts": counts, "profile": PROFILES[scope.profile],
        "warnings": warning_words(counts.warnings), "picture": picture_of(scope, at=at), "parts": STEP_PARTS,
        "rows": list(rows_for(scope, request.user)), "since": since, "changes": CHANGES,
        **_compared(scope, since, at),
    }  # fmt: skip
    return render(request, "exports/study.html", context)


def _compared(scope: Scope, since: DataCut | None, at: datetime) -> dict[str, Any]:
    if since is None:
        return {"row_counts": list(row_counts(scope, None, {}, at=at))}
    with ZipFile(PacketFile(since.packet)) as archive:
        return {
            "row_counts": list(row_counts(scope, since, manifest_in(archive), at=at)),
            "periods": period_changes(since, archive, at=at),
            "corrections": corrections_since(since, at=at),
        }


def _since(scope: Scope, label: str) -> DataCut | None:
    """NotFound for a cut that its reader does not find, or that is not made yet."""
    return packet_in(scope, label).cut if label else newest_made(scope)


@require_safe
def dictionary(request: HttpRequest, code: str) -> HttpResponse:
    """The columns of one data set, or those with the words that are sought; without either the list of data sets."""
    scope = scope_for(request.user, code)
    words, name = request.GET.get("words", "").strip(), request.GET.get("dataset", "")
    withheld = {dataset.name: dataset.withheld(scope.profile) for dataset in ALL}
    chosen = [dataset for dataset in ALL if dataset.name == name]
    columns = list(columns_with(words, chosen or ALL, withheld)) if words or chosen else []
    context = {
        "study": scope.study, "datasets": ALL, "chosen": chosen[0] if chosen else None, "words": words,
        "columns": columns[:MOST], "columns_in_all": len(columns), "needs": NEEDS,
    }  # fmt: skip
    return render(request, "exports/dictionary.html", context)


urlpatterns: list[URLPattern] = [
    path("exports/<str:code>/", study, name="export-study"),
    path("exports/<str:code>/dictionary/", dictionary, name="export-dictionary"),
]
