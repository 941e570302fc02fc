"""Operating characteristics of the rule of a design: asked for on the page Decide, computed as a run."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError, Forbidden, InvalidInput, NotFound
from regimens.forms.design.fault_words import fault_of
from regimens.forms.design.operating import OperatingForm
from regimens.models import DesignVersion
from regimens.services.design_runs import queue_run
from regimens.views.design.deciding import kept_rule, page_context
from regimens.views.design.frame import as_json, key_in, shown_version


@require_POST
def new_operating(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the version as it was saved. What is wrong stands at its box, on the page Decide."""
    version = shown_version(request, pk)
    kept = kept_rule(version) if version.contents.get("comparison") else None
    if kept is None:
        raise NotFound("no_such_design")
    form = OperatingForm(request.POST.dict())
    fields = form.fields_of(kept)
    if fields is not None and (answer := _queued(request, version, form, fields)):
        return answer
    context = page_context(request, version) | {"run_form": form, "open_truth": True, "key": uuid4()}
    return render(request, "design/decide.html", context, status=400)


def _queued(
    request: HttpRequest, version: DesignVersion, form: OperatingForm, fields: dict[str, Any]
) -> HttpResponse | None:  # fmt: skip
    """None: the form says why it was not."""
    try:
        run = queue_run(
            design_id=version.design_id, number=version.number, kind="operating", fields=as_json(fields),
            key=key_in(request), by=request.user, at=timezone.now(),
        )  # fmt: skip
        return redirect("design-run", run.pk)
    except (Forbidden, NotFound):
        raise
    except InvalidInput as error:
        for name, messages in error.fields.items():
            for message in messages:
                form.take(name, fault_of(message, name))
        if not error.fields:
            form.blame("", detail_of(error))
    except DomainError as error:
        form.blame("", detail_of(error))
    return None


urlpatterns: list[URLPattern] = [path("design/<int:pk>/operating/", new_operating, name="design-operating-new")]
