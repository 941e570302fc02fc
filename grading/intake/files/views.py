"""A file of vital signs by page: sent, its columns named, tried, put into the queue, watched and cancelled."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crsmonitor.errors import Forbidden, InvalidInput
from grading.intake.files.forms import MappingForm, UploadForm, first_guess
from grading.intake.files.selectors import SHOWN, file_of, files_of, mapping_of, place_for, places_for
from grading.intake.files.services import MOST_BYTES, cancel, dry_run, keep_file, queue, readable
from grading.intake.files.words import FAULTS, FIELD_NAMES
from grading.models import FileState, IntakeFile
from grading.rules.intake.files.lines import FileRead
from grading.rules.intake.files.mapping import FileMapping
from grading.rules.intake.files.text import FileTable

FAULTS_SHOWN = 200
SAMPLE = 3  # lines, so that the columns are known by what is in them


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """What this user sent; a POST sends one."""
    places = places_for(request.user)
    if not places:
        raise Forbidden("role_forbids")
    form = UploadForm(request.POST or None, request.FILES or None, places=places)
    if request.method == "POST" and form.is_valid():
        study, site = form.chosen
        try:
            place_for(request.user, study.code, site.code)
            file = keep_file(study, site, form.cleaned_data["file"].read(), by=request.user, at=timezone.now())
            return redirect("intake-file", file.pk)
        except InvalidInput as error:
            form.take(error)
    context = {"form": form, "files": files_of(request.user)[:SHOWN], "most": MOST_BYTES // 1024**2}
    return render(request, "intake/files.html", context, status=400 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Its columns; a POST tries it, or with `sure` puts it into the queue."""
    one = file_of(request.user, file_id)
    if one.state != FileState.UPLOADED.value:
        return render(request, "intake/file_on_its_way.html", {"file": one, "is_open": one.state == FileState.QUEUED})
    table = readable(bytes(one.content or b""), FileMapping(participant_column="", date_column=""))
    guess = first_guess(table.header, mapping_of(one.study, one.site))
    form = MappingForm(request.POST or None, header=table.header, initial=guess)
    reading = None
    if request.method == "POST" and form.is_valid():
        try:
            reading = dry_run(one, form.mapping, by=request.user, at=timezone.now())
            if "sure" in request.POST:
                queue(one, form.mapping, by=request.user, at=timezone.now())
                return redirect("intake-file", one.pk)
        except InvalidInput as error:
            form.take(error)
    status = 400 if request.method == "POST" and reading is None else 200
    return render(request, "intake/file.html", _context(one, table, form, reading), status=status)


def _context(one: IntakeFile, table: FileTable, form: MappingForm, reading: FileRead | None) -> dict[str, Any]:
    sample = [dict(zip(table.header, cells, strict=False)) for _number, cells in table.rows[:SAMPLE]]
    columns = [(name, [row.get(name, "") for row in sample]) for name in table.header]
    context = {"file": one, "table": table, "form": form, "columns": columns, "lines": len(table.rows)}
    if reading is None:
        return context
    faults = [(fault.line, fault.column, FAULTS[fault.code]) for fault in reading.faults[:FAULTS_SHOWN]]
    return context | {
        "reading": reading, "tried": len(reading.entries), "faults": faults, "fault_count": len(reading.faults),
        "entered": sum(not one.is_rejected for one in reading.entries),
        "rejected": sum(one.is_rejected for one in reading.entries),
        "values": [(FIELD_NAMES[name], count) for name, count in reading.values.items()],
    }  # fmt: skip


@require_POST
def cancelling(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    if cancel(file_of(request.user, file_id)):
        messages.success(request, _("Cancelled: nothing more of it comes into the queue."))
    return redirect("intake-files")


urlpatterns: list[URLPattern] = [
    path("intake/files/", files, name="intake-files"),
    path("intake/files/<uuid:file_id>/", file, name="intake-file"),
    path("intake/files/<uuid:file_id>/cancel/", cancelling, name="intake-file-cancel"),
]
