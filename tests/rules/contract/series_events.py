"""Events of a series, and its answer."""

from decimal import Decimal

from grading.rules.contract.contract import answer

WELL = {"type": "crs", "temperature_c": Decimal("36.8"), "sbp": 120, "spo2": 97, "hypotension": False,
        "fluid_bolus": False, "vasopressors": [], "oxygen_device": "room_air"}  # fmt: skip
ICE = {"year": True, "month": True, "city": True, "hospital": True, "naming": 3, "command": True, "writing": True,
       "attention": True}  # fmt: skip
CLEAR = {"type": "icans", "ice": ICE, "consciousness": "awake", "seizure": "none", "motor": "none",
         "icp_signs": []}  # fmt: skip
FEVER, LOW = {"temperature_c": Decimal("38.5")}, {"hypotension": True}
SHOCK = {"vasopressors": ["norepinephrine"]}


def look(h, **changes):
    return WELL | {"t_hours": h} | changes


def mind(h, **changes):
    return CLEAR | {"t_hours": h} | changes


def dose(h, index=1):
    return {"type": "dose", "t_hours": h, "dose_index": index, "product": "teclistamab"}


def drug(h, drug_class="antipyretic", **more):
    return {"type": "treatment", "t_hours": h, "drug": "x", "drug_class": drug_class} | more


def death(h, cause):
    return {"type": "death", "t_hours": h, "cause": cause}


def series_answer(*events):
    return answer({"id": "a", "kind": "series", "events": list(events)})
