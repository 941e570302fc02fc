"""Issue 13, section 6: what changed since the last sign-off, which is that of whoever took over."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from grading.models import Takeover
from tests.bedside.test_handover import ago, night, words
from tests.builders import kept, treatment, vitals

pytestmark = pytest.mark.django_db
__all__ = ["night"]

ADDRESS = reverse("handover-taken-over")


def card(client, world, who):
    return words(client, who, reverse("participant-handover", args=[world.participant.pk]))


def taken(client, world, who, **sent):
    client.force_login(who)
    body = {"participant": world.participant.pk, "read_as_of": ago(0.3).isoformat(), "given_by": world.nurse.pk}
    return client.post(ADDRESS, {name: value for name, value in (body | sent).items() if value is not None})


def test_it_counts_from_what_whoever_took_over_had_read(client, night):
    assert "Of the last 12 h: nobody has taken over, and the rota names no shift" in card(client, night, night.nurse)
    kept(vitals(night, 0, observed_at=ago(0.2)), night)
    late = treatment(night, 0, "dexamethasone", "corticosteroid", "crs", observed_at=ago(0.6), dose=10, unit="mg")
    kept(late, night, at=ago(0.1))  # 30 min before she read, and entered after it

    assert taken(client, night, night.charge_nurse, alone="1").status_code == 302

    page = card(client, night, night.nurse)
    assert re.search(r"Since [-0-9]+ [:0-9]+: demo.charge took over from demo.nurse", page)
    assert "1 set since" in page
    assert "No treatment since." in page
    assert re.search(r"Of before, entered or corrected since: [0-9:]+ dexamethasone 10 mg", page)
    assert "What changed since" not in page
    assert "What changed since" in words(client, night.nurse, f"{reverse('handover')}?hours=4")


def test_the_page_offers_it_to_who_may_record_and_names_who_had_it(client, night):
    taken(client, night, night.charge_nurse)
    client.force_login(night.nurse)
    page = client.get(reverse("handover"))
    assert page.context["giver"] == night.charge_nurse.pk
    people = [one.username for one in page.context["givers"]]
    assert night.charge_nurse.username in people
    assert {"demo.nurse", "demo.outsider", "demo.sponsor", "demo.data"}.isdisjoint(people)
    assert f'name="shown" value="{night.participant.pk}"' in page.content.decode()

    client.force_login(night.data_manager)
    assert 'id="takeover"' not in client.get(reverse("handover")).content.decode()


def test_tapped_twice_it_is_one_and_the_trail_says_who(client, night):
    as_of = ago(0.1).isoformat()
    taken(client, night, night.charge_nurse, read_as_of=as_of)
    taken(client, night, night.charge_nurse, read_as_of=as_of, participant=None, shown=night.participant.pk)

    one = Takeover.objects.get()
    assert (one.by, one.given_by, one.participant) == (night.charge_nurse, night.nurse, night.participant)
    (event,) = AuditEvent.objects.filter(table_name="grading_takeover")
    assert event.subject == f"participant:{night.participant.pk}"
    assert night.charge_nurse.username in event.actor


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"read_as_of": "x"}, 400),
        ({"read_as_of": "2026-03-02T09:00:00"}, 400),
        ({"read_as_of": "old"}, 400),
        ({"read_as_of": "ahead"}, 400),
        ({"given_by": "self"}, 400),
        ({"given_by": "outsider"}, 400),
        ({"given_by": "9" * 30}, 400),
        ({"participant": None}, 400),
        ({"participant": 10**9}, 404),
    ],
)
def test_what_is_no_handover_is_refused(client, night, changes, status):
    meant = {
        "old": ago(1.1).isoformat(), "ahead": (timezone.now() + timedelta(minutes=5)).isoformat(),
        "self": night.charge_nurse.pk, "outsider": night.outsider.pk,
    }  # fmt: skip
    sent = {name: meant.get(value, value) for name, value in changes.items()}
    assert taken(client, night, night.charge_nurse, **sent).status_code == status
    assert not Takeover.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("data_manager", 403), ("sponsor", 403), ("outsider", 404)])
def test_who_records_nothing_takes_nobody_over(client, night, who, status):
    assert taken(client, night, getattr(night, who), given_by=None).status_code == status
    assert not Takeover.objects.exists()


def test_one_of_days_ago_counts_no_more(client, night):
    at = ago(73)
    with acting(by=night.charge_nurse, reason="took over"):
        Takeover.objects.create(participant=night.participant, by=night.charge_nurse, at=at, read_as_of=at)
    assert "nobody has taken over" in card(client, night, night.nurse)


def test_the_database_refuses_what_cannot_be(night):
    own = {"participant": night.participant, "by": night.nurse, "at": ago(1), "read_as_of": ago(1)}
    for name, columns in (
        ("takeover_read_before", {"read_as_of": ago(0.5)}), ("takeover_from_another", {"given_by": night.nurse}),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=name), acting(by="test", reason="t"), transaction.atomic():
            Takeover.objects.create(**own | columns)
