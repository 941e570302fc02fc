"""What an indication, the record and a second reading may say beside the set (Rulings 2). Each row is a sentence."""

from decimal import Decimal

import pytest

from grading.rules.contract.contract import answer

FEVER = {  # well but for the fever, fully looked at
    "temperature_c": Decimal("38.6"), "sbp": 120, "dbp": 70, "hypotension": False, "fluid_bolus": False,
    "vasopressors": [], "spo2": 97, "oxygen_device": "room_air",
}  # fmt: skip
HOME = {"oxygen_indication": "baseline", "baseline_oxygen_device": "nasal_cannula", "baseline_oxygen_flow_l_min": 2}
HOME_CPAP = {"oxygen_indication": "baseline", "baseline_oxygen_device": "cpap"}


def crs_answer(**changes):
    return answer({"id": "a", "kind": "crs", "inputs": FEVER | changes})


def cannula(flow, **changes):
    return {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": flow} | changes


def comfort(device, flow=None, **changes):
    return {"oxygen_device": device, "oxygen_flow_l_min": flow, "oxygen_indication": "comfort"} | changes


ROWS = [  # sentence, inputs, at least, at most, flags, missing
    # R06, CF4, CF4b: what an indication may silence
    ("comfort by cannula at 6, saturation 90", comfort("nasal_cannula", 6, spo2=90), 1, 1, [], []),
    ("comfort by blow-by", comfort("blow_by", 6), 1, 1, [], []),
    ("comfort above 6", comfort("nasal_cannula", Decimal("6.1")), 1, 3, ["contradictory_oxygen"], []),
    ("comfort by blow-by above 6", comfort("blow_by", 10), 1, 2, ["contradictory_oxygen"], []),
    ("comfort by mask", comfort("face_mask", 5), 1, 3, ["contradictory_oxygen"], []),
    ("comfort by high-flow cannula at 5", comfort("high_flow_nasal_cannula", 5), 1, 2,
     ["contradictory_oxygen", "high_flow_at_low_rate"], []),
    ("CF4b comfort by ventilator", comfort("mechanical_ventilation", spo2=93), 1, 4,
     ["contradictory_oxygen"], ["oxygen_flow_l_min"]),
    ("R06 comfort, saturation not measured", comfort("nasal_cannula", 2, spo2=None), 1, 2,
     ["oxygen_indication_to_be_confirmed"], ["spo2"]),
    ("comfort, flow not charted", comfort("nasal_cannula"), 1, 3,
     ["oxygen_indication_to_be_confirmed"], ["oxygen_flow_l_min"]),
    ("comfort, saturation 89", comfort("nasal_cannula", 2, spo2=89), 1, 2, ["contradictory_oxygen"], []),
    ("CF4 baseline without a record",
     {"oxygen_device": "high_flow_nasal_cannula", "oxygen_flow_l_min": 40, "oxygen_indication": "baseline", "spo2": 93},
     1, 3, ["contradictory_oxygen", "no_baseline_on_record"], ["baseline_oxygen_device"]),
    ("as the recorded baseline", cannula(2, **HOME), 1, 1, [], []),
    ("less than the baseline", cannula(1, **HOME), 1, 1, [], []),
    ("more than the baseline", cannula(3, **HOME), 1, 2, ["contradictory_oxygen"], []),
    ("another device than the baseline", {"oxygen_device": "face_mask", "oxygen_flow_l_min": 2} | HOME, 1, 3,
     ["contradictory_oxygen"], []),
    ("as at baseline, flow not charted", cannula(None, **HOME), 1, 3,
     ["oxygen_indication_to_be_confirmed"], ["oxygen_flow_l_min"]),
    ("as at baseline, saturation not measured", cannula(2, spo2=None, **HOME), 1, 2,
     ["oxygen_indication_to_be_confirmed"], ["spo2"]),
    ("as at baseline, saturation 89", cannula(2, spo2=89, **HOME), 1, 2, ["contradictory_oxygen"], []),
    ("a baseline flow that was not recorded covers none",
     cannula(2, **HOME | {"baseline_oxygen_flow_l_min": None}), 1, 2, ["contradictory_oxygen"], []),
    ("CPAP at home, without a flow", {"oxygen_device": "cpap"} | HOME_CPAP, 1, 1, [], []),
    ("CPAP at home, now with oxygen", {"oxygen_device": "cpap", "oxygen_flow_l_min": 5} | HOME_CPAP, 1, 4,
     ["contradictory_oxygen"], []),
    ("CPAP at home, BiPAP now", {"oxygen_device": "bipap"} | HOME_CPAP, 1, 4, ["contradictory_oxygen"], []),
    ("a recorded baseline silences nothing by itself", cannula(2, **HOME | {"oxygen_indication": None}), 2, 2, [], []),
    ("comfort by a device that nobody charted", comfort(None, 2), 1, 4,
     ["oxygen_indication_to_be_confirmed"], ["oxygen_device"]),
    ("the same with a saturation of 85", comfort(None, 2, spo2=85), 2, 4, ["contradictory_oxygen"], ["oxygen_device"]),
    ("comfort without any oxygen explains no saturation of 85", comfort(None, spo2=85), 2, 4, [], ["oxygen_device"]),
    ("a mask runs, comfort, no device", comfort(None, running={"oxygen_device": "face_mask"}), 1, 4,
     ["oxygen_indication_to_be_confirmed"], ["oxygen_device"]),
    # R08, R08b, CF10: FiO2
    ("R08 room air with FiO2 60", {"fio2_percent": 60, "spo2": 95}, 1, 4, ["contradictory_oxygen"], ["oxygen_device"]),
    ("R08b FiO2 60 without a device", {"oxygen_device": None, "fio2_percent": 60}, 2, 4, [], ["oxygen_device"]),
    ("FiO2 21 is air", {"fio2_percent": 21}, 1, 1, [], []),
    ("FiO2 21.5 is not", {"fio2_percent": Decimal("21.5")}, 1, 4, ["contradictory_oxygen"], ["oxygen_device"]),
    ("FiO2 21 says nothing of a device", {"oxygen_device": None, "fio2_percent": 21}, 1, 4, [], ["oxygen_device"]),
    ("a device counts as it did", {"oxygen_device": "face_mask", "fio2_percent": 40}, 3, 3, [], []),
    # CF2b and its kind: oxygen by the treatment record
    ("CF2b 10 L/min run, the set says room air", {"running": {"oxygen_flow_l_min": 10}}, 1, 3,
     ["contradictory_oxygen"], ["oxygen_device"]),
    ("a mask runs, the set says room air", {"running": {"oxygen_device": "face_mask"}}, 1, 3,
     ["contradictory_oxygen"], ["oxygen_device"]),
    ("CPAP runs, the set says room air", {"running": {"oxygen_device": "cpap"}}, 1, 4,
     ["contradictory_oxygen"], ["oxygen_device"]),
    ("a mask runs, the set says nothing", {"oxygen_device": None, "running": {"oxygen_device": "face_mask"}}, 3, 4,
     [], ["oxygen_device"]),
    ("CPAP runs, the set says nothing", {"oxygen_device": None, "running": {"oxygen_device": "cpap"}}, 4, 4,
     [], ["oxygen_device"]),
    ("CPAP runs, the set says cannula 2", cannula(2, running={"oxygen_device": "cpap"}), 2, 4,
     ["contradictory_oxygen"], ["oxygen_device"]),
    ("a mask runs, the set says cannula and no flow", cannula(None, running={"oxygen_device": "face_mask"}), 2, 3,
     ["contradictory_oxygen"], ["oxygen_flow_l_min", "oxygen_device"]),
    ("cannula 2 runs, the set says a mask",
     {"oxygen_device": "face_mask", "running": {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": 2}},
     3, 3, [], []),
    ("2 L/min run, the set says cannula 2", cannula(2, running={"oxygen_flow_l_min": 2}), 2, 2, [], []),
    ("the set says what the oxygen that runs is for",
     comfort("nasal_cannula", 2, running={"oxygen_flow_l_min": 2}), 1, 1, [], []),
    ("a mask runs, comfort by cannula", comfort("nasal_cannula", 2, running={"oxygen_device": "face_mask"}), 1, 3,
     ["contradictory_oxygen"], ["oxygen_device"]),
    ("room air by the record is nothing that runs",
     {"oxygen_device": None, "running": {"oxygen_device": "room_air", "oxygen_flow_l_min": 2}}, 1, 4,
     [], ["oxygen_device"]),
    ("another cause is held responsible",
     {"hypoxia_attributed_to_other_cause": True, "running": {"oxygen_device": "cpap"}}, 1, 1, [], []),
    # CF9, R13, R14: pressure
    ("CF9 60 and denied", {"sbp": 60, "dbp": 30}, 1, 2, ["hypotension_to_be_confirmed"], []),
    ("84 and denied", {"sbp": 84}, 1, 2, ["hypotension_to_be_confirmed"], []),
    ("85 and denied", {"sbp": 85}, 1, 1, ["low_pressure_not_ticked"], []),
    ("85 is an adult's number", {"sbp": 84, "sbp_prompt_below": 74}, 1, 1, [], []),
    ("R13 only mean 55, denied", {"sbp": None, "dbp": None, "mean_pressure": 55}, 1, 2,
     ["hypotension_to_be_confirmed"], ["sbp"]),
    ("only mean 55, box empty", {"sbp": None, "dbp": None, "mean_pressure": 55, "hypotension": None}, 1, 2,
     ["hypotension_to_be_confirmed"], ["sbp", "hypotension"]),
    ("only mean 65, denied", {"sbp": None, "dbp": None, "mean_pressure": 65}, 1, 1, [], []),
    ("only mean 65, box empty", {"sbp": None, "dbp": None, "mean_pressure": 65, "hypotension": None}, 1, 2,
     [], ["sbp", "hypotension"]),
    ("with a systolic the mean is not read", {"mean_pressure": 55}, 1, 1, [], []),
    ("65 is an adult's number", {"sbp": None, "mean_pressure": 55, "sbp_prompt_below": 74}, 1, 1, [], []),
    ("R14 84 standing", {"sbp": 84, "dbp": 60, "hypotension": None, "position": "standing"}, 1, 2,
     ["standing_pressure_low"], []),
    ("84 standing and denied", {"sbp": 84, "position": "standing"}, 1, 2, ["standing_pressure_low"], []),
    ("102 standing", {"sbp": 102, "hypotension": None, "position": "standing"}, 1, 1, [], []),
    ("84 lying", {"sbp": 84, "hypotension": None, "position": "lying"}, 2, 2, [], []),
    ("84 sitting counts as lying", {"sbp": 84, "hypotension": None, "position": "sitting"}, 2, 2, [], []),
    ("84 without position counts as lying", {"sbp": 84, "hypotension": None}, 2, 2, [], []),
    ("standing and judged to be hypotension", {"sbp": 84, "hypotension": True, "position": "standing"}, 2, 2, [], []),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_sentence_of_the_rulings(row):
    _, changes, least, most, flags, missing = row
    graded = crs_answer(**changes)

    assert (graded["at_least"], graded["at_most"]) == (least, most)
    assert graded["grade"] == (least if least == most else -1)
    assert (graded["flags"], graded["missing"]) == (flags, missing)


def test_a_comfort_that_nobody_measured_does_not_end_an_episode():
    """R06b: afebrile on a cannula "for comfort", and never a saturation."""
    cold = FEVER | comfort("nasal_cannula", 2, spo2=None) | {"temperature_c": Decimal("36.9")}
    events = [
        {"t_hours": 0, "type": "dose", "dose_index": 1, "product": "x"},
        {"t_hours": 10, "type": "crs"} | FEVER | {"spo2": 96},
        *({"t_hours": hour, "type": "crs"} | cold for hour in (16, 28, 41)),
    ]
    [episode] = answer({"id": "a", "kind": "series", "events": events})["episodes"]

    assert episode["end_h"] is None
