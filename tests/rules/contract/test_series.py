"""A whole course as one case: a row per sentence of the episode rules, what is refused, and what must always hold."""

import json
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules.contract.contract import answer
from regimens.rules.reading import CaseError
from tests.rules.contract.series_events import (
    FEVER,
    LOW,
    SHOCK,
    death,
    dose,
    drug,
    look,
    mind,
    series_answer,
)
from tests.sizes import sized


def test_an_answer_has_the_fields_of_the_contract():
    answer = series_answer(dose(1, 2), look(Decimal("27.5"), **FEVER), mind(30), look(31), look(55), mind(56, ice=None))

    assert answer == {
        "id": "a",
        "episodes": [{"start_h": 27.5, "end_h": 31, "max_grade": 1, "onset_from_dose_h": 26.5, "dose_index": 2}],
        "icans_episodes": [],
        "provisional": [],
        "grades_at": [
            {"t_hours": 27.5, "kind": "crs", "grade": 1},
            {"t_hours": 30, "kind": "icans", "grade": 0},
            {"t_hours": 31, "kind": "crs", "grade": 0},
            {"t_hours": 55, "kind": "crs", "grade": 0},
            {"t_hours": 56, "kind": "icans", "grade": -1},
        ],
        "flags": ["indeterminate_assessments"],
    }


EPISODES = [  # start, end, maximum, hours since the dose, dose
    ("S1 the first fever starts it", [look(4), look(6, **FEVER)], [(6, None, 1, None, None)]),
    ("S1 38.0 is fever", [look(6, temperature_c=Decimal("38.0"))], [(6, None, 1, None, None)]),
    ("S1 37.9 is not", [look(6, temperature_c=Decimal("37.9"))], []),
    ("S3 the fever stays met", [look(6, **FEVER), look(8, **SHOCK)], [(6, None, 3, None, None)]),
    ("S4 24 h observed free ends it", [look(6, **FEVER), look(8), look(32)], [(6, 8, 1, None, None)]),
    ("S4 less does not", [look(6, **FEVER), look(8), look(Decimal("31.9"))], [(6, None, 1, None, None)]),
    ("S4 24 h that binary made of thirds", [look(0, **FEVER), look(Decimal("0.3333333333333333")),
     look(Decimal("24.333333333333332"))], [(0, 0.3333333333333333, 1, None, None)]),
    ("S4 the end of the record ends nothing", [look(6, **FEVER), look(8)], [(6, None, 1, None, None)]),
    ("S4 a relapse within 24 h is the same", [look(6, **FEVER), look(8), look(20, **LOW), look(22), look(46)],
     [(6, 22, 2, None, None)]),
    ("S5 a return after 24 h free is new, same dose", [dose(0), look(6, **FEVER), look(8), look(32), look(33, **FEVER)],
     [(6, 8, 1, 6, 1), (33, None, 1, 33, 1)]),
    ("S5 hypotension alone after the end starts none", [look(6, **FEVER), look(8), look(32), look(33, **LOW)],
     [(6, 8, 1, None, None)]),
    ("S6 a dose after the end", [dose(0), look(6, **FEVER), look(8), look(32), dose(48, 2), look(50, **FEVER)],
     [(6, 8, 1, 6, 1), (50, None, 1, 2, 2)]),
    ("S6 a dose during it", [dose(0), look(6, **FEVER), dose(10, 2), look(12, **FEVER)], [(6, None, 1, 6, 1)]),
    ("S6 a relapse across a dose, not observed free", [dose(0), look(6, **FEVER), look(8), dose(30, 2),
     look(33, **FEVER)], [(6, None, 1, 6, 1)]),
    ("S7 the latest dose at or before it", [dose(0), dose(6, 2), dose(7, 3), look(6, **FEVER)], [(6, None, 1, 0, 2)]),
    ("S7 two doses of one instant: the later number", [dose(0, 10), dose(0, 9), look(6, **FEVER)],
     [(6, None, 1, 6, 10)]),
    ("S8 a floor raises", [look(6, **FEVER), look(8, **SHOCK, spo2=None, oxygen_device=None)],
     [(6, None, 3, None, None)]),
    ("S8 a floor never closes", [look(6, **FEVER), look(8), look(32, sbp=None, hypotension=None)],
     [(6, None, 1, None, None)]),
    ("S11 death from CRS closes it at 5", [look(6, **FEVER), death(9, "crs")], [(6, 9, 5, None, None)]),
    ("S11 another death closes it as it was", [look(6, **FEVER), death(9, "bleeding")], [(6, 9, 1, None, None)]),
    ("S11 death from CRS without an episode", [dose(0), death(9, "crs")], [(9, 9, 5, 9, 1)]),
    ("S11 the set itself says so", [look(6, **FEVER), look(9, died_of_crs=True)], [(6, 9, 5, None, None)]),
    ("S11 said twice it is one death", [look(6, **FEVER), look(9, died_of_crs=True), death(9, "crs")],
     [(6, 9, 5, None, None)]),
    ("S11 the set alone", [look(9, died_of_crs=True)], [(9, 9, 5, None, None)]),
    ("C8 an attributed fever starts none", [look(6, **FEVER, fever_attributed_to_other_cause=True)], []),
    ("C8 an attributed sign is free once it was measured",
     [look(6, **FEVER), look(8), look(32, **LOW, hypotension_attributed_to_other_cause=True)],
     [(6, 8, 1, None, None)]),
    ("C10 attributing a pressure nobody took is not",
     [look(6, **FEVER), look(8), look(32, sbp=None, hypotension=None, hypotension_attributed_to_other_cause=True)],
     [(6, None, 1, None, None)]),
    ("C10 attributing a saturation nobody took is not",
     [look(6, **FEVER), look(8), look(32, spo2=None, hypoxia_attributed_to_other_cause=True)],
     [(6, None, 1, None, None)]),
]  # fmt: skip


