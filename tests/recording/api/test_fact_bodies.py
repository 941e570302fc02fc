"""Each kind of fact: kept as it was sent, and refused at the field that is wrong."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.models import VitalSigns
from tests.bodies import BODIES, ENDS, FEVER
from tests.builders import kept, treatment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("noun", BODIES)
def test_each_fact_is_kept_and_read_again(api, dosed, body, noun):
    doctor, sent = api(dosed.investigator), body(**BODIES[noun])

    answer = doctor.post(f"participants/{dosed.participant.pk}/{noun}/", sent)

    assert answer.status_code == 201, answer.content
    kept_fact = answer.json()
    assert (kept_fact["id"], kept_fact["root"]) == (sent["id"], sent["id"])
    listed = doctor.get(f"participants/{dosed.participant.pk}/{noun}/").json()["results"][0]
    one = doctor.get(f"participants/{dosed.participant.pk}/{noun}/{sent['id']}/").json()
    assert listed == one
    assert (one["id"], one["recorded_by"], one["source"]) == (sent["id"], "demo.investigator", "api")
    for name, value in BODIES[noun].items():
        assert one[name] == value or float(one[name]) == float(value)


@pytest.mark.parametrize("noun", ENDS)
def test_each_end_names_a_fact_of_the_participant(api, dosed, body, noun):
    field, model = ENDS[noun]
    started = timezone.now() - timedelta(minutes=5)
    kept(treatment(dosed, 0, "norepinephrine", "vasopressor", "crs", observed_at=started), dosed)
    begun = model.objects.get()
    nurse, address = api(dosed.nurse), f"participants/{dosed.participant.pk}/{noun}/"

    answer = nurse.post(address, body(**{field: str(begun.pk)}))
    wrong = nurse.post(address, body(**{field: str(uuid.uuid4())}))

    assert (answer.status_code, wrong.status_code) == (201, 400)
    assert list(wrong.json()["errors"]) == [field]
    assert nurse.get(address).json()["results"][0][field] == str(begun.pk)


def test_a_graded_set_tells_its_grade_and_alert(api, dosed, body):
    body_back = api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", body(**FEVER)).json()

    grade = body_back["grade"]
    assert (grade["kind"], grade["grade"], grade["at_least"], grade["at_most"]) == ("crs", 2, 2, 2)
    assert {"hypotension_no_vasopressor", "low_flow_oxygen"} <= {why["code"] for why in grade["reasons"]}
    assert (grade["criteria"], body_back["complete_the_set"], body_back["unconfirmed"]) == ("ASTCT 2019", False, [])
    assert [(alert["kind"], alert["grade"], alert["late"]) for alert in body_back["alerts"]] == [("crs", 2, False)]


@pytest.mark.parametrize(
    ("why", "seen", "expected"),
    [
        ("a fever alone hides up to grade 4", {"temperature_c": 38.6}, True),
        ("a low pressure without a temperature", {"sbp": 85, "dbp": 50, "spo2": 97, "oxygen_device": "room_air",
                                                  "fluid_bolus": False, "vasopressors": []}, True),
        ("nothing seen is nothing abnormal", {}, False),
        ("no fever is definite", {"temperature_c": 36.8}, False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_who_saw_something_abnormal_is_asked_to_complete_the_set(api, client, dosed, body, why, seen, expected):
    answer = api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", body(**seen)).json()
    client.force_login(dosed.nurse)
    page = client.get(reverse("participant", args=[dosed.participant.pk]), {"saved": answer["id"]}).content.decode()

    assert answer["complete_the_set"] is expected
    assert ("Complete the set now" in page) is expected


def test_a_fever_that_may_be_masked_is_no_gap_in_the_set(api, client, dosed, body):
    earlier = timezone.now() - timedelta(hours=1)
    kept(treatment(dosed, 0, "paracetamol", "antipyretic", "premedication", observed_at=earlier), dosed)
    low = FEVER | {"temperature_c": 36.8}

    answer = api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", body(**low)).json()
    client.force_login(dosed.nurse)
    page = client.get(reverse("participant", args=[dosed.participant.pk]), {"saved": answer["id"]}).content.decode()

    assert (answer["grade"]["grade"], answer["grade"]["missing"], answer["grade"]["flags"]) == (
        -1, [], ["possible_masked_fever"])  # fmt: skip
    assert answer["complete_the_set"] is False
    assert "Complete the set" not in page


NOT_FIELDS = ["recorded_by", "recorded_at", "root", "digest", "source", "participant", "participant_id", "crs_grade",
              "grade", "site", "is_staff", "pk", "supersedes_id", "__class__"]  # fmt: skip
SET_BY_THE_SERVER: dict[str, list] = {name: [1, "x", None] for name in NOT_FIELDS}
BAD = {  # kind of fact -> field -> values that are refused there
    "vital-signs": SET_BY_THE_SERVER
    | {
        "id": [None, 7, "1", "{123e4567-e89b-42d3-a456-426614174000}"],
        "observed_at": [
            None, "yesterday", 1764000000, "2026-11-24T10:00:00", "2026-13-24T10:00:00Z", "٢٠٢٦-11-24T10:00:00Z",
            "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2199-01-01T00:00Z", "2010-01-01T00:00+99:99",
        ],
        "supersedes": ["x", [], 7],
        "reason": [7, "a\u202eb", "x" * 2001],
        "withdrawn": [True, "no", 1],
        "temperature_c": [
            True, "", "38,6", "٣٨", "1e1", "NaN", [38], {"x": 1}, -1, 24.9, 45.1, 10**30, "38.6.1", 101.3, 384,
        ],
        "sbp": [-1],
        "spo2": [-1, 101, 0.97, 1],
        "mean_pressure": [-1, 301],
        "fio2_percent": [-1, 101, 0.6],
        "position": ["prone", None],
        "arm": ["middle"],
        "fluid_bolus_ml": [-1, 10_000],
        "oxygen_device": ["straw", "", 1, ["room_air"]],
        "oxygen_indication": ["habit"],
        "hypotension": ["true"],
        "pressure_unrecordable": [None],
        "vasopressors": [
            "norepinephrine", ["none"], [""], ["x" * 61], [7], ["a\u0007b"], ["Dopamine", "dopamine"],
            [f"drug {n}" for n in range(21)],
        ],
        "temperature_site": ["x" * 13],
        "infusion": ["paused"],
        "differential": [["x"] * 21],
        "not_done": [[]],
        "opened_at": ["2026-11-24T10:00:00"],
    },
    "neuro-assessments": {
        "ice_naming": [4, -1, 1.5, True],
        "ice_year": [1],
        "capd_score": [33],
        "consciousness": ["sleepy"],
        "seizure": [""],
        "motor": [0],
        "oedema": ["mild"],
        "ice_unable_reason": ["tired"],
        "icp_signs": ["papilloedema", ["headache"]],
    },
    "treatments": {
        "drug": ["", "x" * 61, None],
        "drug_class": ["herb"],
        "indication": [""],
        "dose": [-1, "100000000", "0.00001"],
    },
    "doses": {
        "step": [9, 0, "2", 10**20],
        "amount": [0, None],
        "unit": ["stone"],
        "route": ["ORAL"],
        "status": ["LOST"],
        "planned_at": ["2026-11-24"],
    },
    "stays": SET_BY_THE_SERVER | {"ward": [""], "bed": ["x" * 21], "kind": ["hotel"]},
    "measurements": {"kind": ["mood"], "value": ["1000000000", None]},
    "attributions": {"sign": ["mood"], "because": [" "], "cause": [""], "until": ["2001-01-01T00:00:00Z"]},
    "dispositions": {"kind": ["bored"]},
}  # fmt: skip


@pytest.mark.parametrize("noun", BODIES)
def test_a_bad_value_is_refused_at_its_field_and_nothing_is_kept(api, dosed, body, noun):
    doctor, address = api(dosed.investigator), f"participants/{dosed.participant.pk}/{noun}/"
    before = doctor.get(address).json()
    wrong = []

    for field, value in [(field, value) for field, values in BAD[noun].items() for value in values]:
        answer = doctor.post(address, body(**BODIES[noun]) | {field: value})
        at_fault = [name.split(".")[0] for name in answer.json().get("errors", {})]
        if (answer.status_code, answer["content-type"], at_fault) != (400, "application/problem+json", [field]):
            wrong.append((field, value, answer.status_code, at_fault))

    assert wrong == []
    assert doctor.get(address).json() == before


def test_a_pressure_that_contradicts_itself_is_refused(api, dosed, well):
    answer = api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", well(sbp=70, dbp=90))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["sbp"])


def test_every_wrong_field_is_told_at_once(api, dosed, well):
    sent = well(spo2="a", oxygen_device="straw", colour="blue", not_done={"mood": "asleep"})

    answer = api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", sent)

    assert set(answer.json()["errors"]) == {"spo2", "oxygen_device", "colour", "not_done.mood"}


def test_an_unlisted_agent_and_a_reason_for_a_gap_are_kept(api, dosed, well):
    sent = well(vasopressors=["Noradrenaline", "new agent"], spo2=None, not_done={"spo2": "refused"})

    answer = api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", sent)

    assert answer.status_code == 201
    set_of_signs = VitalSigns.objects.get()
    assert (set_of_signs.vasopressors, set_of_signs.not_done) == (["Noradrenaline", "new agent"], {"spo2": "refused"})


def test_a_drug_that_is_no_vasopressor_is_refused_at_its_field(api, dosed, well):
    sent = well(vasopressors=["norepinephrine", "Lasix 40 mg IV"])

    answer = api(dosed.nurse).post(f"participants/{dosed.participant.pk}/vital-signs/", sent)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["vasopressors"])
    assert "furosemide is not a vasopressor" in str(answer.json()["errors"])


SHAPELESS = [b"", b"[]", b"7", b"null", b'"x"', b"{", b'{"id": 1, "id": 2}', b'{"reason": "\\u0000"}', b'{"": 1}']


@pytest.mark.parametrize("noun", [*BODIES, *ENDS])
def test_a_body_of_another_shape_is_400(api, dosed, noun):
    doctor = api(dosed.investigator)

    answers = [doctor.post(f"participants/{dosed.participant.pk}/{noun}/", sent) for sent in SHAPELESS]

    assert [answer.status_code for answer in answers] == [400] * len(SHAPELESS)
    assert all(answer.json()["errors"] for answer in answers)
