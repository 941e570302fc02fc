"""One's own device: whether it rings, and its browser as a way to be reached, until somebody leaves it."""

import hashlib
import json
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.devices.shifts import tablet_of
from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError, InvalidInput, NotFound
from grading.alerting.delivery.channels.push.vapid import is_set, public_key
from grading.alerting.selectors.contacts import gone_for, subscription_in
from grading.alerting.services.on_call import browsers
from grading.words.doors import may_here

COOKIE = f"{settings.COOKIE_PREFIX}browser"
LASTS_S = 400 * 24 * 60 * 60  # the longest that browsers keep one
LONGEST = 4000  # octets of what a browser sends


@require_GET
def device(request: HttpRequest) -> HttpResponse:
    """How this device tells of alarms: sound and vibration, which the browser keeps, and push messages to it."""
    if not may_here(request, Act.SEE_WARD):
        raise NotFound("no_such_page")
    shared = tablet_of(request) is not None
    key = public_key() if is_set() and not shared else ""
    gone = gone_for(request.user, at=timezone.now())
    return render(request, "alerting/device.html", {"push_key": key, "shared": shared, "gone": gone})


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """What this browser's PushManager gave, as JSON. Not on a tablet of the ward, which others use too."""
    if not may_here(request, Act.SEE_WARD):
        raise NotFound("no_such_page")
    key = browser_of(request) or secrets.token_urlsafe(32)
    try:
        if tablet_of(request) is not None:
            raise InvalidInput("push_on_tablet")
        browsers.subscribe(_subscription(request), browser=key, by=request.user, at=timezone.now())
    except DomainError as error:
        return JsonResponse({"detail": detail_of(error)}, status=error.status)
    answer = HttpResponse(status=204)
    answer.set_cookie(
        COOKIE, key, max_age=LASTS_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return answer


@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest) -> JsonResponse:
    """What this browser is subscribed with, for its page to compare; a POST brings what it has now.

    `asked`: whether she has push messages here at all. `known`: SHA-256 of the address that they go to; empty: to none,
    its push service took no more.
    """
    mine = subscription_in(browser_of(request), request.user)
    if mine is None or not is_set() or tablet_of(request) is not None:
        return JsonResponse({"asked": False}, status=404 if request.method == "POST" else 200)
    if request.method == "GET":
        known = "" if mine.gone_at else hashlib.sha256(mine.opened()[0].encode()).hexdigest()
        answer = JsonResponse({"asked": True, "known": known, "key": public_key()})
        answer["Cache-Control"] = "no-store"
        return answer
    try:
        browsers.renew(_subscription(request), browser=browser_of(request), by=request.user, at=timezone.now())
    except DomainError as error:
        return JsonResponse({"detail": detail_of(error)}, status=error.status)
    return JsonResponse({"asked": True})


def _subscription(request: HttpRequest) -> object:
    if len(request.body) > LONGEST:
        raise InvalidInput("push_unreadable")
    try:
        return json.loads(request.body)
    except ValueError:
        raise InvalidInput("push_unreadable") from None


def browser_of(request: HttpRequest) -> str:
    """The key in its cookie. Empty: nobody ever subscribed in it."""
    return request.COOKIES.get(COOKIE, "")


def signs_in(request: HttpRequest, user: User) -> None:
    """What others had here is over; on what has become a tablet of the ward, her own too."""
    if tablet_of(request) is not None:
        browsers.leave(browser_of(request), by=user, at=timezone.now())
    browsers.arrive(browser_of(request), by=user, at=timezone.now())


def signs_out(request: HttpRequest, user: User) -> None:
    """Herself: a page that signs out since nobody touched it is no reason that no alert comes any more."""
    if request.POST.get("idle"):
        return
    browsers.leave(browser_of(request), by=user, at=timezone.now())


def ends_others(request: HttpRequest, user: User) -> None:
    browsers.keep_one(browser_of(request), by=user, at=timezone.now())


urlpatterns = [
    path("device/", device, name="device"),
    path("contacts/browser/", subscribe, name="contact-browser"),
    path("contacts/browser/renew/", renew, name="contact-browser-renew"),
]
