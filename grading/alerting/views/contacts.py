"""How one is reached oneself: contacts, their test messages, and the codes that show that these arrive."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from crsmonitor.accounts.roles import Act
from crsmonitor.error_words import detail_of
from crsmonitor.errors import DomainError, NotFound
from grading.alerting.delivery.channels.push.vapid import is_set
from grading.alerting.selectors.contacts import contacts_for, gone_for, subscription_in, with_last_sent
from grading.alerting.services.on_call import contacts as service
from grading.alerting.views.browsers import browser_of
from grading.models import Channel
from grading.rules.alerting.on_call.contacts import CHANNELS_NEEDED, reachable
from regimens.selectors import may


def _page(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    if not may(request.user, Act.SEE_WARD):
        raise NotFound("no_such_page")
    mine = list(with_last_sent(contacts_for(request.user)))
    here = subscription_in(browser_of(request), request.user)
    context = {
        "contacts": [(contact, next(iter(contact.tests.all()), None)) for contact in mine],
        "reachable": reachable(mine),
        "here": None if here is None else here.contact_id,
        "gone": gone_for(request.user, at=timezone.now()),
        "needed": CHANNELS_NEEDED,
        "gateways": sorted(settings.GATEWAYS),
        "push": is_set(),
        "error": detail_of(error) if error else "",
        "typed": request.POST.get("address", "") if error else request.user.email,
    }
    return render(request, "alerting/contacts.html", context, status=error.status if error else 200)


def contacts(request: HttpRequest) -> HttpResponse:
    """The list; a POST adds one."""
    if request.method != "POST":
        return _page(request)
    if not may(request.user, Act.SEE_WARD):
        raise NotFound("no_such_page")
    gateway = request.POST.get("gateway", "")
    channel, address = (Channel.GATEWAY, gateway) if gateway else (Channel.EMAIL, request.POST.get("address", ""))
    try:
        service.add(channel.value, address, by=request.user, at=timezone.now())
    except DomainError as error:
        return _page(request, error)
    return redirect("contacts")


@require_POST
def contact_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message, take its code, or end the contact: the button that was pressed."""
    at, action = timezone.now(), request.POST.get("action", "")
    try:
        match action:
            case "test":
                service.test(pk, by=request.user, at=at)
            case "end":
                service.end(pk, by=request.user, at=at)
            case _:
                service.confirm(pk, request.POST.get("code", ""), by=request.user, at=at)
    except NotFound:
        raise
    except DomainError as error:
        return _page(request, error)
    return redirect("contacts")


urlpatterns = [
    path("contacts/", contacts, name="contacts"),
    path("contacts/<int:pk>/", contact_action, name="contact_action"),
]
