"""Eight hours without a network: forty entries of three participants, graded on the tablet each after the ones before.

What the tablet asks its rules is asked here of the same rules; that they answer alike there: tests/tablet/test_same.py.
"""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from crsmonitor.audit.acting import acting
from grading.models import GradeDifference, NeuroAssessment, TabletEntry, Treatment, VitalSigns
from grading.tablet.asked import answer
from grading.tablet.participant_rules import participant_rules
from regimens.models import Participant
from tests.builders import dose, hour, kept, stay, vitals
from tests.tablet.server.entries import MORNING, answers_to, entry, without

pytestmark = pytest.mark.django_db

LOST_AT = hour(7)  # midnight at the site; heard again at 08:00
ONE_EACH = timedelta(minutes=12)
WELL = {
    "temperature_c": "37.2", "sbp": "118", "dbp": "70", "heart_rate": "88", "respiratory_rate": "16", "spo2": "96",
    "oxygen_device": "room_air", "hypotension": "no", "fluid_bolus": "no", "vasopressors": ["none"],
}  # fmt: skip
FEVER, LOW = WELL | {"temperature_c": "38.6"}, WELL | {"sbp": "86", "dbp": "50", "hypotension": "yes"}
ON_OXYGEN = WELL | {"spo2": "93", "oxygen_device": "nasal_cannula", "oxygen_flow_l_min": "2"}
AWAKE = {
    "ice_year": "yes", "ice_month": "yes", "ice_city": "yes", "ice_hospital": "yes", "ice_naming": "3",
    "ice_command": "yes", "ice_writing": "no", "ice_attention": "no", "consciousness": "awake", "seizure": "none",
    "motor": "none", "icp_signs": ["none"],
}  # fmt: skip
PARACETAMOL = {"known": "paracetamol", "dose": "1000", "unit": "mg", "indication": "crs"}
NIGHT = [
    ("vitals", FEVER), ("treatment", PARACETAMOL), ("vitals", WELL), ("vitals", LOW), ("neuro", AWAKE),
    ("vitals", ON_OXYGEN), ("vitals", LOW | {"vasopressors": ["norepinephrine"]}), ("vitals", FEVER),
    ("vitals", WELL), ("neuro", AWAKE), ("vitals", ON_OXYGEN), ("vitals", LOW), ("vitals", WELL), ("vitals", FEVER),
]  # fmt: skip


@pytest.fixture
def beds(ward):
    """Three, each dosed and well in the evening."""
    with acting(by="test", reason="two more beds"):
        more = [
            Participant.objects.create(study=ward.study, site=ward.site, number=f"DEMO-77{n}", regimen=ward.regimen)
            for n in (7, 8)
        ]
    for one in more:
        kept(stay(ward, participant=one, bed=one.number[-1]), ward)
        kept(dose(ward, participant=one), ward)
    everybody = [ward.participant, *more]
    for one in everybody:
        kept(vitals(ward, 6, participant=one, temperature_c=Decimal("37.1")), ward)
        one.refresh_from_db()
    return everybody


def opened_at(one) -> str:
    return one["fields"]["opened_at"][0]


def shown_on_tablet(one, waiting, rules):
    """The grade on the glass, with those that wait. None: a drug has none."""
    if one["kind"] not in ("vitals", "neuro"):
        return None
    at = opened_at(one)
    unsent = [{name: each[name] for name in ("kind", "id", "fields")} | {"at": opened_at(each)} for each in waiting]
    changes = answer({"ask": "continued", "waiting": unsent, "at": at, "rules": rules})["changes"]
    form = {"kind": one["kind"], "id": one["id"], "at": at, "fields": one["fields"]}
    return answer({"ask": "typed", "rules": rules | changes} | form)["shown"]


def a_night(world, beds) -> list[dict]:
    rules = {one.pk: json.loads(json.dumps(participant_rules(one, at=LOST_AT))) for one in beds}
    waiting: dict[int, list[dict]] = {one.pk: [] for one in beds}
    entries = []
    for n in range(40):
        bed = beds[n % len(beds)]
        kind, fields = NIGHT[(n // len(beds) + n % len(beds)) % len(NIGHT)]  # no two have the same course
        one = entry(world, kind, fields, kept_at=LOST_AT + (n + 1) * ONE_EACH, participant=bed.pk)
        one = without(one, confirm_number=[bed.number[-3:]])
        one["shown"] = shown_on_tablet(one, waiting[bed.pk], rules[bed.pk])
        waiting[bed.pk].append(one)
        entries.append(one)
    return entries


@pytest.mark.long
def test_forty_entries_of_eight_hours_are_kept_once_in_order_with_the_grades_that_were_shown(nurse, ward, beds):
    entries = a_night(ward, beds)
    first = answers_to(nurse, *entries[:25])  # and the answer is lost on its way

    answers = answers_to(nurse, *entries)

    assert [one["state"] for one in answers] == ["kept"] * 40
    assert answers[:25] == first
    assert [one["id"] for one in answers] == [one["id"] for one in entries]
    assert not any(one["differs"] for one in answers)
    assert not GradeDifference.objects.exists()
    kinds = [one["kind"] for one in entries]
    models = {"vitals": VitalSigns, "neuro": NeuroAssessment, "treatment": Treatment}
    for kind, model in models.items():
        facts = model.objects.filter(pk__in=[one["id"] for one in entries])
        assert facts.count() == kinds.count(kind) > 1
        assert set(facts.values_list("reason", "recorded_at")) == {("", MORNING)}  # nobody is asked why it is late
    came = TabletEntry.objects.in_bulk()
    assert [came_at(came, one) for one in entries] == [LOST_AT + (n + 1) * ONE_EACH for n in range(40)]
    assert {tuple(one.doubts) for one in came.values()} == {()}


def came_at(came, one) -> datetime:
    return next(entry.kept_at for key, entry in came.items() if str(key) == one["id"])


def test_a_set_after_a_fever_that_waits_is_of_its_episode(ward, beds):
    """37.2 and 86 mmHg: CRS 2 after the fever, which is what waits, and none by definition without it."""
    rules = json.loads(json.dumps(participant_rules(beds[0], at=LOST_AT)))
    fever = entry(ward, "vitals", FEVER, kept_at=LOST_AT + ONE_EACH)
    low = entry(ward, "vitals", LOW, kept_at=LOST_AT + 2 * ONE_EACH)

    assert shown_on_tablet(low, [], rules)["at_most"] == 0
    assert shown_on_tablet(low, [fever], rules)["grade"] == 2
