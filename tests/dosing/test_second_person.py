"""Case M2: the second person of a study dose is there, is another, may record at the site, and says so herself."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from regimens.facts import Source
from regimens.models import Dose, DoseCheck
from tests.builders import dose, draft, hour, kept, stay
from tests.exports.reading import rows

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


@pytest.fixture
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
