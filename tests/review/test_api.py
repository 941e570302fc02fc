"""Judging by API."""

from uuid import uuid4

import pytest
from django.utils import timezone

from grading.models import Episode, Grade
from tests.builders import signature
from tests.review.drafts import final_of

pytestmark = pytest.mark.django_db


def test_a_judgement_comes_in_by_api_and_is_read_again(client, seen):
    client.force_login(seen.investigator)
    root = str(Episode.objects.get(kind="crs").root)
    body = {
        "id": str(uuid4()), "observed_at": timezone.now().isoformat(), "about": "episode", "about_root": root,
        "kind": "crs", "ledger": "investigator", "agrees": False, "says_grade": 2, "because": "Pressure fell",
    }  # fmt: skip
    there = f"/api/v1/participants/{seen.participant.pk}/grade-assessments/"

    sent = client.post(there, body | {"signature": signature(seen.investigator)}, content_type="application/json")

    assert (sent.status_code, sent.json()["grade"]) == (201, None)
    [data] = client.get(there).json()["results"]
    assert {name: data[name] for name in body if name != "observed_at"} == {
        name: value for name, value in body.items() if name != "observed_at"
    }
    assert final_of(seen) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"says_grade": 6}, "says_grade"), ({"ledger": "sponsor"}, "ledger"), ({"about": "dose"}, "about"),
     ({"says_grade": None}, "says_grade"), ({"because": ""}, "because"), ({"derived_grade": 3}, "derived_grade")],
)  # fmt: skip
def test_the_api_refuses_at_the_field(client, seen, changes, field):
    client.force_login(seen.nurse)
    body = {
        "id": str(uuid4()), "observed_at": timezone.now().isoformat(), "about": "set",
        "about_root": str(Grade.objects.get(kind="crs").root), "kind": "crs", "ledger": "nurse", "agrees": False,
        "says_grade": 2, "because": "x",
    }  # fmt: skip

    sent = client.post(
        f"/api/v1/participants/{seen.participant.pk}/grade-assessments/",
        body | changes,
        content_type="application/json",
    )

    assert (sent.status_code, list(sent.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    ("who", "ledger", "status"),
    [("nurse", "nurse", 201), ("nurse", "investigator", 403), ("investigator", "central", 403),
     ("data_manager", "nurse", 403), ("sponsor", "nurse", 403), ("outsider", "nurse", 404)],
)  # fmt: skip
def test_the_api_holds_each_to_the_own_ledger(client, seen, who, ledger, status):
    client.force_login(getattr(seen, who))
    body = {
        "id": str(uuid4()), "observed_at": timezone.now().isoformat(), "about": "set",
        "about_root": str(Grade.objects.get(kind="crs").root), "kind": "crs", "ledger": ledger, "agrees": True,
    }  # fmt: skip

    sent = client.post(
        f"/api/v1/participants/{seen.participant.pk}/grade-assessments/", body, content_type="application/json"
    )

    assert sent.status_code == status
