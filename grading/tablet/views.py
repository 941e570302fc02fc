"""What the scripts of a ward tablet ask, in the session of whoever is at it: JSON, never cached, never a page."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.api.problems import problem_of
from crsmonitor.audit.events import record_event
from crsmonitor.devices.shifts import tablet_of
from crsmonitor.devices.store_keys import shift_ends, store_key
from crsmonitor.error_words import detail_of
from crsmonitor.errors import InvalidInput
from crsmonitor.security import signing_key
from grading.tablet.entries import entries_in
from grading.tablet.keeping import keep_all
from grading.tablet.selectors.ward import ward_on_tablet
from grading.tablet.services import look_at_difference

MOST_BYTES = 1000 * 1000  # below what Django takes into memory; a tablet sends fewer at once where they are long


@require_POST
def outbox(request: HttpRequest) -> HttpResponse:
    """What was kept on the tablet: each entry as if its page had sent it, and an answer to each."""
    if request.content_type != "application/json":
        return _refused(415, "outbox_type")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return _refused(413, "outbox_too_large", most=MOST_BYTES // 1000)
    at = timezone.now()
    answers = keep_all(entries_in(request.body), by=request.user, at=at)
    if answers:
        tablet = tablet_of(request)
        states = Counter(answer.state for answer in answers)
        ids = [answer.id for answer in answers]
        record_event("outbox_received", by=request.user, tablet=tablet and tablet.pk, ids=ids, **states)
    return _json({"answers": [answer.plain() for answer in answers]})


@require_POST
def store_key_of(request: HttpRequest) -> HttpResponse:
    """The key that seals the ward on this tablet, for whoever is signed in; who is locked out or revoked gets none."""
    key = store_key(request, at=timezone.now())
    return _json({"key": key.text, "until": key.until})


@require_GET
def ward(request: HttpRequest) -> HttpResponse:
    """What she may see there, as one text that is signed to the byte."""
    at = timezone.now()
    expires_at = shift_ends(request, at=at)
    content = ward_on_tablet(request.user, tablet_of(request), at=at, expires_at=expires_at)
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return _json({"ward": text, "signature": signing_key.sign(text), "key_id": signing_key.key_id()})


@require_GET
def signing_key_of(request: HttpRequest) -> HttpResponse:
    return _json(signing_key.public_key() | {"kid": signing_key.key_id(), "alg": "ES256", "use": "sig"})


@require_POST
def difference(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """The data manager says what a grade that a tablet showed otherwise came from."""
    look_at_difference(fact_id, because=request.POST.get("because", ""), by=request.user, at=timezone.now())
    messages.success(request, _("Kept."))
    return redirect("disagreements")


def _refused(status: int, code: str, **values: object) -> HttpResponse:
    return problem_of(status, code, detail_of(InvalidInput(code, **values)))


def _json(content: dict[str, Any]) -> HttpResponse:
    """Instants in UTC, as Django writes them."""
    return JsonResponse(content, headers={"Cache-Control": "no-store"})


urlpatterns: list[URLPattern] = [
    path("disagreements/tablet/<uuid:fact_id>/", difference, name="tablet-difference"),
    path("tablet/key/", store_key_of, name="tablet-key"),
    path("tablet/ward/", ward, name="tablet-ward"),
    path("tablet/signing-key/", signing_key_of, name="tablet-signing-key"),
    path("tablet/outbox/", outbox, name="tablet-outbox"),
]
