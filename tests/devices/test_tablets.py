"""A tablet is enrolled, listed and revoked, by whom and with what it ends; facts keep where they came from."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.audit.selectors import broken_links
from crsmonitor.devices import cookie
from crsmonitor.devices.enrolling import enrol, revoke
from crsmonitor.devices.models import Badge, Pin, SiteTablets, Tablet, TabletSignIn
from crsmonitor.devices.switching import second_person
from crsmonitor.errors import InvalidInput, NotFound
from grading.alerting.lock_words import alarms_of
from grading.alerting.views.lock import still_enrolled
from grading.models import VitalSigns
from tests.builders import dose, kept, stay, vitals
from tests.devices.stages import (
    BADGE,
    PIN,
    a_tablet,
    lock,
    open_by_pin,
    operator,
    prove,
    sign_in,
    who,
    with_badge,
    with_pin,
)
from tests.pages import undrawn

pytestmark = pytest.mark.django_db

# decisions: rota, beds, devices
MAY_ENROL = {"nurse": False, "charge_nurse": True, "investigator": True, "data_manager": True, "sponsor": False,
             "outsider": False}  # fmt: skip


@pytest.mark.parametrize(("role", "may"), MAY_ENROL.items())
def test_who_enrols_and_revokes(world, role, may):
    client = Client()
    sign_in(client, getattr(world, role))
    prove(client, getattr(world, role))
    tablet = a_tablet(world, "the other").tablet
    page = client.get(reverse("tablets"))
    answer = client.post(reverse("tablets"), {"name": "7B cart 2", "site": world.site.pk})
    revoked = client.post(reverse("tablet-revoke", args=[tablet.pk]), {"reason": "lost"})
    rules = client.post(reverse("tablet-rules", args=[world.site.pk]), {"lock_after_s": 60})
    assert [page.status_code, answer.status_code, revoked.status_code, rules.status_code] == (
        [200, 302, 302, 302] if may else [404] * 4
    )
    assert Tablet.objects.filter(name="7B cart 2").exists() is may
    assert (
        Tablet.objects.filter(pk=tablet.pk, revoked_by=getattr(world, role), revoked_at__isnull=False).exists() is may
    )
    assert SiteTablets.objects.filter(site=world.site, lock_after_s=60).exists() is may


def test_nobody_enrols_for_a_site_that_is_not_hers(world):
    with pytest.raises(NotFound):
        enrol("x", site_id=world.other_site.pk, by=world.charge_nurse, at=timezone.now())
    assert enrol("x", site_id=world.other_site.pk, by=operator(), at=timezone.now())[0].site == world.other_site


def test_enrolling_asks_again_who_one_is(world, client):
    client.force_login(world.charge_nurse)
    answer = client.post(reverse("tablets"), {"name": "7B cart 2", "site": world.site.pk})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Tablet.objects.exists()


def test_the_browser_keeps_a_key_of_which_the_database_has_the_hash(world, client):
    sign_in(client, world.charge_nurse)
    prove(client, world.charge_nurse)
    answer = client.post(reverse("tablets"), {"name": "7B cart 2", "site": world.site.pk})
    morsel, tablet = answer.cookies[cookie.COOKIE], Tablet.objects.get()
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert len(morsel.value) >= 43  # 256 bits
    assert tablet.digest == Tablet.digest_of(morsel.value)
    assert morsel.value not in str(list(AuditEvent.objects.values("before", "after")))
    assert client.get("/").status_code == 200  # she is on it herself, and may switch
    assert TabletSignIn.objects.get().user == world.charge_nurse


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"name": "", "site": None}, "This field is required"),
        ({"name": "7B cart 2", "site": None}, "has a tablet of this name already"),
        ({"name": "x" * 61, "site": None}, "at most 60 characters"),
        ({"name": "x", "site": "999999"}, "Select a valid choice"),
        ({"name": "x", "site": "x"}, "Select a valid choice"),
    ],
)
def test_what_is_no_tablet_is_refused_at_its_field(world, client, typed, problem):
    a_tablet(world)
    sign_in(client, world.charge_nurse)
    prove(client, world.charge_nurse)
    answer = client.post(reverse("tablets"), {**typed, "site": typed["site"] or world.site.pk})
    assert answer.status_code == 400
    assert problem in answer.content.decode()
    assert Tablet.objects.count() == 1


def test_two_tablets_of_one_name_the_database_refuses(world):
    on = a_tablet(world)
    with pytest.raises(IntegrityError, match="tablet_name_once"), acting(by="test", reason="twice"):
        Tablet.objects.create(site=world.site, name=on.tablet.name, digest="0" * 64, enrolled_by=world.nurse,
                              enrolled_at=timezone.now())  # fmt: skip


# --- Revoked ------------------------------------------------------------------------------------------------


def test_a_revoked_tablet_reads_nothing_from_the_next_request_on(world):
    on = a_tablet(world)
    sign_in(on.client, with_pin(world.nurse))
    held = on.client.cookies[settings.SESSION_COOKIE_NAME].value
    desk = Client()
    sign_in(desk, world.charge_nurse)
    assert "Say why" in desk.post(reverse("tablet-revoke", args=[on.tablet.pk]), {"reason": " "}).content.decode()
    assert who(on.client) == world.nurse.username
    desk.post(reverse("tablet-revoke", args=[on.tablet.pk]), {"reason": "lost in a taxi"})

    assert not on.client.session.exists(held)
    assert who(desk) == world.charge_nurse.username
    answer = on.client.get(f"/api/v1/participants/{world.participant.pk}/")
    assert (answer.status_code, answer.json()["title"]) == (403, "tablet_revoked")
    for address in ("/", "/lock/", "/lock/alarms/"):
        on.client.cookies[cookie.COOKIE] = on.key
        assert on.client.get(address).status_code == 403
    on.client.cookies[cookie.COOKIE] = on.key
    assert open_by_pin(on.client, world.nurse).status_code == 403
    assert on.client.cookies[cookie.COOKIE].value == ""  # it is a browser as any other from now on
    assert on.client.get("/")["Location"].startswith("/accounts/login/")
    events = AuditEvent.objects.filter(subject=f"tablet:{on.tablet.pk}", action="EVENT").order_by("id")
    assert [e.table_name for e in events][:2] == ["tablet_enrolled", "tablet_revoked"]
    assert events[1].after["sessions"] == 1
    assert broken_links() == []


def test_a_name_is_free_again_after_it(world):
    on = a_tablet(world)
    desk = Client()
    sign_in(desk, world.charge_nurse)
    desk.post(reverse("tablet-revoke", args=[on.tablet.pk]), {"reason": "broken"})
    assert a_tablet(world).tablet.pk != on.tablet.pk
    assert desk.post(reverse("tablet-revoke", args=[on.tablet.pk]), {"reason": "again"}).status_code == 404


# --- Listed, and kept with facts ----------------------------------------------------------------------------


def test_the_list_says_who_is_on_it(world):
    on = a_tablet(world)
    sign_in(on.client, world.nurse)
    desk = Client()
    sign_in(desk, world.charge_nurse)
    page = desk.get(reverse("tablets")).content.decode()
    assert re.search(r"7B cart 2.*used last.*demo\.nurse", page, re.DOTALL)


def test_its_use_is_a_link_of_the_trail_once_an_hour(world):
    on = a_tablet(world)
    for user in (world.nurse, world.charge_nurse, world.nurse):
        sign_in(on.client, user)
    used = AuditEvent.objects.filter(table_name="devices_tablet", reason="used")
    assert used.count() == 1
    with acting(by="test", reason="an hour ago"):
        Tablet.objects.update(last_used_at=timezone.now() - timedelta(seconds=3601))
    on.client.post(reverse("lock-use"))
    assert used.count() == 2


def test_a_fact_keeps_the_tablet_it_came_from(world):
    on = a_tablet(world)
    sign_in(on.client, world.nurse)
    body = {"id": "5a3a8a4e-0000-4000-8000-000000000001", "observed_at": timezone.now().isoformat(), "spo2": 97}
    address = f"/api/v1/participants/{world.participant.pk}/vital-signs/"
    first = on.client.post(address, body, content_type="application/json")
    assert VitalSigns.objects.get().tablet == on.tablet
    elsewhere = Client()
    sign_in(elsewhere, world.nurse)
    again = elsewhere.post(address, body, content_type="application/json")  # where it came from is no part of it
    assert (first.status_code, again.status_code) == (201, 200)
    other = body | {"id": body["id"][:-1] + "2"}
    assert elsewhere.post(address, other, content_type="application/json").status_code == 201
    shown = [elsewhere.get(f"{address}{one['id']}/").json()["tablet"] for one in (body, other)]
    assert shown == ["7B cart 2", None]
    assert "7B cart 2" in elsewhere.get(f"/participants/{world.participant.pk}/").content.decode()


# --- A shift that was left, a badge that was lost ---------------------------------------------------------------


@pytest.mark.parametrize(("role", "may"), MAY_ENROL.items())
def test_who_ends_a_shift_and_withdraws_a_badge(world, role, may):
    """Issue: by page, whoever runs the ward. The owner's session is over, her PIN opens nothing, her badge neither."""
    on, owner = a_tablet(world), world.nurse if role != "nurse" else world.charge_nurse
    sign_in(on.client, with_badge(with_pin(owner)))
    desk = Client()
    sign_in(desk, getattr(world, role))
    ends, withdraws = (
        reverse("shift-end", args=[on.tablet.pk, owner.pk]), reverse("badge-withdraw", args=[owner.pk])
    )  # fmt: skip
    if may:
        assert {ends, withdraws} <= set(re.findall(r'action="([^"]+)"', desk.get(reverse("tablets")).content.decode()))
    answers = [desk.post(address).status_code for address in (ends, withdraws)]

    assert answers == ([302, 302] if may else [404, 404])
    assert Badge.objects.filter(user=owner).exists() is not may
    assert (who(on.client) is None) is may
    if not may:
        return
    shift = TabletSignIn.objects.get(user=owner)
    assert (shift.ending, shift.ended_at is None) == ("by_ward", False)
    assert open_by_pin(on.client, owner).status_code == 400
    assert on.client.post(reverse("lock-open"), {"badge": BADGE}).status_code == 400
    events = AuditEvent.objects.filter(subject=f"user:{owner.pk}", table_name__in=["shift_ended", "badge_withdrawn"])
    assert {event.actor.split(":")[-1] for event in events} == {getattr(world, role).username}
    assert [desk.post(address).status_code for address in (ends, withdraws)] == [404, 404]  # there is none any more
    assert broken_links() == []


