"""Case M2: the second person of a study dose is there, is another, may record at the site, and says so herself."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crsmonitor.accounts.sign_in import guessing
from crsmonitor.audit.models import AuditEvent
from crsmonitor.devices.enrolling import set_rules
from crsmonitor.devices.models import TabletSignIn
from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from regimens.facts import Source
from regimens.models import Dose, DoseCheck
from tests.builders import dose, draft, hour, kept, stay
from tests.devices.stages import BADGE, OTHER_PIN, PIN, a_tablet, sign_in, who, with_badge, with_pin
from tests.exports.reading import rows
from tests.stages import stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nobody", "second_person_unknown"),
        ("demo.nurse", "second_person_is_self"),
        ("demo.outsider", "second_person_unknown"),
        ("demo.data", "second_person_unknown"),
        ("demo.sponsor", "second_person_unknown"),
    ],
)
def test_whoever_is_named_is_another_who_may_record_there(world, name, why):
    with pytest.raises(InvalidInput) as refused:
        kept(dose(world, checked_by=name), world)

    assert [one.code for one in refused.value.fields["checked_by"]] == [why]


def test_a_colleague_may_be_named_and_nobody_need_be(world):
    kept(dose(world, checked_by="demo.charge"), world)
    kept(dose(world, 200, step=1), world)


@stage(lasts_s=600)
def given(world) -> Dose:
    kept(stay(world), world)
    return kept(dose(world, checked_by="demo.charge"), world).fact


def check(world, of, by, **columns):
    return kept(draft(DoseCheck, world, 1, dose=of, **columns), world, by=by)


def page(client, world, who):
    client.force_login(who)
    return client.get(f"/participants/{world.participant.pk}/").content.decode()


def test_it_is_confirmed_on_her_own_session_and_until_then_it_says_so(world, given, client):
    address = f"/doses/{given.pk}/check/"
    before = page(client, world, world.charge_nurse)
    assert "not yet confirmed by a second person" in before
    assert address in before
    assert address not in page(client, world, world.nurse)  # she recorded it

    client.force_login(world.charge_nurse)
    assert client.post(address).status_code == 302

    after = page(client, world, world.nurse)
    assert "checked by demo.charge" in after
    assert "not yet confirmed" not in after
    assert DoseCheck.objects.get().recorded_by == world.charge_nurse


def test_who_recorded_it_confirms_nothing(world, given, client):
    with pytest.raises(InvalidInput):
        check(world, given, world.nurse)

    client.force_login(world.nurse)
    assert client.post(f"/doses/{given.pk}/check/").status_code == 400
    assert not DoseCheck.objects.exists()


@pytest.mark.parametrize(
    ("who", "refusal"), [("data_manager", Forbidden), ("sponsor", Forbidden), ("outsider", NotFound)]
)
def test_who_may_not_record_there_confirms_nothing(world, given, who, refusal):
    with pytest.raises(refusal):
        check(world, given, getattr(world, who))


def test_a_corrected_dose_is_looked_at_anew(world, given, client):
    check(world, given, world.charge_nurse)
    kept(dose(world, supersedes=given, reason="mistyped", amount=6, status="PARTIAL"), world, at=hour(2))

    assert "not yet confirmed by a second person" in page(client, world, world.charge_nurse)


def test_the_export_says_it_too(world, given):
    """By the cut: what was confirmed afterwards was not then."""
    second = kept(dose(world, 200, step=1), world).fact
    kept(dose(world, 400, step=2, amount=None, status="NOT GIVEN", not_given_because="fever"), world)
    check(world, second, world.charge_nurse, observed_at=hour(201))

    assert [row["DOSCHKFL"] for row in rows(world, cut=hour(500))] == ["N", "Y", ""]
    assert [row["DOSCHKFL"] for row in rows(world, cut=hour(200.5))] == ["N", "N"]
    assert rows(world, cut=hour(500))[1]["LSTMODTM"] > rows(world, cut=hour(200.5))[1]["LSTMODTM"]


def test_the_database_refuses_it_too(world, given):
    row = DoseCheck(id=uuid.uuid4(), participant=world.participant, dose=given, observed_at=hour(1), source=Source.API)
    row.recorded_by, row.recorded_at, row.digest = world.nurse, timezone.now(), "x"

    with pytest.raises(IntegrityError, match="second person recorded it"), transaction.atomic():
        row.save()


# --- By PIN or badge on the same tablet ---------------------------------------------------------------------------


@stage
def cart(world, given):
    """The nurse who recorded the dose is at the tablet; three others signed in on it before her."""
    on = a_tablet(world)
    for user, pin in (
        (world.data_manager, PIN), (world.investigator, PIN), (world.charge_nurse, OTHER_PIN), (world.nurse, PIN),
    ):  # fmt: skip
        sign_in(on.client, with_pin(user, pin))
    with_badge(world.charge_nurse)
    return on


def by_pin(cart, dose, person, pin):
    return cart.client.post(f"/doses/{dose.pk}/second/", {"person": person.pk, "pin": pin})


def test_she_confirms_on_the_same_tablet_by_her_pin_and_the_session_goes_on(world, given, cart):
    address = f"/doses/{given.pk}/second/"
    page = cart.client.get(f"/participants/{world.participant.pk}/?saved={given.pk}").content.decode()
    assert page.count(address) == 2  # read back after Save, and in the list
    offer = cart.client.get(address)
    assert offer.context["people"] == [world.charge_nurse, world.investigator]  # who may record, and is another

    assert by_pin(cart, given, world.charge_nurse, OTHER_PIN)["Location"] == f"/participants/{world.participant.pk}/"

    check = DoseCheck.objects.get()
    assert (check.recorded_by, check.dose, check.tablet) == (world.charge_nurse, given, cart.tablet)
    assert who(cart.client) == world.nurse.username
    event = AuditEvent.objects.get(table_name="confirmed_on_tablet")
    assert event.after == {"dose": str(given.pk), "tablet": cart.tablet.pk, "beside": world.nurse.pk}


@pytest.mark.parametrize(
    ("name", "pin", "text"),
    [
        ("nurse", PIN, "The second person is somebody else."),
        ("charge_nurse", "000000", "This PIN is wrong."),
        ("data_manager", PIN, "Nobody of this site who may record has this sign-in name."),
        ("outsider", PIN, "Not signed in on this tablet in this shift: sign in with name and password first."),
    ],
)
def test_nobody_else_confirms_by_pin(world, given, cart, name, pin, text):
    answer = by_pin(cart, given, getattr(world, name), pin)
    assert answer.status_code == 400
    assert text in answer.content.decode()
    assert not DoseCheck.objects.exists()


def test_her_pin_does_not_confirm_what_she_recorded_from_another_session(world, given, cart):
    """The nurse recorded it; under the charge nurse's session her PIN is still her own."""
    sign_in(cart.client, world.charge_nurse)
    assert by_pin(cart, given, world.nurse, PIN).status_code == 400
    assert not DoseCheck.objects.exists()


