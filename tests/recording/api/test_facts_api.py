"""Sending facts twice, at once, by the wrong person and late; lists of them; any body at all."""

import json
import threading
import uuid
from collections import Counter

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crsmonitor.api.parsing import read_json
from grading.bedside.kinds import AT_EDGE
from grading.models import CurrentState, VitalSigns
from grading.rules.grades.graded import INDETERMINATE
from tests.builders import kept
from tests.sizes import sized

pytestmark = pytest.mark.django_db
SHAPES = {one.kind.model: one.shape for one in AT_EDGE if one.shape is not None}


# --- Again and at once --------------------------------------------------------------------------------------


def test_the_same_again_gets_the_first_answer(api, dosed, address, well):
    nurse, sent = api(dosed.nurse), well(temperature_c=38.6, sbp=85, hypotension=True)

    first, again = nurse.post(address, sent), nurse.post(address, sent)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert VitalSigns.objects.count() == 1


def test_the_same_in_another_spelling_is_the_same(api, dosed, address, well):
    nurse, sent = api(dosed.nurse), well()
    nurse.post(address, sent)

    again = nurse.post(address, sent | {"temperature_c": "36.80", "id": sent["id"].upper()})

    assert again.status_code == 200


def test_the_same_again_is_known_however_late_it_comes(api, dosed, address, well, ago):
    """A tablet that lost the answer sends again when it is back in reach."""
    sent = well(observed_at=ago(hours=2).isoformat())
    values = SHAPES[VitalSigns].run_validation(read_json(json.dumps(sent).encode()))
    kept(VitalSigns(participant_id=dosed.participant.pk, source="api", **values), dosed)

    assert api(dosed.nurse).post(address, sent).status_code == 200


def test_the_same_correction_again_gets_the_first_answer(api, dosed, address, well):
    nurse, first = api(dosed.nurse), well()
    nurse.post(address, first)
    correction = well(sbp=121, supersedes=first["id"], reason="misread")

    assert [nurse.post(address, correction).status_code for _ in range(2)] == [201, 200]


def test_an_id_of_another_kind_of_fact_is_409(api, dosed, address, well, body):
    nurse, sent = api(dosed.nurse), well()
    nurse.post(address, sent)
    mind = body(id=sent["id"], consciousness="awake")

    assert nurse.post(address.replace("vital-signs", "neuro-assessments"), mind).status_code == 409


def test_the_same_id_with_another_body_is_409(api, dosed, address, well):
    nurse, sent = api(dosed.nurse), well()
    nurse.post(address, sent)

    answer = nurse.post(address, sent | {"sbp": 121})

    assert (answer.status_code, answer.json()["title"]) == (409, "client_id_reused")


def test_an_id_of_another_site_is_409_and_tells_nothing(api, dosed, address, elsewhere, well):
    sent = well(temperature_c=38.6)
    api(dosed.nurse).post(address, sent)

    answer = api(dosed.outsider).post(f"participants/{elsewhere.pk}/vital-signs/", sent)

    assert answer.status_code == 409, answer.content
    assert answer.json() == {
        "type": "urn:crsmonitor:client_id_reused", "title": "client_id_reused", "status": 409,
        "detail": "This id was used for another record.",
    }  # fmt: skip


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_keep_one(api, dosed, address, well):
    nurse, sent = api(dosed.nurse), well(temperature_c=38.6)

    statuses = Counter(at_once([lambda: nurse.post(address, sent).status_code] * 20))

    assert statuses == {201: 1, 200: 19}
    assert VitalSigns.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_different_sets_at_once_lose_none(api, dosed, address, well, ago):
    nurse = api(dosed.nurse)
    sets = [well(observed_at=ago(minutes=minutes).isoformat()) for minutes in range(1, 9)]

    statuses = Counter(at_once([lambda sent=sent: nurse.post(address, sent).status_code for sent in sets]))

    assert statuses == {201: 8}
    periods = dosed.participant.dose_periods.get()
    assert (periods.vitals_recorded, dosed.participant.grades.count()) == (8, 8)
    assert CurrentState.objects.get().vitals_at.isoformat() == sets[0]["observed_at"]


def at_once(actions):
    """Do all at the same moment, each in a thread of its own."""
    gate, answers = threading.Barrier(len(actions)), []

    def do(action):
        gate.wait(120)
        try:
            answers.append(action())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    return answers