def values(episodes):
    return [tuple(episode.values()) for episode in episodes]


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in EPISODES], ids=[row[0] for row in EPISODES])
def test_episodes(events, expected):
    assert values(series_answer(*events)["episodes"]) == expected


GRADES = [
    ("S2 a treatment opens the waiver", [look(6, **FEVER), drug(7), look(8, **LOW)], [1, 2]),
    ("C2a afebrile and well is 0", [look(6, **FEVER), drug(7), look(8)], [1, 0]),
    ("C2b no treatment, and never 0", [look(6, **FEVER), look(8, **LOW)], [1, 2]),
    ("C2c premedication may mask", [drug(-1, indication="premedication"), look(4, **LOW)], [-1]),
    ("C2c a treatment before any fever may mask too", [drug(-1, "anticytokine"), look(4, **LOW)], [-1]),
    ("C2c prophylaxis too", [drug(-1, "corticosteroid", indication="prophylaxis"), look(4, **LOW)], [-1]),
    ("C2c nothing abnormal is 0", [drug(-1, indication="premedication"), look(4)], [0]),
    ("C2c the antipyretic has worn off", [drug(-4), look(4, **LOW)], [0]),
    ("C2c a steroid has not", [drug(-4, "corticosteroid"), look(4, **LOW)], [-1]),
    ("C2c another drug masks nothing", [drug(-1, "other"), look(4, **LOW)], [0]),
    ("C2c the longer window counts", [drug(-4, "corticosteroid"), drug(-3), look(6, **LOW)], [-1]),
    ("C2d nothing masks: 0 by definition", [look(4, **LOW)], [0]),
    ("C8 attributing today's fever does not cancel the waiver",
     [look(6, **FEVER), drug(7), look(9, **FEVER, **LOW, fever_attributed_to_other_cause=True)], [1, 2]),
    ("C10 no temperature and no earlier fever", [look(6, **SHOCK, temperature_c=None)], [-1]),
    ("C10 no temperature, earlier fever", [look(5, **FEVER), look(6, **SHOCK, temperature_c=None)], [1, 3]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in GRADES], ids=[row[0] for row in GRADES])