def test_nobody_ends_her_own_shift_under_her_own_hands(world):
    on = a_tablet(world)
    sign_in(on.client, world.charge_nurse)
    mine = reverse("shift-end", args=[on.tablet.pk, world.charge_nurse.pk])
    assert mine not in on.client.get(reverse("tablets")).content.decode()
    assert on.client.post(mine).status_code == 404
    assert who(on.client) == world.charge_nurse.username


def test_an_operator_withdraws_any_badge_of_a_ward(world, client):
    with_badge(world.nurse)
    client.force_login(operator())
    assert client.post(reverse("badge-withdraw", args=[world.nurse.pk])).status_code == 302
    assert not Badge.objects.exists()


# --- Alarms on the lock -------------------------------------------------------------------------------------


def test_a_locked_screen_shows_bed_and_grade_of_its_own_site(world):
    now = timezone.now()
    kept(stay(world, observed_at=now, bed="05"), world)
    kept(dose(world, observed_at=now), world)
    kept(vitals(world, 0, temperature_c=39, sbp=80, hypotension=True, vasopressors=["norepinephrine"],
                observed_at=now), world)  # fmt: skip
    on, elsewhere = a_tablet(world), a_tablet(world, "Paris", site=world.other_site)
    sign_in(on.client, world.nurse)
    lock(on.client)
    for address in ("/lock/", "/lock/alarms/"):
        page = on.client.get(address, headers={"X-By-Itself": "1"}).content.decode()
        assert "Bed 05" in page
        assert "grade 3" in page.lower()
        assert world.participant.number not in page
        assert "norepinephrine" not in page
    assert "No alert of this ward waits" in elsewhere.client.get("/lock/alarms/").content.decode()
    assert alarms_of(elsewhere.tablet.site_id, at=now).shown == []
    for address in ("/lock/alarms/", "/lock/alarms/stream/"):
        answer = on.client.get(address, headers={"X-By-Itself": "1"})
        assert (answer.status_code, Client().get(address).status_code) == (200, 404)
    assert answer["Cache-Control"] == "no-store"
    mine, theirs = answer.live, elsewhere.client.get(address).live
    assert world.participant.number not in "".join(mine.picture.draw())
    assert mine.picture.key != theirs.picture.key
    assert (mine.picture.places, theirs.picture.places) == ({(0, world.site.pk)}, {(0, world.other_site.pk)})
    assert still_enrolled([mine, theirs]) == {mine, theirs}
    revoke(on.tablet.pk, reason="lost", by=world.charge_nurse, at=now)
    assert still_enrolled([mine, theirs]) == {theirs}


