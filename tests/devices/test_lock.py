"""Who goes on and who takes over: on an enrolled tablet by PIN or badge, after a full sign-in there."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts import languages
from crsmonitor.accounts.sign_in.idle import LOCK_GRACE, SEEN_AT
from crsmonitor.accounts.sign_in.sessions import people_signed_in
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.devices import cookie
from crsmonitor.devices.enrolling import set_rules
from crsmonitor.devices.models import TabletSignIn
from grading.models import VitalSigns
from tests.builders import WELL
from tests.devices.stages import (
    OTHER_PIN,
    age,
    key_of,
    kinds,
    lock,
    open_by_pin,
    sign_in,
    who,
)

pytestmark = pytest.mark.django_db


# --- Locked -------------------------------------------------------------------------------------------------


def test_a_locked_session_reads_and_writes_nothing(here):
    world, on = here
    lock(on.client)
    page = f"/participants/{world.participant.pk}/"
    assert on.client.get(page)["Location"] == f"/lock/?next={page.replace('/', '%2F')}"
    assert "unsaved=1" in on.client.post(f"{page}vitals/", {})["Location"]
    out = on.client.post("/accounts/logout/", headers={"referer": f"http://testserver{page}"})
    assert out["Location"] == f"/lock/?next={page.replace('/', '%2F')}"  # where one is after unlocking
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
    assert on.client.session[SEEN_AT] > (timezone.now() - timedelta(seconds=90)).isoformat()
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
