"""Whose a row is, where and under which plan: written with the row, derived again, and put right with its site."""

import pytest
from django.urls import reverse

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.models import DosePeriod
from grading.recording.rederiving import rederive_participant
from regimens.models import DoseCheck
from regimens.services.trial import change_site
from tests.builders import dose, draft, hour, kept
from tests.exports.reading import picked, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(world):
    return kept(dose(world), world).fact


def differences(world):
    differing = rederive_participant(world.participant.pk, check=True, at=hour(9)).differences
    return {(one.column, one.stored, one.derived) for one in differing}


def test_a_check_tells_of_a_name_that_is_not_the_participant_s_the_site_s_or_the_step_s(world, given):
    assert differences(world) == set()

    DosePeriod.objects.update(
        usubjid="X-1", site_code="X", country="XXX", regimen_code="X", step_label="X", by_ice=False
    )

    step = world.steps[0]
    assert differences(world) == {
        ("usubjid", "X-1", f"{world.study.code}-{world.site.code}-{world.participant.number}"),
        ("site_code", "X", world.site.code), ("country", "XXX", world.site.country),
        ("regimen_code", "X", step.regimen.code), ("step_label", "X", step.label), ("by_ice", False, True),
    }  # fmt: skip


def put_right_on_its_page(client, world):
    world.site.country = "JPN"
    change_site(world.study, world.site, by=world.data_manager, reason="mistyped")


def put_right_in_the_administration(client, world):
    with acting(by="test", reason="an operator"):
        client.force_login(User.objects.create_superuser("root", "root@example.org", "root-password"))
    site = world.site
    change = {name: getattr(site, name) for name in ("code", "name", "time_zone", "city", "hospital", "language")}
    address = reverse("admin:regimens_site_change", args=[site.pk])
    assert client.post(address, change | {"country": "JPN", "reason": "mistyped"}).status_code == 302


@pytest.mark.parametrize("put_right", [put_right_on_its_page, put_right_in_the_administration])
def test_a_country_that_is_put_right_is_that_of_the_doses_given_there(world, given, client, put_right):
    before = rows(world, hour(9))[0]

    put_right(client, world)

    (after,) = rows(world, hour(9))
    assert (before["COUNTRY"], after["COUNTRY"]) == ("TWN", "JPN")
    assert {name for name in before if before[name] != after[name]} == {"COUNTRY"}
    assert differences(world) == set()


def test_a_confirmation_that_is_taken_back_is_none_and_a_change_of_the_row(world, given):
    check = kept(draft(DoseCheck, world, 1, dose=given), world, by=world.charge_nurse, at=hour(1)).fact
    confirmed = picked(rows(world, hour(9))[0], "DOSCHKFL", "LSTMODTM")
    back = {"supersedes": check, "reason": "the wrong bed", "root": check.root, "withdrawn": True}
    kept(draft(DoseCheck, world, 1, dose=given, **back), world, by=world.charge_nurse, at=hour(3))

    taken_back = picked(rows(world, hour(9))[0], "DOSCHKFL", "LSTMODTM")

    assert confirmed == ("Y", "2026-03-02T10:00:00+00:00")
    assert taken_back == ("N", "2026-03-02T12:00:00+00:00")
    assert differences(world) == set()