# --- Who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("nurse", 201), ("charge_nurse", 201), ("investigator", 201), ("data_manager", 403), ("sponsor", 403),
     ("outsider", 404)],
)  # fmt: skip
def test_who_may_record(api, dosed, address, well, who, status):
    assert api(getattr(dosed, who)).post(address, well()).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("nurse", 200), ("investigator", 200), ("data_manager", 200), ("sponsor", 403), ("outsider", 404)],
)
def test_who_may_read(api, dosed, address, well, who, status):
    sent = well()
    api(dosed.nurse).post(address, sent)
    user = api(getattr(dosed, who))

    assert user.get(address).status_code == status
    assert user.get(f"{address}{sent['id']}/").status_code == status


def test_only_an_investigator_attributes(api, dosed, body):
    sent = body(sign="fever", cause="infection", because="Culture.")
    address = f"participants/{dosed.participant.pk}/attributions/"

    assert api(dosed.nurse).post(address, sent).status_code == 403
    assert api(dosed.investigator).post(address, sent).status_code == 201


def test_a_stranger_and_a_wrong_number_get_the_same_answer(api, dosed, address, well):
    outsider = api(dosed.outsider)
    there, nowhere = (
        outsider.post(address, well()),
        outsider.post("participants/99999999999999999999/vital-signs/", well()),
    )

    assert (there.status_code, there.content) == (404, nowhere.content)


def test_a_fact_is_found_below_its_own_participant_only(api, dosed, address, elsewhere, well):
    sent = well()
    api(dosed.nurse).post(address, sent)

    for path in (f"participants/{elsewhere.pk}/vital-signs/", f"participants/{dosed.participant.pk}/stays/"):
        assert api(dosed.investigator).get(f"{path}{sent['id']}/").status_code == 404


# --- When ---------------------------------------------------------------------------------------------------


def test_a_time_in_the_future_is_refused(api, dosed, address, well, ago):
    answer = api(dosed.nurse).post(address, well(observed_at=ago(minutes=-5).isoformat()))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["observed_at"])


def test_a_late_entry_says_why(api, dosed, address, well, ago):
    nurse, sent = api(dosed.nurse), well(observed_at=ago(hours=2).isoformat())

    silent = nurse.post(address, sent)
    answer = nurse.post(address, sent | {"reason": "the tablet was flat"})

    assert (silent.status_code, list(silent.json()["errors"]), answer.status_code) == (400, ["reason"], 201)


# --- Lists --------------------------------------------------------------------------------------------------


def test_a_list_goes_on_where_it_ended(api, dosed, address, well, ago):
    nurse = api(dosed.nurse)
    moment = ago(minutes=1).isoformat()
    sent = {nurse.post(address, well(observed_at=moment)).json()["id"] for _ in range(5)}

    seen, query = [], {"limit": 2}
    while True:
        page = nurse.get(address, **query).json()
        seen += [fact["id"] for fact in page["results"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]

    assert (len(seen), set(seen)) == (5, sent)


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 501}, {"limit": "x"}, {"after": "x"}, {"after": str(uuid.uuid4())}]
)
def test_a_list_is_asked_for_in_reason(api, dosed, address, query):
    answer = api(dosed.nurse).get(address, **query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


def test_a_list_takes_the_same_queries_however_long(api, dosed, address, well, django_assert_num_queries):
    nurse = api(dosed.nurse)
    for _ in range(6):
        nurse.post(address, well())

    with django_assert_num_queries(3):  # participant, facts, grades
        assert len(nurse.get(address).json()["results"]) == 6


def test_without_a_grade_to_tell_the_floor_is_told(api, dosed, address, body):
    grade = api(dosed.nurse).post(address, body(temperature_c=38.6)).json()["grade"]

    assert (grade["grade"], grade["at_least"], grade["at_most"]) == (INDETERMINATE, 1, 4)


# --- Anything at all ----------------------------------------------------------------------------------------

NAMES = sorted({name for shape in SHAPES.values() for name in shape.fields})
WORDS = ["2026-11-24T10:00:00Z", "00000000-0000-4000-8000-000000000000", "room_air", "mg", "weight_kg", "1e5"]
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    SIMPLE | st.text(max_size=30) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner),
    max_leaves=8,
)


@pytest.mark.long
@pytest.mark.parametrize(
    "noun", ["vital-signs", "neuro-assessments", "doses", "dose-ends", "measurements", "attributions"]
)
@settings(max_examples=sized(60, sample=15), suppress_health_check=list(HealthCheck))
@given(sent=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=12) | JSON, whole=st.booleans())
def test_no_body_is_a_500(api, dosed, well, noun, sent, whole):
    if whole and isinstance(sent, dict):
        sent = well() | sent

    assert api(dosed.investigator).post(f"participants/{dosed.participant.pk}/{noun}/", sent).status_code < 500