@pytest.mark.long
def test_wrong_pins_lock_out_here_as_at_the_lock(world, given, cart):
    for _ in range(guessing.FREE_TRIES):
        by_pin(cart, given, world.charge_nurse, "000000")
    answer = by_pin(cart, given, world.charge_nurse, OTHER_PIN)
    assert answer.status_code == 400
    assert TabletSignIn.objects.filter(user=world.charge_nurse, ending="locked_out").exists()
    assert not DoseCheck.objects.exists()


@pytest.mark.parametrize("badge_alone", [True, False])
def test_a_badge_is_enough_where_the_site_says_so(world, given, cart, badge_alone):
    set_rules(world.site.pk, lock_after_s=120, badge_alone=badge_alone, by=world.charge_nurse)
    answer = cart.client.post(f"/doses/{given.pk}/second/", {"badge": BADGE})
    assert DoseCheck.objects.exists() is badge_alone
    if not badge_alone:
        assert (answer.status_code, answer.context["chosen"]) == (200, str(world.charge_nurse.pk))
        assert "Now your PIN." in answer.content.decode()


def test_away_from_a_tablet_there_is_no_such_page(world, given, client):
    client.force_login(world.charge_nurse)
    assert client.get(f"/doses/{given.pk}/second/").status_code == 404
    assert "/second/" not in page(client, world, world.charge_nurse)
