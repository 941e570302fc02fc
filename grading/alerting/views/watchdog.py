"""For machines: the beacon's receiver, and the metrics. Whoever brings no proof finds nothing."""

import json
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from grading.alerting import heartbeat, metrics
from grading.alerting.delivery.channels.webhook import signing
from grading.alerting.delivery.secret_keys import beacon_secrets

OLDEST_CALL = timedelta(minutes=5)  # and newest: clocks differ


@login_not_required
@csrf_exempt  # signed instead
def beacon_receipt(request: HttpRequest) -> HttpResponse:
    """A beacon has gone the whole way of an alert."""
    timestamp = request.headers.get("X-Crsmonitor-Timestamp", "")
    signature = request.headers.get("X-Crsmonitor-Signature", "").removeprefix("v1=")
    at = timezone.now()
    if request.method != "POST" or not timestamp.isdigit() or len(timestamp) > 12:
        raise Http404
    ours = [
        signing.signature(secret, timestamp=timestamp, body=request.body) for secret in beacon_secrets()
    ]  # fmt: skip
    fresh = abs(at.timestamp() - int(timestamp)) <= OLDEST_CALL.total_seconds()
    if not fresh or not any(constant_time_compare(signature, one) for one in ours):
        raise Http404
    if not heartbeat.receive(json.loads(request.body)["key"], at=at):
        raise Http404
    return HttpResponse(status=204)


@login_not_required
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, to the bearer of CRS_METRICS_TOKEN only."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = settings.METRICS_TOKEN
    if not known or request.method != "GET" or not constant_time_compare(token, known):
        raise Http404
    return HttpResponse(metrics.text(at=timezone.now()), content_type=metrics.CONTENT_TYPE)


urlpatterns = [
    path("beacon/receipt/", beacon_receipt, name="beacon_receipt"),
    path("metrics", metrics_page, name="metrics"),
]
