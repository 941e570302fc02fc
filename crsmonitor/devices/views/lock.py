"""The lock of an enrolled tablet: it covers the page, shows the alarms of its ward, and opens by PIN or badge."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from crsmonitor.accounts import languages
from crsmonitor.accounts.sign_in.idle import is_locked
from crsmonitor.accounts.views.preferences import local_page
from crsmonitor.accounts.views.sign_in import UNSAVED
from crsmonitor.audit.events import record_event
from crsmonitor.devices import switching
from crsmonitor.devices.enrolling import note_use
from crsmonitor.devices.forms import OpenForm
from crsmonitor.devices.models import TabletSignIn
from crsmonitor.devices.selectors import people_on
from crsmonitor.devices.shifts import tablet_of
from crsmonitor.errors import InvalidInput

PANEL = "X-Lock-Panel"  # a page that covers itself asks for the panel alone


@login_not_required
@require_GET
def lock_page(request: HttpRequest) -> HttpResponse:
    """Shows nothing of whoever it is locked for but her name. Elsewhere there is none to show."""
    tablet, is_hers = tablet_of(request), request.user.is_authenticated
    if tablet is None or (is_hers and not is_locked(request.session, at=timezone.now())):
        return redirect("board")  # which asks a stranger to sign in
    return _shown(request, _local(request, request.GET.get("next", "")), OpenForm(None))


@require_POST
def lock_now(request: HttpRequest) -> HttpResponse:
    """By its key, or by a page that nobody touches."""
    if tablet_of(request) is None:
        raise Http404
    switching.lock(request, at=timezone.now())
    if PANEL in request.headers:
        return _shown(request, local_page(request, "next"), OpenForm(None))
    return redirect(f"{reverse('lock')}?{urlencode({'next': local_page(request, 'next') or '/'})}")


@login_not_required
@require_POST
def lock_open(request: HttpRequest) -> HttpResponse:
    """By PIN or badge: the same person goes on where she was, another begins at the board."""
    form, at, page = OpenForm(request.POST), timezone.now(), local_page(request, "next")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            sign_in, door = _proven(request, typed)
        except InvalidInput as error:
            form.take(error)
        else:
            if door == "badge" and not switching.badge_is_enough(request):
                return _shown(request, page, OpenForm(None), chosen=sign_in.user_id, by_badge=True)
            same = switching.open_for(request, sign_in, door=door, at=at)
            go = page if same and page else reverse("board")
            answer = JsonResponse({"same": same, "go": go}) if PANEL in request.headers else redirect(go)
            if not same:
                languages.follow(answer, sign_in.user)
            return answer
    return _shown(request, page, form, chosen=form.data.get("person"), status=400)


def _proven(request: HttpRequest, typed: dict[str, Any]) -> tuple[TabletSignIn, str]:
    at = timezone.now()
    if typed["badge"]:
        return switching.by_badge(request, badge=typed["badge"], at=at), "badge"
    if not typed["person"]:
        raise InvalidInput.at("pin", "choose_name_first")
    return switching.by_pin(request, person=typed["person"], pin=typed["pin"], at=at), "pin"


@login_not_required
@require_POST
def lock_leave(request: HttpRequest) -> HttpResponse:
    """To sign in fully: whoever it was locked for may still come back by PIN for her shift."""
    if request.user.is_authenticated:
        record_event("tablet_left", by=request.user)
    page = local_page(request, "next")
    logout(request)
    return redirect(f"{reverse('login')}?{urlencode({'next': page or '/'})}")


@require_POST
def lock_use(request: HttpRequest) -> HttpResponse:
    """Somebody touches the page: the middleware notes it, and a tablet is noted as used."""
    tablet = tablet_of(request)
    if tablet is not None:
        note_use(tablet, by=request.user, at=timezone.now())
    return HttpResponse(status=204)


def _shown(
    request: HttpRequest, page: str, form: OpenForm, *, chosen: Any = None, by_badge: bool = False, status: int = 200
) -> HttpResponse:
    """`chosen`: whose name is ticked; None: whoever it is locked for."""
    tablet = tablet_of(request)
    if tablet is None:
        raise Http404
    owner = request.user if request.user.is_authenticated else None
    people = people_on(tablet, at=timezone.now())
    context = {
        "tablet": tablet,
        "people": people,
        "owner": owner,
        "chosen": str(chosen or (owner.pk if owner else "")),
        "by_badge": by_badge,
        "form": form,
        "next": page,
        "unsaved": UNSAVED in request.GET,
    }
    template = "devices/_panel.html" if PANEL in request.headers else "devices/lock.html"
    return render(request, template, context, status=status)


def _local(request: HttpRequest, page: str) -> str:
    allowed = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if allowed else ""


urlpatterns: list[URLPattern] = [
    path("lock/", lock_page, name="lock"),
    path("lock/now/", lock_now, name="lock-now"),
    path("lock/open/", lock_open, name="lock-open"),
    path("lock/leave/", lock_leave, name="lock-leave"),
    path("lock/use/", lock_use, name="lock-use"),
]
