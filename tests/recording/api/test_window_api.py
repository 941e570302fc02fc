"""The window through the API: read its slots, excuse one, close it."""

from datetime import datetime, timedelta

import pytest

from tests.builders import kept, signature, vitals

pytestmark = pytest.mark.django_db


@pytest.fixture
def participant(dosed):
    return f"participants/{dosed.participant.pk}/"


def test_the_slots_with_what_became_of_them(api, dosed, participant, ago):
    kept(vitals(dosed, 0, observed_at=ago(hours=2)), dosed)  # 4 h after the dose

    data = api(dosed.nurse).get(f"{participant}window/").json()

    given = datetime.fromisoformat(data["starts_at"])
    slots = data["vitals"]["slots"]
    assert [datetime.fromisoformat(slot["due_at"]) - given for slot in slots] == [
        timedelta(hours=h) for h in (4, 8, 12, 16, 20, 24)
    ]
    assert [slot["status"] for slot in slots] == ["on_time"] + 5 * ["upcoming"]
    assert (data["vitals"]["every_h"], data["neuro"]["every_h"]) == ("4.00", "8.00")
    assert datetime.fromisoformat(data["ends_at"]) - given == timedelta(hours=24)
    assert [(dose["step"], dose["delay_d"]) for dose in data["planned_doses"]] == [
        ("STEP-UP 1", 0), ("STEP-UP 2", None), ("FULL DOSE 1", None)
    ]  # fmt: skip


def test_before_the_first_dose_nothing_is_planned(api, world):
    data = api(world.nurse).get(f"participants/{world.participant.pk}/window/").json()

    assert (data["dose"], data["ends_at"], data["vitals"]) == (None, None, {"every_h": None, "slots": None})


def test_a_slot_is_excused_and_shows_it(api, dosed, participant, body):
    nurse = api(dosed.nurse)
    due_at = nurse.get(f"{participant}window/").json()["vitals"]["slots"][0]["due_at"]

    assert (
        nurse.post(
            f"{participant}missed-observations/", body(observation_kind="vitals", due_at=due_at, because="refused")
        ).status_code
        == 201
    )
    slot = nurse.get(f"{participant}window/").json()["vitals"]["slots"][0]
    assert (slot["status"], slot["because"]) == ("excused", "refused")


def test_what_is_not_due_is_refused_at_its_field(api, dosed, participant, body, ago):
    answer = api(dosed.nurse).post(
        f"{participant}missed-observations/",
        body(observation_kind="vitals", due_at=ago(hours=1).isoformat(), because="refused"),
    )

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["due_at"]


def test_a_window_is_closed_as_incomplete(api, dosed, participant, body):
    """Rulings 2: by an investigator, who signs."""
    investigator = api(dosed.investigator)
    given = investigator.get(f"{participant}window/").json()["dose"]
    assert investigator.post(f"{participant}window-closings/", body(dose=given, complete=True)).status_code == 400

    closed = body(dose=given, complete=False, because="Discharged.", signature=signature(dosed.investigator))
    first = investigator.post(f"{participant}window-closings/", closed)
    assert (first.status_code, investigator.post(f"{participant}window-closings/", closed).status_code) == (201, 200)
    data = investigator.get(f"{participant}window/").json()["closed"]
    assert (data["complete"], data["because"], data["signed"], data["missed"]) == (False, "Discharged.", True, 1)


@pytest.mark.parametrize(("query", "status"), [({"dose": 1}, 200), ({"dose": 2}, 404), ({"dose": "x"}, 400)])
def test_the_window_of_one_dose(api, dosed, participant, query, status):
    assert api(dosed.nurse).get(f"{participant}window/", **query).status_code == status


@pytest.mark.parametrize(("who", "status"), [("data_manager", 200), ("sponsor", 403), ("outsider", 404)])
def test_who_may_read(api, dosed, participant, who, status):
    assert api(getattr(dosed, who)).get(f"{participant}window/").status_code == status
