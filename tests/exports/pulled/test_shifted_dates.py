"""A recipient who is not told the days: whole days by participant, all else as it is, and nothing that undoes it."""

import json
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from crsmonitor.accounts.models import ApiToken
from crsmonitor.accounts.roles import Role
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from crsmonitor.security.sealing import open_sealed
from grading.exports.datasets import ALL
from grading.exports.keys.services import Binding, issue
from grading.exports.pulled.snapshots.shifting import days_earlier
from regimens.blinding import Profile
from regimens.models import Membership
from tests.builders import person
from tests.exports.datasets.conftest import trial  # noqa: F401  # the stage
from tests.exports.packet.test_packets import packed  # noqa: F401  # the stage

STUDY = "/api/v1/dataset-json/studies/STDY.DEMO"
FIRST = "DEMO-DEMO-TPE-DEMO-001"  # observation ended; that of 002 goes on


def key_of(world, name, *, shifts=True):
    manager = Membership.objects.filter(study=world.study, role=Role.DATA_MANAGER, site=None).first()
    if manager is None:
        with acting(by="test", reason="of the whole study"):
            person("whole.data", world.study, Role.DATA_MANAGER)
        manager = Membership.objects.get(study=world.study, role=Role.DATA_MANAGER, site=None)
    binding = Binding(sites=None, datasets=[one.name for one in ALL], profile=Profile.DOSES, shifts_dates=shifts)
    return issue(world.study, name=name, binding=binding, days=1, by=manager.user, at=timezone.now())


def pulled(key, dataset):
    answer = Client(headers={"api-key": key}).get(f"{STUDY}/snapshots/dmc-1/datasets/IG.{dataset}")
    assert answer.status_code == 200
    data = json.loads(answer.getvalue())
    names = [column["name"] for column in data["columns"]]
    assert data["records"] == len(data["rows"])
    return answer.get("x-dates"), [dict(zip(names, row, strict=True)) for row in data["rows"]]


def secret_of(name):
    return open_sealed(ApiToken.objects.filter(user__username=f"machine.DEMO.{name}").latest("pk").sealed_shift)


def test_days_are_of_the_participant_and_of_the_recipient():
    days = [days_earlier("secret", f"DEMO-{number}") for number in range(2000)]
    assert days == [days_earlier("secret", f"DEMO-{number}") for number in range(2000)]
    assert (min(days) >= 1, max(days) <= 365, len(set(days)) > 340) == (True, True, True)
    # By chance 3 of a thousand are the same for another recipient.
    assert sum(days_earlier("a", str(one)) == days_earlier("b", str(one)) for one in range(1000)) < 20


@pytest.mark.django_db
def test_dates_move_together_and_nothing_else_does(packed):  # noqa: F811
    world = packed[0]
    plain, shifted, other = key_of(world, "edc", shifts=False), key_of(world, "partner"), key_of(world, "registry")
    again = key_of(world, "partner")  # another key of the same recipient

    header, rows = pulled(shifted, "ADCRSP")
    no_header, whole = pulled(plain, "ADCRSP")
    whole = [row for row in whole if row["USUBJID"] == FIRST]
    assert (header is not None, no_header) == (True, None)
    assert [row["USUBJID"] for row in rows] == [FIRST, FIRST]
    moved = {name for name in whole[0] if name.endswith("DTM") and name != "CUTDTM" and whole[0][name]}

    def shifts(rows):
        """One for all of them: the clock stays, and what lies between two."""
        return {datetime.fromisoformat(before[name]) - datetime.fromisoformat(after[name])
                for before, after in zip(whole, rows, strict=True) for name in moved if before[name]}  # fmt: skip

    (days,) = shifts(rows)
    assert days % timedelta(days=1) == timedelta(0) < days
    for before, after in zip(whole, rows, strict=True):
        assert {name for name in before if before[name] != after[name]} <= moved
    assert pulled(again, "ADCRSP")[1] == rows
    assert secret_of("partner") != secret_of("registry")  # which may give the same days: 1 of 365 does
    assert shifts(pulled(other, "ADCRSP")[1]) == {timedelta(days=days_earlier(secret_of("registry"), FIRST))}
    vitals = pulled(shifted, "ADVS")[1]
    unmoved = [row for row in pulled(plain, "ADVS")[1] if row["USUBJID"] == FIRST]
    assert {datetime.fromisoformat(a["ADTM"]) - datetime.fromisoformat(b["ADTM"])
            for a, b in zip(unmoved, vitals, strict=True)} == {days}  # fmt: skip


@pytest.mark.long
@pytest.mark.django_db
def test_no_data_set_tells_a_day_as_it_was(packed):  # noqa: F811
    world, cut = packed
    shifted = key_of(world, "partner")
    days = {f"{world.participant.dose_facts.first().observed_at + timedelta(days=n):%Y-%m-%d}" for n in range(-2, 20)}
    client, tells = Client(headers={"api-key": shifted}), {}
    about = json.loads(client.get(f"{STUDY}/snapshots/dmc-1").content)
    assert about["dates"] == "shifted"
    listed = about["datasets"]
    for one in listed:
        rows = json.loads(client.get(one["href"]).getvalue())["rows"]
        assert one["records"] == len(rows), one["name"]
        # In no text but those of the cut itself: of one packet, the instant is known.
        tells[one["name"]] = {
            cell for row in rows for cell in row
            if isinstance(cell, str) and cell[:10] in days and cell[:19] != f"{cut.cut:%Y-%m-%dT%H:%M:%S}"
        }  # fmt: skip
    assert len(tells) == len(ALL)
    moved = days_earlier_than(world, shifted)
    shifted_days = {f"{datetime.fromisoformat(day) - timedelta(days=moved):%Y-%m-%d}" for day in days}
    assert {name: cells for name, cells in tells.items() if {cell[:10] for cell in cells} - shifted_days} == {}


def days_earlier_than(world, key):
    first = pulled(key, "ADEX")[1][0]["ASTDTM"]
    local = world.participant.dose_facts.first().observed_at + timedelta(hours=8)  # Taipei
    return (local.replace(tzinfo=None) - datetime.fromisoformat(first)).days


@pytest.mark.django_db
def test_what_would_undo_it_is_refused(packed):  # noqa: F811
    world = packed[0]
    client = Client(headers={"api-key": key_of(world, "partner")})
    for live in (f"{STUDY}/datasets", f"{STUDY}/datasets/IG.ADEX", "/api/v1/studies/DEMO/dose-periods/",
                 "/api/v1/studies/DEMO/datasets/adcrsp/", "/api/v1/studies/DEMO/cuts/dmc-1/packet.zip"):  # fmt: skip
        assert client.get(live).status_code == 403, live
    with pytest.raises(InvalidInput):
        key_of(world, "partner", shifts=False)
    token = ApiToken.objects.latest("pk")
    before = pulled(key_of(world, "partner"), "ADEX")
    call_command("reseal", reason="another key", verbosity=0)
    assert ApiToken.objects.get(pk=token.pk).sealed_shift != token.sealed_shift
    assert pulled(key_of(world, "partner"), "ADEX") == before


@pytest.mark.django_db
def test_no_key_lasts_longer_than_a_year_whoever_makes_it(world):
    at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic(), acting(by="test", reason="a try"):
        ApiToken.issue(user=world.nurse, label="long", at=at, expires_at=at + timedelta(days=365, seconds=1))
    with acting(by="test", reason="a year"):
        assert ApiToken.issue(user=world.nurse, label="year", at=at, expires_at=at + timedelta(days=365))