# --- One's own PIN and badge --------------------------------------------------------------------------------


def test_a_pin_is_its_owners_and_nobody_reads_it(world, client):
    client.force_login(world.nurse)
    assert client.get(reverse("own-pin"))["Location"].startswith("/accounts/reauthenticate/")
    sign_in(client, world.nurse)
    prove(client, world.nurse)
    assert client.post(reverse("own-pin"), {"pin": "123456", "again": "123456"}).status_code == 400
    assert client.post(reverse("own-pin"), {"pin": PIN, "again": "481938"}).status_code == 400
    assert not Pin.objects.exists()
    assert client.post(reverse("own-pin"), {"pin": PIN, "again": PIN}).status_code == 302
    pin = Pin.objects.get(user=world.nurse)
    trail = str(list(AuditEvent.objects.values("before", "after", "reason")))
    assert PIN not in undrawn(trail + pin.password)
    assert pin.password not in trail
    assert client.post(reverse("own-pin"), {"drop": "1"}).status_code == 302
    assert not Pin.objects.exists()
    assert broken_links() == []


def test_a_badge_is_one_persons(world, client):
    with_badge(world.nurse)
    sign_in(client, world.charge_nurse)
    prove(client, world.charge_nurse)
    for typed, problem in (
        (BADGE.lower(), "somebody else"),
        ("abc", "4 to 64 characters"),
        ("x" * 65, "at most 64 characters"),
    ):
        answer = client.post(reverse("own-badge"), {"badge": typed})
        assert answer.status_code == 400
        assert problem in answer.content.decode()
    assert client.post(reverse("own-badge"), {"badge": "0011223344"}).status_code == 302
    assert Badge.objects.count() == 2
    assert BADGE not in str(list(AuditEvent.objects.values("before", "after"))) + str(list(Badge.objects.values()))
    client.post(reverse("own-badge"), {"drop": "1"})
    assert Badge.objects.get().user == world.nurse


