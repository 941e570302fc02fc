"""A late entry or a correction is shown as a before and an after; a set that comes in order takes nothing back."""

import uuid
from datetime import datetime

import pytest

from grading.models import Attribution
from grading.recording.record import Recorded
from tests.builders import dose, draft, hour, kept, treatment, vitals

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": 38.6}
LOW = FEVER | {"sbp": 85, "hypotension": True}


def change_rows(recorded: Recorded) -> set[tuple]:
    def grade(one):
        return None if one is None else one["grade"]

    def at(text):
        return None if text is None else datetime.fromisoformat(text)

    return {
        (c["what"], c["kind"], at(c["at"]), c["dose_number"], grade(c["before"]), grade(c["after"]))
        for c in recorded.changes
    }


def test_in_order_nothing_is_taken_back(ward):
    assert kept(vitals(ward, 4, **LOW), ward).changes == ()
    assert kept(treatment(ward, 5, "tocilizumab", "anticytokine", "crs"), ward).changes == ()
    assert kept(dose(ward, 24, step=1), ward).changes == ()


def test_a_correction_tells_of_the_set_the_episode_the_period_and_now(ward):
    wrong = kept(vitals(ward, 4, **LOW), ward).fact

    kept_again = kept(vitals(ward, 4, supersedes=wrong, reason="misread"), ward, at=hour(5))

    assert change_rows(kept_again) == {
        ("now", "crs", None, None, 2, 0),
        ("episode", "crs", hour(4), None, 2, None),
        ("dose_period", "crs", hour(0), 1, 2, 0),
        ("grade", "crs", hour(4), None, 2, 0),
    }


def test_a_correction_that_grades_the_same_tells_nothing(ward):
    wrong = kept(vitals(ward, 4, **LOW), ward).fact

    assert (
        kept(vitals(ward, 4, **LOW | {"sbp": 84}, supersedes=wrong, reason="misread"), ward, at=hour(5)).changes == ()
    )


def test_a_withdrawn_set_leaves_none(ward):
    wrong = kept(vitals(ward, 4, **FEVER), ward).fact

    gone = kept(vitals(ward, 4, supersedes=wrong, withdrawn=True, reason="another's"), ward, at=hour(5))

    assert ("grade", "crs", hour(4), None, 1, None) in change_rows(gone)
    assert ("dose_period", "crs", hour(0), 1, 1, None) in change_rows(gone)


def test_a_late_fever_makes_crs_of_what_came_after(ward):
    kept(vitals(ward, 6, hypotension=True), ward)

    late = kept(vitals(ward, 4, **FEVER, reason="forgotten"), ward, at=hour(7))

    assert change_rows(late) == {
        ("now", "crs", None, None, 0, 2),
        ("episode", "crs", hour(6), None, 0, None),  # the provisional one
        ("episode", "crs", hour(4), None, None, 2),
        ("dose_period", "crs", hour(0), 1, 0, 2),
        ("grade", "crs", hour(6), None, 0, 2),
    }


def test_an_attribution_tells_what_it_takes_away(ward):
    kept(vitals(ward, 4, **LOW), ward)
    cause = draft(Attribution, ward, 3, sign="hypotension", cause="bleeding", because="seen", reason="late")

    assert ("grade", "crs", hour(4), None, 2, 1) in change_rows(kept(cause, ward, by=ward.investigator, at=hour(6)))


def test_a_late_dose_tells_of_the_period_it_changes(ward):
    kept(vitals(ward, 30, **FEVER), ward)

    late = kept(dose(ward, 24, step=1, reason="forgotten"), ward, at=hour(31))

    assert ("dose_period", "crs", hour(0), 1, 1, None) in change_rows(late)


# --- The doors --------------------------------------------------------------------------------------------------


def test_the_api_answers_with_them(ward, client):
    wrong = kept(vitals(ward, 4, **LOW), ward).fact
    client.force_login(ward.nurse)
    body = {
        "id": str(uuid.uuid4()), "observed_at": hour(4).isoformat(), "supersedes": str(wrong.pk), "reason": "misread",
        "temperature_c": 36.8, "sbp": 120, "dbp": 70, "spo2": 97, "oxygen_device": "room_air", "hypotension": False,
        "fluid_bolus": False, "vasopressors": [],
    }  # fmt: skip
    address = f"/api/v1/participants/{ward.participant.pk}/vital-signs/"

    answer = client.post(address, body, content_type="application/json")

    assert answer.status_code == 201, answer.json()
    [now] = [c for c in answer.json()["changes"] if c["what"] == "now"]
    assert (now["before"]["grade"], now["after"]["grade"]) == (2, 0)
    again = client.post(address, body, content_type="application/json")
    assert (again.status_code, again.json()["changes"]) == (200, answer.json()["changes"])  # the first answer


@pytest.mark.parametrize(("language", "phrases"), [("en", "What this changed"), ("zh-hant", "這次更改了什麼")])
def test_the_page_after_saving_shows_before_and_after(ward, client, language, phrases):
    wrong = kept(vitals(ward, 4, **LOW), ward).fact
    kept_again = kept(vitals(ward, 4, supersedes=wrong, reason="misread"), ward, at=hour(5))
    client.force_login(ward.nurse)
    page = f"/participants/{ward.participant.pk}/"

    shown = client.get(f"{page}?saved={kept_again.fact.pk}", headers={"accept-language": language}).content.decode()

    assert phrases in shown
    assert ("CRS grade at 2026-03-02 21:00" in shown) == (language == "en")
    assert phrases not in client.get(page, headers={"accept-language": language}).content.decode()
