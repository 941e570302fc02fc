"""A tablet of the ward, with people who signed in on it."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.models import User
from crsmonitor.accounts.sign_in.idle import SEEN_AT
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.devices import cookie
from crsmonitor.devices.credentials.own import set_badge, set_pin
from crsmonitor.devices.enrolling import enrol
from crsmonitor.devices.models import Tablet
from tests.builders import World

NOT_HERE = "Not signed in on this tablet in this shift: sign in with name and password first."
PIN, OTHER_PIN, BADGE = "481937", "905263", "04A2245B"


@dataclass
class OnTablet:
    """A tablet and the browser on it."""

    tablet: Tablet
    key: str
    client: Client


def a_tablet(world: World, name: str = "7B cart 2", *, site: object = None) -> OnTablet:
    """Enrolled, with nobody on it."""
    place = site or world.site
    tablet, key = enrol(
        name, site_id=place.pk, by=world.data_manager if site is None else operator(), at=timezone.now()
    )
    client = Client()
    client.cookies[cookie.COOKIE] = key
    return OnTablet(tablet, key, client)


def operator() -> User:
    with acting(by="test", reason="who runs the server"):
        known = User.objects.filter(username="root").first()
        return known or User.objects.create_superuser("root", "root@example.org", "root-password-long")


def sign_in(client: Client, user: User) -> None:
    """Fully, by the page, after whoever was there."""
    client.post(reverse("lock-leave"))
    typed = {"username": user.username, "password": f"{user.username}-password"}
    assert client.post(reverse("login"), typed).status_code == 302


def prove(client: Client, user: User) -> None:
    """That it is still she: what changes factors asks for it."""
    assert client.post(reverse("account_reauthenticate"), {"password": f"{user.username}-password"}).status_code == 302


def with_pin(user: User, pin: str = PIN) -> User:
    set_pin(pin, by=user, at=timezone.now())
    return user


def with_badge(user: User, badge: str = BADGE) -> User:
    set_badge(badge, by=user, at=timezone.now())
    return user


def lock(client: Client) -> None:
    assert client.post(reverse("lock-now")).status_code == 302


def open_by_pin(client: Client, user: User, pin: str = PIN, **more: str):
    return client.post(reverse("lock-open"), {"person": user.pk, "pin": pin} | more)


def who(client: Client) -> str | None:
    """Whose the session is, and open. None: nobody's, or it is locked."""
    answer = client.get("/accounts/")
    return answer.context["user"].username if answer.status_code == 200 else None


def kinds() -> list[str]:
    """What is in the trail beside changes of rows, in order."""
    return list(AuditEvent.objects.filter(action="EVENT").order_by("id").values_list("table_name", flat=True))


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def age(client: Client, **unused: float) -> None:
    """Nobody has used it for so long."""
    session = client.session
    session[SEEN_AT] = (timezone.now() - timedelta(**unused)).isoformat()
    session.save()


def refused(client: Client, *args: object, **more: str) -> str:
    """What the lock says to whoever it does not open for."""
    answer = open_by_pin(client, *args, **more)
    assert answer.status_code == 400
    assert who(client) is None
    [[text]] = answer.context["form"].errors.values()
    return text