def test_what_was_made_under_an_earlier_key_of_the_server_is_good_as_long_as_that_is_named(world, settings):
    on = a_tablet(world)
    sign_in(on.client, with_pin(world.nurse))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-the-server-that-is-long-enough-for-tests"
    sign_in(on.client, world.nurse)
    lock(on.client)
    open_by_pin(on.client, world.nurse)
    assert who(on.client) == world.nurse.username


# --- A second person ----------------------------------------------------------------------------------------


def test_a_second_person_confirms_by_pin_and_the_session_stays_whose_it_is(world, rf):
    on = a_tablet(world)
    for user in (with_pin(world.charge_nurse), with_pin(world.nurse)):
        sign_in(on.client, user)
    request, at = rf.post("/"), timezone.now()
    request.tablet, request.user = on.tablet, world.nurse
    typed = {"person": world.charge_nurse.pk, "pin": PIN, "badge": ""}
    assert second_person(request, typed, at=at) == (world.charge_nurse, True)
    for person, pin, code in (
        (world.nurse.pk, PIN, "second_is_another"),
        (world.charge_nurse.pk, "000000", "pin_wrong"),
        (world.investigator.pk, PIN, "sign_in_fully"),
        (None, PIN, "choose_name_first"),
    ):
        with pytest.raises(InvalidInput, match=code):
            second_person(request, {"person": person, "pin": pin, "badge": ""}, at=at)
    assert who(on.client) == world.nurse.username