def test_grades(events, expected):
    assert [one["grade"] for one in series_answer(*events)["grades_at"]] == expected


PROVISIONAL = [
    ("C2c", [drug(-1), look(4, **LOW)], [(4, None, "possible_masked_fever")]),
    ("C2d", [look(4, **LOW)], [(4, None, "unexplained_hypotension_or_hypoxia")]),
    ("CF1b no temperature", [look(4, **LOW, temperature_c=None)],
     [(4, None, "temperature_missing_with_hypotension_or_hypoxia")]),
    ("CF1b a fever that is measured then makes it CRS", [look(4, **LOW, temperature_c=None), look(5, **FEVER)],
     [(4, 5, "temperature_missing_with_hypotension_or_hypoxia")]),
    ("CF1b no fever: still unexplained", [look(4, **LOW, temperature_c=None), look(5, **LOW)],
     [(4, None, "temperature_missing_with_hypotension_or_hypoxia")]),
    ("CF1b only the temperature is missing", [look(4, temperature_c=None)], []),
    ("24 h observed free ends it", [look(4, **LOW), look(6), look(30)], [(4, 6, "unexplained_hypotension_or_hypoxia")]),
    ("less does not", [look(4, **LOW), look(6), look(29)], [(4, None, "unexplained_hypotension_or_hypoxia")]),
    ("a finding in between begins anew", [look(4, **LOW), look(6), look(20, **LOW), look(30)],
     [(4, None, "unexplained_hypotension_or_hypoxia")]),
    ("a fever makes it CRS", [look(4, **LOW), look(6, **FEVER)], [(4, 6, "unexplained_hypotension_or_hypoxia")]),
    ("another cause, named by a person, ends it",
     [look(4, **LOW), look(6, **LOW, hypotension_attributed_to_other_cause=True)],
     [(4, 6, "unexplained_hypotension_or_hypoxia")]),
    ("an attributed fever explains no hypotension",
     [look(4, **LOW), look(6, **FEVER, fever_attributed_to_other_cause=True)],
     [(4, None, "unexplained_hypotension_or_hypoxia")]),
    ("death ends it", [look(4, **LOW), death(5, "sepsis")], [(4, 5, "unexplained_hypotension_or_hypoxia")]),
    ("inside an episode there is none", [look(2, **FEVER), look(4, **LOW)], []),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in PROVISIONAL], ids=[row[0] for row in PROVISIONAL])
def test_provisional(events, expected):
    assert values(series_answer(*events)["provisional"]) == expected


def test_death_from_crs_never_makes_a_provisional_episode_definite():
    answer = series_answer(look(4, **LOW), death(5, "crs"))

    assert values(answer["provisional"]) == [(4, 5, "unexplained_hypotension_or_hypoxia")]
    assert values(answer["episodes"]) == [(5, 5, 5, None, None)]


