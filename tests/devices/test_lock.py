"""Who goes on, who takes over and who does not: on an enrolled tablet by PIN or badge, after a full sign-in there."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from crsmonitor.accounts import languages
from crsmonitor.accounts.library.single_sign_on import PROOF
from crsmonitor.accounts.models import GuessCount
from crsmonitor.accounts.sign_in import guessing
from crsmonitor.accounts.sign_in.idle import LOCK_GRACE, OPENED_ON_TABLET, PROVEN_AT, SEEN_AT
from crsmonitor.accounts.sign_in.sessions import people_signed_in
from crsmonitor.accounts.signing import prove as prove_by
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.devices import cookie
from crsmonitor.devices.enrolling import set_rules
from crsmonitor.devices.models import TabletSignIn
from crsmonitor.errors import InvalidInput
from grading.models import VitalSigns
from regimens.models import Membership
from tests.builders import WELL, build_world
from tests.devices.stages import (
    BADGE,
    OTHER_PIN,
    PIN,
    a_tablet,
    lock,
    open_by_pin,
    prove,
    sign_in,
    who,
    with_badge,
    with_pin,
)
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def here(world):
    """A nurse and a charge nurse, both with a PIN, signed in fully on one tablet; the nurse is at it."""
    on = a_tablet(world)
    for user, pin in ((world.charge_nurse, OTHER_PIN), (world.nurse, PIN)):
        sign_in(on.client, with_pin(user, pin))
    return world, on


def kinds() -> list[str]:
    return list(AuditEvent.objects.filter(action="EVENT").order_by("id").values_list("table_name", flat=True))


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# --- Locked -------------------------------------------------------------------------------------------------


def test_a_locked_session_reads_and_writes_nothing(here):
    world, on = here
    lock(on.client)
    page = f"/participants/{world.participant.pk}/"
    assert on.client.get(page)["Location"] == f"/lock/?next={page.replace('/', '%2F')}"
    assert "unsaved=1" in on.client.post(f"{page}vitals/", {})["Location"]
    api = on.client.post(f"/api/v1/participants/{world.participant.pk}/stays/", {}, content_type="application/json")
    assert (api.status_code, api.json()["title"]) == (401, "tablet_locked")
    assert on.client.get("/alerts/list/", headers={"X-By-Itself": "1"}).status_code == 401
    assert on.client.post(f"{page}vitals/preview/", {}, headers={"HX-Request": "true"}).status_code == 401
    assert on.client.get("/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/lock/")
    assert who(on.client) is None
    assert people_signed_in({key_of(on.client)}, at=timezone.now()) == {}


def test_the_lock_says_nothing_of_a_participant(here):
    world, on = here
    lock(on.client)
    page = on.client.get("/lock/").content.decode()
    assert world.nurse.username in page
    assert world.participant.number not in page


def test_a_page_that_is_not_locked_has_no_lock_to_show(here):
    _, on = here
    assert on.client.get("/lock/")["Location"] == "/"
    assert Client().get("/lock/")["Location"] == "/"
    assert Client().post("/lock/open/", {}).status_code == 404


@pytest.mark.parametrize(("unused_s", "is_locked"), [(119, False), (121 + LOCK_GRACE.seconds, True)])
def test_the_server_locks_what_nobody_uses(here, unused_s, is_locked):
    """The page locks after 2 min; the server a grace later, because it hears of use every now and then."""
    world, on = here
    age(on.client, seconds=unused_s)
    assert (who(on.client) is None) is is_locked
    if is_locked:
        open_by_pin(on.client, world.nurse)
        assert who(on.client) == world.nurse.username


def age(client: Client, **unused: float) -> None:
    session = client.session
    session[SEEN_AT] = (timezone.now() - timedelta(**unused)).isoformat()
    session.save()


def test_the_sign_out_of_other_browsers_comes_when_it_did(here, client):
    world, on = here
    for one in (on.client, client):
        if one is client:
            client.force_login(world.nurse)
            client.get("/accounts/")
        age(one, minutes=settings.IDLE_LOCK_MINUTES, seconds=1)
        one.get("/accounts/")
    assert client.get("/accounts/").status_code == 302
    assert not client.session.get("_auth_user_id")
    assert on.client.session["_auth_user_id"] == str(world.nurse.pk)


def test_a_site_says_after_how_long(here):
    world, on = here
    set_rules(world.site.pk, lock_after_s=60, badge_alone=False, by=world.charge_nurse)
    assert b'data-idle-seconds="60"' in on.client.get("/").content
    assert on.client.session["locks_after_s"] == 60


def test_use_is_heard_and_that_of_a_locked_page_is_not(here):
    _, on = here
    age(on.client, seconds=100)
    assert on.client.post("/lock/use/").status_code == 204
    assert on.client.session[SEEN_AT] > (timezone.now() - timedelta(seconds=10)).isoformat()
    lock(on.client)
    assert on.client.post("/lock/use/").status_code == 302


# --- Opened -------------------------------------------------------------------------------------------------


def test_the_same_person_goes_on_where_she_was(here):
    world, on = here
    lock(on.client)
    before = key_of(on.client)
    answer = open_by_pin(on.client, world.nurse, next=f"/participants/{world.participant.pk}/vitals/")
    assert answer["Location"] == f"/participants/{world.participant.pk}/vitals/"
    assert who(on.client) == world.nurse.username
    assert key_of(on.client) != before
    assert not Client(headers={}).session.exists(before)
    assert kinds()[-2:] == ["tablet_locked", "tablet_unlocked"]


def test_what_the_page_asked_before_the_unlocking_signs_nobody_out_after_it(here):
    """Its answer comes under a key that is gone: Django would have the browser forget the new one."""
    world, on = here
    lock(on.client)
    late = key_of(on.client)
    open_by_pin(on.client, world.nurse)
    late_page = Client()
    for headers, is_kept in (({"X-By-Itself": "1"}, True), ({}, False)):
        late_page.cookies[settings.SESSION_COOKIE_NAME], late_page.cookies[cookie.COOKIE] = late, on.key
        answer = late_page.get("/alerts/list/", headers=headers)
        assert (settings.SESSION_COOKIE_NAME not in answer.cookies) is is_kept


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_lock_leads_to_no_other_site(here, away):
    world, on = here
    lock(on.client)
    assert away not in on.client.get("/lock/", {"next": away}).content.decode()
    assert open_by_pin(on.client, world.nurse, next=away)["Location"] == "/"
    assert on.client.post("/lock/leave/", {"next": away})["Location"] == "/accounts/login/?next=%2F"


def test_another_person_begins_at_the_board(here):
    world, on = here
    lock(on.client)
    before = key_of(on.client)
    answer = open_by_pin(on.client, world.charge_nurse, OTHER_PIN, next="/participants/1/vitals/")
    assert answer["Location"] == "/"
    assert who(on.client) == world.charge_nurse.username
    assert not on.client.session.exists(before)
    event = AuditEvent.objects.filter(table_name="tablet_switched").get()
    assert event.actor.endswith(world.charge_nurse.username)
    assert event.after == {"tablet": on.tablet.pk, "door": "pin", "left": world.nurse.pk}


def test_a_tablet_speaks_the_language_of_whoever_takes_it_over(here):
    world, on = here
    languages.keep(world.charge_nurse, "zh-hant")
    lock(on.client)
    open_by_pin(on.client, world.charge_nurse, OTHER_PIN)
    assert 'lang="zh-Hant-TW"' in on.client.get("/").content.decode()


def test_a_form_that_one_opened_is_refused_under_another(here):
    """No action as somebody else: the key of A's form is gone with A's session."""
    world, on = here
    on.client.handler.enforce_csrf_checks = True
    page = f"/participants/{world.participant.pk}/vitals/"
    token = on.client.get(page).context["csrf_token"]
    typed = {"csrfmiddlewaretoken": str(token), "id": str(uuid.uuid4())} | {k: str(v) for k, v in WELL.items()}
    on.client.post("/lock/now/", {"csrfmiddlewaretoken": str(token)})
    opened = open_by_pin(on.client, world.charge_nurse, OTHER_PIN, csrfmiddlewaretoken=str(token))
    assert opened.status_code == 302
    answer = on.client.post(page, typed)
    assert answer.status_code == 403
    assert "kept in this tab for the person who typed it" in answer.content.decode()
    assert not VitalSigns.objects.exists()


def test_a_form_of_the_same_person_is_still_good(here):
    world, on = here
    on.client.handler.enforce_csrf_checks = True
    token = str(on.client.get(f"/participants/{world.participant.pk}/vitals/").context["csrf_token"])
    on.client.post("/lock/now/", {"csrfmiddlewaretoken": token})
    open_by_pin(on.client, world.nurse, csrfmiddlewaretoken=token)
    assert on.client.post("/accounts/theme/", {"csrfmiddlewaretoken": token, "theme": "dark"}).status_code == 302


def test_nobody_brings_a_session_key_along(here):
    """Session fixation: the key that was there before the PIN is no key after it."""
    world, on = here
    on.client.post("/lock/leave/")
    session = on.client.session
    session.create()
    on.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    open_by_pin(on.client, world.nurse)
    assert who(on.client) == world.nurse.username
    assert key_of(on.client) != session.session_key
    assert not session.exists(session.session_key)


def test_a_full_sign_in_elsewhere_on_it_leaves_her_shift(here):
    """The lock leads to name and password; who was there before may come back by PIN."""
    world, on = here
    lock(on.client)
    assert on.client.post("/lock/leave/", {"next": "/alerts/"})["Location"] == "/accounts/login/?next=%2Falerts%2F"
    sign_in(on.client, world.investigator)
    lock(on.client)
    open_by_pin(on.client, world.nurse)
    assert who(on.client) == world.nurse.username


def test_the_session_of_a_switch_ends_with_the_shift_that_the_full_sign_in_began(here):
    world, on = here
    began = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE - 60)
    sign_ins = TabletSignIn.objects.filter(user=world.charge_nurse)
    with acting(by="test", reason="nearly a shift ago"):
        sign_ins.update(at=began)
    open_by_pin(on.client, world.charge_nurse, OTHER_PIN)
    assert on.client.session["signed_in_at"] == began.isoformat()


# --- Who may not --------------------------------------------------------------------------------------------


def refused(client: Client, *args: object, **more: str) -> str:
    answer = open_by_pin(client, *args, **more)
    assert answer.status_code == 400
    assert who(client) is None
    [[text]] = answer.context["form"].errors.values()
    return text


NOT_HERE = "Not signed in on this tablet in this shift: sign in with name and password first."


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


def test_a_badge_gives_back_no_tries_at_the_pin_beside_it(here):
    world, on = here
    with_badge(world.nurse)
    lock(on.client)
    for _ in range(guessing.FREE_TRIES):
        refused(on.client, world.nurse, "111111")
        on.client.post("/lock/open/", {"badge": BADGE})
    assert refused(on.client, world.nurse) == NOT_HERE


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
