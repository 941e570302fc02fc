"""What waits on a tablet is folded as if it had been sent: decisions.md (S2, S3, C2c) and the tables of conventions."""

from datetime import UTC, datetime, timedelta

import pytest

from grading.tablet.asked import answer

AT = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
RULES = {
    "state": {}, "parameters": {"resolution_minutes": 1440, "awaits_dose": False}, "pediatric": False, "baseline": {},
    "baseline_at": None, "set_before_at": None, "set_before": None, "previous": {}, "masking": [], "period_steps": [2],
}  # fmt: skip
WELL = {
    "temperature_c": ["37.0"], "sbp": ["118"], "dbp": ["70"], "spo2": ["97"], "oxygen_device": ["room_air"],
    "hypotension": ["no"], "fluid_bolus": ["no"], "vasopressors": ["none"],
}  # fmt: skip
FEVER = WELL | {"temperature_c": ["38.6"]}
LOW = WELL | {"sbp": ["86"], "hypotension": ["yes"]}


def waiting(kind, fields, minutes=0, key="w"):
    at = AT + timedelta(minutes=minutes)
    return {"kind": kind, "id": f"{key}{minutes}", "at": at.isoformat(), "fields": fields}


def continued(*entries, minutes=60, **rules):
    at = (AT + timedelta(minutes=minutes)).isoformat()
    return answer({"ask": "continued", "waiting": list(entries), "at": at, "rules": RULES | rules})


def typed(fields, *entries, minutes=60, **rules):
    """As it stands on the glass at AT and so many minutes, after what waits."""
    at = (AT + timedelta(minutes=minutes)).isoformat()
    known = RULES | rules | continued(*entries, minutes=minutes, **rules)["changes"]
    return answer({"ask": "typed", "kind": "vitals", "id": "new", "at": at, "fields": fields, "rules": known})


def test_of_an_episode_that_waits_a_set_without_fever_is_graded():
    """S3: the fever of this episode counts still."""
    assert typed(LOW)["shown"]["at_most"] == 0
    assert typed(LOW, waiting("vitals", FEVER))["shown"]["grade"] == 2


def test_the_order_in_which_they_were_kept_does_not_matter():
    two = [waiting("vitals", FEVER, 20), waiting("vitals", WELL, 10)]

    assert typed(LOW, *two) == typed(LOW, *reversed(two))


def test_nothing_later_bears_on_a_set_that_is_entered_late():
    late = typed(LOW, waiting("vitals", FEVER, 30), minutes=10)

    assert late["shown"]["at_most"] == 0
    assert continued(waiting("vitals", FEVER, 30), minutes=10)["last"] is None


def test_values_are_compared_with_the_newest_set_that_waits():
    """37.0 after 39.2 is typed again; the newest is what stands left of the boxes."""
    hot = WELL | {"temperature_c": ["39.2"], "heart_rate": ["110"]}
    after = continued(waiting("vitals", WELL, 0), waiting("vitals", hot, 30))

    assert (after["last"]["at"], after["last"]["values"]["temperature_c"]) == (waiting("", {}, 30)["at"], "39.2")
    assert (after["last"]["values"]["heart_rate"], after["last"]["values"]["respiratory_rate"]) == ("110", None)
    assert after["changes"]["previous"] == {"temperature_c": "39.2", "sbp": "118"}
    assert "temperature_c" in typed(WELL, waiting("vitals", hot, 30))["again"]
    assert "temperature_c" not in typed(WELL)["again"]


def test_a_doubt_holds_back_what_is_no_worse_than_the_newest_that_waits():
    """Rulings 2: a worsening is never held back by a question; 230 mmHg is typed again."""
    unusual = FEVER | {"sbp": ["230"]}

    assert typed(unusual)["again"] == {}  # nobody knew of a fever: it is told at once
    assert "sbp" in typed(unusual, waiting("vitals", FEVER))["again"]


@pytest.mark.parametrize(
    ("treatment", "flag"),
    [
        ({"known": ["paracetamol"], "indication": ["crs"]}, True),
        ({"drug": ["dexamethasone"], "drug_class": ["other"], "indication": ["other"]}, True),  # the name decides
        ({"drug": ["ceftriaxone"], "drug_class": ["antibiotic"], "indication": ["other"]}, False),
    ],
)
def test_a_drug_that_waits_hides_a_fever(treatment, flag):
    """C2c: never febrile, masked, with a low pressure."""
    shown = typed(LOW, waiting("treatment", treatment))["shown"]

    assert ("possible_masked_fever" in shown["flags"]) is flag


def test_it_hides_it_as_long_as_the_studys_policy_says():
    """The default of an antipyretic is 8 h."""
    given = waiting("treatment", {"known": ["paracetamol"], "indication": ["crs"]})
    later = {"minutes": 10 * 60}

    assert "possible_masked_fever" not in typed(LOW, given, **later)["shown"]["flags"]
    longer = typed(LOW, given, **later, masking=[{"code": "antipyretic", "hours": "12"}])
    assert "possible_masked_fever" in longer["shown"]["flags"]


def test_a_vasopressor_that_waits_runs_beside_the_set():
    """3 for one vasopressor, though the set is silent about it."""
    silent = {name: texts for name, texts in FEVER.items() if name != "vasopressors"}
    given = {"drug": ["levophed"], "drug_class": ["vasopressor"], "indication": ["crs"]}

    assert typed(silent, waiting("treatment", given))["shown"]["at_least"] == 3


@pytest.mark.parametrize(
    ("fields", "early"),
    [
        ({"status": ["GIVEN"], "step": ["2"]}, False),
        ({"status": ["NOT GIVEN"], "step": ["2"]}, True),
        ({"status": ["GIVEN"], "step": ["1"]}, True),  # a pretreatment opens no period
    ],
)
def test_before_a_dose_that_waits_there_is_no_crs(fields, early):
    parameters = RULES["parameters"] | {"awaits_dose": True}
    shown = typed(FEVER, waiting("dose", fields), parameters=parameters)["shown"]

    assert ("fever_before_first_dose" in shown["flags"]) is early


def test_where_one_lies_before_what_the_server_has_only_the_record_can_tell():
    newer = continued(waiting("vitals", FEVER, 30))["changes"]["state"]

    assert continued(waiting("vitals", WELL, 0), state=newer) == {"changes": None, "last": None}
    measured = (AT + timedelta(minutes=5)).isoformat()
    assert continued(waiting("vitals", WELL, 0), baseline_at=measured)["changes"] is None


# --- The second identifier ----------------------------------------------------------------------------------


OWN = {"identifier": "DEMO-001", "ending": "001"}
OTHERS = [{"identifier": "DEMO-1002", "ending": "1002"}, {"identifier": "DEMO-777", "ending": "777"}]


@pytest.mark.parametrize(
    ("typed_number", "begins"),
    [
        ("001", ""),
        ("DEMO-001", ""),
        ("００１", ""),  # full-width, from a Chinese keyboard
        ("777", "“777” is the wristband of DEMO-777: another participant."),
        ("1002", "“1002” is the wristband of DEMO-1002: another participant."),
        ("002", "“002” is not how this study number ends."),  # of nobody with certainty
        ("01", "“01” is not how this study number ends."),
        (" ", "Type the end of the study number on the wristband."),
    ],
)
def test_whose_wristband_it_is_is_said_at_once(typed_number, begins):
    error = answer({"ask": "wristband", "typed": typed_number, "own": OWN, "others": OTHERS})["error"]

    assert error.startswith(begins)
    assert bool(error) is bool(begins)
