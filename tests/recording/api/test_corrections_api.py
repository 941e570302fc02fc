"""Unusual values, and facts that correct or withdraw others."""

import uuid
from datetime import datetime, timedelta

import pytest

from grading.models import VitalSigns
from tests.builders import kept, vitals

pytestmark = pytest.mark.django_db


# --- Unusual values -----------------------------------------------------------------------------------------


def test_an_unusual_value_is_typed_again(api, dosed, address, well):
    nurse, sent = api(dosed.nurse), well(heart_rate=100, temperature_c=33.8)

    refusal = nurse.post(address, sent)
    wrong = nurse.post(address, sent | {"retyped": {"temperature_c": 33.9}})
    right = nurse.post(address, sent | {"retyped": {"temperature_c": "33.80"}})

    assert (refusal.status_code, refusal.json()["title"], list(refusal.json()["errors"])) == (
        400,
        "confirm",
        ["temperature_c"],
    )
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["retyped.temperature_c"])
    assert (right.status_code, VitalSigns.objects.get().retyped) == (201, ["temperature_c"])


def test_a_dangerous_value_is_graded_at_once_and_asked_about_after(api, dosed, address, well):
    answer = api(dosed.nurse).post(address, well(temperature_c=38.6, sbp=55, dbp=40, hypotension=True))

    assert (answer.status_code, answer.json()["to_confirm"], answer.json()["grade"]["grade"]) == (201, ["sbp"], 2)


def test_a_fever_jump_is_kept_at_once_and_confirmed_by_a_correction(api, dosed, address, well):
    """T4 through the API: 201 with what is to be confirmed."""
    nurse, before = api(dosed.nurse), well(temperature_c=37.2)
    now = datetime.fromisoformat(before["observed_at"])
    jump = well(
        temperature_c=39.4, sbp=84, dbp=50, oxygen_device="nasal_cannula", oxygen_flow_l_min=2, hypotension=True
    )
    jump["observed_at"] = (now + timedelta(seconds=30)).isoformat()
    nurse.post(address, before)

    kept = nurse.post(address, jump)
    again = jump | {
        "id": str(uuid.uuid4()),
        "supersedes": jump["id"],
        "reason": "confirmed",
        "retyped": {"temperature_c": 39.4},
    }
    answer = nurse.post(address, again)

    assert (kept.status_code, kept.json()["to_confirm"]) == (201, ["temperature_c"])
    assert kept.json()["grade"]["grade"] == 2
    assert (answer.status_code, answer.json()["to_confirm"]) == (201, [])


@pytest.mark.parametrize("retyped", [{"mood": 1}, {"spo2": True}, ["spo2"], "spo2", {"oxygen_device": 1}])
def test_only_measured_values_are_typed_again(api, dosed, address, well, retyped):
    answer = api(dosed.nurse).post(address, well(retyped=retyped))

    assert (answer.status_code, next(iter(answer.json()["errors"])).split(".")[0]) == (400, "retyped")


# --- Corrections --------------------------------------------------------------------------------------------


def test_a_correction_stands_in_place_of_what_it_corrects(api, dosed, address, well):
    nurse, first = api(dosed.nurse), well(temperature_c=38.6)
    second = first | {"id": str(uuid.uuid4()), "temperature_c": 36.8, "supersedes": first["id"], "reason": "misread"}
    third = second | {"id": str(uuid.uuid4()), "withdrawn": True, "supersedes": second["id"], "reason": "other bed"}
    nurse.post(address, first)

    answer = nurse.post(address, second)
    standing = [fact["id"] for fact in nurse.get(address).json()["results"]]
    gone = nurse.post(address, third)

    assert (answer.status_code, answer.json()["root"], standing) == (201, first["id"], [second["id"]])
    assert answer.json()["grade"]["grade"] == 0
    assert (gone.status_code, gone.json()["root"], gone.json()["grade"]) == (201, first["id"], None)
    assert nurse.get(address).json()["results"] == []
    assert nurse.get(f"{address}{second['id']}/").json()["supersedes"] == first["id"]


def test_two_corrections_of_one_version(api, dosed, address, well):
    nurse, first = api(dosed.nurse), well()
    nurse.post(address, first)
    change = {"supersedes": first["id"], "reason": "misread"}
    nurse.post(address, well(sbp=121) | change)

    answer = nurse.post(address, well(sbp=122) | change)

    assert (answer.status_code, answer.json()["title"]) == (409, "already_corrected")


def test_a_correction_says_why_and_names_a_version_of_the_participant(api, dosed, address, elsewhere, well):
    nurse, first = api(dosed.nurse), well()
    nurse.post(address, first)
    theirs = kept(vitals(dosed, 0, participant=elsewhere, observed_at=dosed.participant.grades.get().observed_at),
                  dosed, by=dosed.outsider).fact  # fmt: skip

    silent = nurse.post(address, well(supersedes=first["id"]))
    foreign = nurse.post(address, well(supersedes=str(theirs.pk), reason="x"))
    itself = well(reason="x")
    itself["supersedes"] = itself["id"]

    assert (silent.status_code, list(silent.json()["errors"])) == (400, ["reason"])
    assert (foreign.status_code, nurse.post(address, itself).status_code) == (404, 404)
