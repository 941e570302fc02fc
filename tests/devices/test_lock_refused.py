"""Who does not open a locked tablet, what a PIN never does, and badges."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts.library.single_sign_on import PROOF
from crsmonitor.accounts.models import GuessCount
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.accounts.sign_in.idle import LOCK_GRACE, OPENED_ON_TABLET, PROVEN_AT
from crsmonitor.accounts.signing import prove as prove_by
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.devices import cookie
from crsmonitor.devices.enrolling import set_rules
from crsmonitor.devices.models import TabletSignIn
from crsmonitor.errors import InvalidInput
from regimens.models import Membership
from tests.builders import build_world
from tests.devices.stages import (
    BADGE,
    NOT_HERE,
    OTHER_PIN,
    a_tablet,
    age,
    key_of,
    kinds,
    lock,
    open_by_pin,
    prove,
    refused,
    sign_in,
    who,
    with_badge,
    with_pin,
)

pytestmark = pytest.mark.django_db


# --- Who may not --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["never here", "signed out", "last shift", "ended membership", "closed", "password",
                                 "sponsor", "other site"])  # fmt: skip
def test_who_may_not_switch(here, why):
    world, on = here
    user = world.nurse
    if why == "never here":
        user = with_pin(world.investigator)
    elif why == "signed out":
        on.client.post(reverse("logout"))
    elif why in ("sponsor", "other site"):
        user = with_pin(world.sponsor if why == "sponsor" else world.outsider)
        sign_in(on.client, user)
        assert who(on.client) == user.username
    on.client.post("/lock/now/")
    with acting(by="test", reason=why):
        if why == "last shift":
            then = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
            TabletSignIn.objects.filter(user=user).update(at=then)
        elif why == "ended membership":
            Membership.objects.filter(user=user).update(ended_at=timezone.now())
        elif why == "closed":
            user.is_active = False
            user.save()
        elif why == "password":
            user.set_password("another long pass phrase")
            user.save()
    assert refused(on.client, user) == NOT_HERE
    assert user not in on.client.get("/lock/").context["people"]


def test_a_wrong_pin_is_counted_and_in_the_trail(here):
    world, on = here
    lock(on.client)
    for wrong in ("000000", "", "12345678", "４８１９３８"):
        assert refused(on.client, world.nurse, wrong) == "This PIN is wrong."
    event = AuditEvent.objects.filter(table_name="sign_in_failed").last()
    assert (event.after["door"], event.after["tries"], event.after["tablet"]) == ("pin", 4, on.tablet.pk)
    open_by_pin(on.client, world.nurse)
    assert who(on.client) == world.nurse.username


@pytest.mark.long
def test_the_fifth_wrong_pin_leads_back_to_name_and_password(here):
    world, on = here
    lock(on.client)
    for _ in range(guessing.FREE_TRIES):
        refused(on.client, world.nurse, "111111")
    assert refused(on.client, world.nurse) == NOT_HERE
    assert kinds()[-1] == "locked_out"
    assert TabletSignIn.objects.get(user=world.nurse).ending == "locked_out"
    on.client.post("/lock/leave/")
    sign_in(on.client, world.nurse)
    lock(on.client)
    open_by_pin(on.client, world.nurse)
    assert who(on.client) == world.nurse.username


@pytest.mark.long
def test_a_person_has_five_tries_on_all_tablets_together_and_a_tablet_twenty_for_all(here):
    world, on = here
    other = a_tablet(world, "7B cart 3")
    sign_in(other.client, world.nurse)
    lock(on.client)
    lock(other.client)
    for number in range(guessing.FREE_TRIES):
        refused((on, other)[number % 2].client, world.nurse, "111111")
    waits = "Too many wrong tries. Sign in with name and password."
    # The fifth was at the first: there she signs in fully, at the other she waits.
    assert refused(on.client, world.nurse) == NOT_HERE
    assert refused(other.client, world.nurse) == waits
    GuessCount.objects.all().update(tries=guessing.MOST_OF_A_TABLET)
    assert refused(on.client, world.charge_nurse, OTHER_PIN) == waits


def test_nothing_works_on_a_browser_that_is_not_enrolled(here):
    world, _ = here
    browser = Client()
    sign_in(browser, world.nurse)
    assert browser.post("/lock/now/").status_code == 404
    browser.post(reverse("logout"))
    assert open_by_pin(browser, world.nurse).status_code == 403
    for forged in ("x", "../", a_tablet(world, "another").key[:-1] + "-"):
        browser.cookies[cookie.COOKIE] = forged
        assert open_by_pin(browser, world.nurse).status_code == 403
        assert browser.get("/lock/alarms/").status_code == 404


def test_a_session_is_of_its_tablet_alone(here):
    """Its cookie in another browser, or beside another tablet's key, is nobody's."""
    world, on = here
    for key in (None, a_tablet(world, "another").key):
        browser = Client()
        sign_in(on.client, world.nurse) if who(on.client) is None else None
        browser.cookies[settings.SESSION_COOKIE_NAME] = key_of(on.client)
        if key:
            browser.cookies[cookie.COOKIE] = key
        assert who(browser) is None
        on.client.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert "tablet_missing" in kinds()


@pytest.mark.req("R05")
def test_a_pin_signs_nothing(here):
    """Nor does it prove again who one is, nor sign in anywhere."""
    world, on = here
    user = with_pin(world.investigator, "729413")
    sign_in(on.client, user)
    request = RequestFactory().post("/")
    request.user, request.session, request.tablet = user, on.client.session, on.tablet
    with pytest.raises(InvalidInput, match="sign_with_own_password"):
        prove_by(request, name=user.username, password="729413")
    assert on.client.post("/accounts/reauthenticate/", {"password": "729413"}).status_code == 200
    on.client.post("/lock/leave/")
    assert on.client.post("/accounts/login/", {"username": user.username, "password": "729413"}).status_code == 200


def test_what_the_provider_proved_before_the_lock_signs_nothing_after_it(here):
    world, on = here
    session = on.client.session
    session[PROOF] = {"nonce": "n", "at": timezone.now().isoformat()}
    session[PROVEN_AT] = timezone.now().isoformat()
    session.save()
    lock(on.client)
    open_by_pin(on.client, world.nurse)
    assert {PROOF, PROVEN_AT}.isdisjoint(on.client.session.keys())
    assert on.client.session[OPENED_ON_TABLET]


def test_what_was_proven_before_the_lock_is_not_after_it(here):
    world, on = here
    prove(on.client, world.nurse)
    assert on.client.get("/accounts/pin/").status_code == 200
    lock(on.client)
    open_by_pin(on.client, world.nurse)
    assert on.client.get("/accounts/pin/")["Location"].startswith("/accounts/reauthenticate/")
    prove(on.client, world.nurse)
    age(on.client, seconds=121 + LOCK_GRACE.seconds)  # locked by itself
    open_by_pin(on.client, world.nurse)
    assert on.client.get("/accounts/pin/")["Location"].startswith("/accounts/reauthenticate/")


# --- Badges -------------------------------------------------------------------------------------------------


def test_a_badge_says_who_it_is_and_the_site_whether_that_is_enough(here):
    world, on = here
    with_badge(world.charge_nurse)
    lock(on.client)
    answer = on.client.post("/lock/open/", {"badge": BADGE.lower()})
    assert (answer.status_code, answer.context["chosen"]) == (200, str(world.charge_nurse.pk))
    assert who(on.client) is None
    set_rules(world.site.pk, lock_after_s=120, badge_alone=True, by=world.data_manager)
    on.client.post("/lock/open/", {"badge": BADGE})
    assert who(on.client) == world.charge_nurse.username


@pytest.mark.long
def test_a_badge_gives_back_no_tries_at_the_pin_beside_it(here):
    world, on = here
    with_badge(world.nurse)
    lock(on.client)
    for _ in range(guessing.FREE_TRIES):
        refused(on.client, world.nurse, "111111")
        on.client.post("/lock/open/", {"badge": BADGE})
    assert refused(on.client, world.nurse) == NOT_HERE


@pytest.mark.long
def test_an_unknown_badge_is_counted_for_the_tablet(here):
    _, on = here
    lock(on.client)
    texts = []
    for number in range(guessing.MOST_OF_A_TABLET + 1):
        answer = on.client.post("/lock/open/", {"badge": f"nobody{number}"})
        [[text]] = answer.context["form"].errors.values()
        texts.append(text)
    assert set(texts[:-1]) == {"This badge is not known here."}
    assert texts[-1] == "Too many wrong tries. Sign in with name and password."


def test_a_badge_opens_for_nobody_who_did_not_sign_in_here(here):
    world, on = here
    set_rules(world.site.pk, lock_after_s=120, badge_alone=True, by=world.data_manager)
    with_badge(world.investigator)
    lock(on.client)
    answer = on.client.post("/lock/open/", {"badge": BADGE})
    assert NOT_HERE in answer.content.decode()
    assert who(on.client) is None


def test_a_badge_of_another_trial_opens_nothing_here(here):
    _, on = here
    elsewhere = build_world("AWAY")
    with_badge(elsewhere.nurse)
    lock(on.client)
    assert NOT_HERE in on.client.post("/lock/open/", {"badge": BADGE}).content.decode()