ICANS = [
    ("S9 timed on its own", [dose(0), look(2, **FEVER), mind(10, consciousness="voice"), mind(12), mind(36)],
     [(10, 12, 2, 10, 1)]),
    ("an examination with data missing never closes", [mind(10, consciousness="voice"), mind(12), mind(36, ice=None)],
     [(10, None, 2, None, None)]),
    ("a floor raises", [mind(10, consciousness="voice"), mind(12, ice=None, consciousness="tactile")],
     [(10, None, 3, None, None)]),
    ("death closes it at 5", [mind(10, consciousness="voice"), death(12, "icans")], [(10, 12, 5, None, None)]),
    ("death from CRS closes it as it was", [mind(10, consciousness="voice"), death(12, "crs")],
     [(10, 12, 2, None, None)]),
    ("the examination itself says so", [mind(10, died_of_icans=True)], [(10, 10, 5, None, None)]),
    ("attributed drowsiness starts none",
     [mind(10, consciousness="voice", consciousness_attributed_to_other_cause=True)], []),
    ("a child goes by CAPD", [mind(10, ice=None, type="icans_ped", capd_score=9)], [(10, None, 3, None, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in ICANS], ids=[row[0] for row in ICANS])
def test_icans_episodes(events, expected):
    assert values(series_answer(*events)["icans_episodes"]) == expected


def test_s9_each_syndrome_stands_in_its_own_list():
    answer = series_answer(look(2, **FEVER), mind(10, consciousness="voice"))

    assert [values(answer[name]) for name in ("episodes", "icans_episodes")] == [
        [(2, None, 1, None, None)], [(10, None, 2, None, None)]
    ]  # fmt: skip


FLAGS = [
    ("none", [look(6, **FEVER)], []),
    ("S10 after 14 days", [dose(0), look(336, **FEVER)], []),
    ("S10 later", [dose(0), look(Decimal("336.1"), **FEVER)], ["late_onset_over_14_days"]),
    ("S10 counts from the latest dose", [dose(0), dose(100, 2), look(400, **FEVER)], []),
    ("S10 a death is an onset too", [dose(0), death(400, "crs")], ["late_onset_over_14_days"]),
    ("S10 a provisional episode is no onset", [dose(0), look(400, **LOW)], ["unexplained_hypotension_or_hypoxia"]),
    ("C2c", [drug(-1), look(4, **LOW)], ["possible_masked_fever", "indeterminate_assessments"]),
    ("C10", [look(4, temperature_c=None)], ["indeterminate_assessments"]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [row[1:] for row in FLAGS], ids=[row[0] for row in FLAGS])
def test_flags(events, expected):
    assert series_answer(*events)["flags"] == expected


def test_at_one_instant_the_dose_and_the_drug_come_before_the_look():
    answer = series_answer(look(0, **LOW), drug(0), dose(0))

    assert [one["grade"] for one in answer["grades_at"]] == [-1]
    assert values(series_answer(look(0, **FEVER), dose(0))["episodes"]) == [(0, None, 1, 0, 1)]


def test_an_empty_series_is_a_case():
    assert series_answer() == {
        "id": "a", "episodes": [], "icans_episodes": [], "provisional": [], "grades_at": [], "flags": []
    }  # fmt: skip


REFUSED = [
    ("no events", None, "missing_field", "events"),
    ("events is an object", {}, "invalid_type", "events"),
    ("an event is a list", [look(0), []], "invalid_type", "events[1]"),
    ("no type", [{"t_hours": 0}], "missing_field", "events[0].type"),
    ("type unknown", [look(0, type="vitals")], "unknown_value", "events[0].type"),
    ("type is a number", [look(0, type=3)], "invalid_type", "events[0].type"),
    ("type is a list", [look(0, type=[])], "invalid_type", "events[0].type"),
    ("no time", [look(0), look(None)], "missing_field", "events[1].t_hours"),
    ("time as text", [look("3")], "invalid_type", "events[0].t_hours"),
    ("time is a tick", [look(True)], "invalid_type", "events[0].t_hours"),
    ("time is not finite", [look(float("inf"))], "invalid_value", "events[0].t_hours"),
    ("time beyond reason", [look(Decimal("1e400"))], "out_of_range", "events[0].t_hours"),
    ("just beyond 500,000 h", [look(500_000), look(Decimal("500000.1"))], "out_of_range", "events[1].t_hours"),
    ("just before -500,000 h", [look(-500_000), look(Decimal("-500000.1"))], "out_of_range", "events[1].t_hours"),
    ("a typo", [look(0, temprature_c=39)], "unknown_field", "events[0].temprature_c"),
    ("inputs are flat", [look(0, inputs={})], "unknown_field", "events[0].inputs"),
    ("a value refused", [look(0), look(1, sbp=301)], "out_of_range", "events[1].sbp"),
    ("a contradiction", [look(0, sbp=70, dbp=90)], "contradictory", "events[0].sbp"),
    ("an item of ICE", [mind(0, ice={"naming": 4})], "out_of_range", "events[0].ice.naming"),
    ("CAPD in an adult", [mind(0, capd_score=3)], "unknown_field", "events[0].capd_score"),
    ("history", [look(0, prior_crs_fever_this_episode=True)], "unknown_field",
     "events[0].prior_crs_fever_this_episode"),
    ("history, null", [look(0, antipyretic_or_anticytokine_since_onset=None)], "unknown_field",
     "events[0].antipyretic_or_anticytokine_since_onset"),
    ("no dose index", [{"type": "dose", "t_hours": 0, "product": "x"}], "missing_field", "events[0].dose_index"),
    ("dose index 1.5", [dose(0, Decimal("1.5"))], "invalid_value", "events[0].dose_index"),
    ("dose index -1", [dose(0, -1)], "out_of_range", "events[0].dose_index"),
    ("product is a number", [dose(0) | {"product": 3}], "invalid_type", "events[0].product"),
    ("no class", [drug(0, None)], "missing_field", "events[0].drug_class"),
    ("class unknown", [drug(0, "steroid")], "unknown_value", "events[0].drug_class"),
    ("indication unknown", [drug(0, indication="fever")], "unknown_value", "events[0].indication"),
    ("a dose of a drug", [drug(0, dose_mg=4)], "unknown_field", "events[0].dose_mg"),
    ("no cause", [death(0, None)], "missing_field", "events[0].cause"),
    ("an empty cause", [death(0, " ")], "invalid_value", "events[0].cause"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "code", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused_names_its_event(events, code, field):
    with pytest.raises(CaseError) as refused:
        answer({"id": "a", "kind": "series", "events": events})

    assert (refused.value.id, refused.value.code, refused.value.field) == ("a", code, field)
    assert field in refused.value.detail


# --- Properties -------------------------------------------------------------------------------------------------

hours = st.one_of(st.integers(-20, 100), st.decimals(-20, 100, places=3), st.floats(-20, 100))
events = st.one_of(
    st.builds(
        lambda h, t, sbp, agents, device: look(
            h, temperature_c=t, sbp=sbp, hypotension=None, vasopressors=agents, oxygen_device=device
        ),
        hours,
        st.sampled_from([None, 36.9, Decimal("38.0"), 39.5]),
        st.sampled_from([None, 85, 118]),
        st.sampled_from([None, [], ["norepinephrine"]]),
        st.sampled_from([None, "room_air", "face_mask"]),
    ),
    st.builds(lambda h, state: mind(h, consciousness=state), hours, st.sampled_from([None, "awake", "voice"])),
    st.builds(drug, hours, st.sampled_from(["antipyretic", "anticytokine", "corticosteroid", "other"])),
    st.builds(dose, hours, st.integers(0, 5)),
    st.builds(death, hours, st.sampled_from(["crs", "icans", "other"])),
)


@given(st.lists(events, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=sized(200, sample=25), deadline=None)
def test_the_order_of_the_events_never_changes_the_answer(some, random):
    shuffled = list(some)
    random.shuffle(shuffled)

    assert series_answer(*shuffled) == series_answer(*some)


@given(st.lists(hours, min_size=1, max_size=8))
def test_hours_come_back_as_they_went_in(some):
    given_hours = sorted({round(h, 5) for h in some})

    answer = series_answer(*(look(h) for h in given_hours))["grades_at"]

    assert json.loads(json.dumps([one["t_hours"] for one in answer])) == [float(h) for h in given_hours]
    assert all(type(one["t_hours"]) is int for one in answer if one["t_hours"] == int(one["t_hours"]))


@pytest.mark.long
def test_a_long_series_is_not_slow():
    began = time.process_time()

    answer = series_answer(*(look(h, **(FEVER if h % 100 == 0 else {})) for h in range(10_000)))

    assert len(answer["episodes"]) == 100
    assert time.process_time() - began < 10  # about 1 s; a fold that looks back over everything takes minutes
