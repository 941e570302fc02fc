"""The contract's edges: what is refused, and at which field; what absent and null mean."""

from decimal import Decimal

import pytest

from grading.rules.contract.contract import answer
from grading.rules.contract.inputs import CRS_FIELDS, ICANS_PED_FIELDS, RUNNING_FIELDS, parse_crs, parse_icans
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs, Position
from grading.rules.grades.entry import limits
from grading.rules.grades.icans_inputs import IcansInputs, IceItems
from regimens.rules.reading import CaseError

WELL = {
    "temperature_c": Decimal("36.8"),
    "sbp": 120,
    "dbp": 75,
    "hypotension": None,
    "fluid_bolus": False,
    "vasopressors": [],
    "spo2": 98,
    "oxygen_device": "room_air",
    "oxygen_flow_l_min": None,
}
ICE = {"year": True, "month": True, "city": True, "hospital": True, "naming": 3, "command": True, "writing": True,
       "attention": True}  # fmt: skip
ALERT = {"ice": ICE, "ice_unable_reason": None, "consciousness": "awake", "seizure": "none", "motor": "none",
         "oedema": "none", "icp_signs": []}  # fmt: skip


def crs(**changes):
    return {"id": "a", "kind": "crs", "inputs": WELL | changes}


def icans(**changes):
    return {"id": "a", "kind": "icans", "inputs": ALERT | changes}


def child(**changes):
    return {"id": "a", "kind": "icans_ped", "inputs": ALERT | {"capd_score": 0} | changes}


def test_an_answer_has_the_fields_of_the_contract():
    assert answer(crs(temperature_c=39)) == {
        "id": "a",
        "grade": 1,
        "at_least": 1,
        "at_most": 1,
        "reasons": [{"code": "fever", "text": "Fever: 39 °C"}],
        "missing": [],
        "flags": [],
        "criteria": "ASTCT 2019",
        "version": "1.0.0",
    }


ABSENT = [  # decisions.md, Grading, "Missing": what an absent field means
    ("temperature_c", crs(), -1, 0, 1),
    ("sbp", crs(temperature_c=39), -1, 1, 2),
    ("spo2", crs(temperature_c=39), -1, 1, 2),
    ("oxygen_device", crs(temperature_c=39), -1, 1, 4),
    ("oxygen_flow_l_min", crs(temperature_c=39, oxygen_device="nasal_cannula"), -1, 2, 3),
    ("fluid_bolus", crs(temperature_c=39), -1, 1, 2),
    ("vasopressors", crs(temperature_c=39), -1, 1, 4),
    ("dbp", crs(temperature_c=39), 1, 1, 1),
    ("hypotension", crs(temperature_c=39), 1, 1, 1),
    ("ice", icans(), -1, 0, 3),
    ("consciousness", icans(), -1, 0, 4),
    ("seizure", icans(), -1, 0, 4),
    ("motor", icans(), -1, 0, 4),
    ("icp_signs", icans(), -1, 0, 4),
    ("oedema", icans(), 0, 0, 0),
    ("capd_score", child(), -1, 0, 3),
]


@pytest.mark.parametrize("how", ["absent", "null"])
@pytest.mark.parametrize(("field", "case", "grade", "least", "most"), ABSENT, ids=[row[0] for row in ABSENT])
def test_absent_and_null_mean_nobody_looked(how, field, case, grade, least, most):
    inputs = {name: value for name, value in case["inputs"].items() if name != field}
    graded = answer(case | {"inputs": inputs if how == "absent" else inputs | {field: None}})

    assert (graded["grade"], graded["at_least"], graded["at_most"]) == (grade, least, most)


CLINICAL = [name for name, _ in (CRS_FIELDS | ICANS_PED_FIELDS).items() if "attributed" in name or "died" in name]


@pytest.mark.parametrize("value", ["absent", None, False])
@pytest.mark.parametrize("field", [*CLINICAL, "intracranial_haemorrhage"])
def test_a_judgement_that_was_not_made_is_no(field, value):
    sick = (
        crs(temperature_c=39, vasopressors=["norepinephrine"], oxygen_device="face_mask")
        if field in CRS_FIELDS
        else icans(consciousness="tactile", seizure="brief_resolved", oedema="focal")
    )
    given = {} if value == "absent" else {field: value}

    assert answer(sick | {"inputs": sick["inputs"] | given})["grade"] == 3


def test_history_that_is_null_is_not_known_and_absent_is_no():
    shock = {"vasopressors": ["norepinephrine"]}

    assert answer(crs(**shock))["grade"] == 0
    assert answer(crs(**shock, prior_crs_fever_this_episode=None))["at_most"] == 3
    assert answer(crs(**shock, antipyretic_or_anticytokine_since_onset=None))["at_most"] == 3


REFUSED = [
    ("a list is no case", [], "invalid_type", None),
    ("a number is no case", 3, "invalid_type", None),
    ("null is no case", None, "invalid_type", None),
    ("no id", {"kind": "crs", "inputs": {}}, "missing_field", "id"),
    ("id is a number", {"id": 3, "kind": "crs", "inputs": {}}, "invalid_type", "id"),
    ("no kind", {"id": "a", "inputs": {}}, "missing_field", "kind"),
    ("kind unknown", {"id": "a", "kind": "CRS", "inputs": {}}, "unsupported_kind", "kind"),
    ("kind is a list", {"id": "a", "kind": [], "inputs": {}}, "unsupported_kind", "kind"),
    ("no inputs", {"id": "a", "kind": "crs"}, "missing_field", "inputs"),
    ("inputs is a list", {"id": "a", "kind": "crs", "inputs": []}, "invalid_type", "inputs"),
    ("an input outside", crs() | {"died_of_crs": True}, "unknown_field", "died_of_crs"),
    ("a typo", crs(temprature_c=39), "unknown_field", "temprature_c"),
    ("a field of another kind", icans(sbp=120), "unknown_field", "sbp"),
    ("CAPD in an adult", icans(capd_score=3), "unknown_field", "capd_score"),
    ("a number as text", crs(temperature_c="38.5"), "invalid_type", "temperature_c"),
    ("true as a number", crs(sbp=True), "invalid_type", "sbp"),
    ("NaN", crs(spo2=float("nan")), "invalid_value", "spo2"),
    ("infinity", crs(spo2=float("inf")), "invalid_value", "spo2"),
    ("decimal NaN", crs(spo2=Decimal("NaN")), "invalid_value", "spo2"),
    ("temperature 24.9", crs(temperature_c=Decimal("24.9")), "out_of_range", "temperature_c"),
    ("temperature 45.1", crs(temperature_c=Decimal("45.1")), "out_of_range", "temperature_c"),
    ("Fahrenheit", crs(temperature_c=Decimal("100.4")), "out_of_range", "temperature_c"),
    ("sbp -1", crs(sbp=-1), "out_of_range", "sbp"),
    ("sbp 301", crs(sbp=301), "out_of_range", "sbp"),
    ("dbp 251", crs(sbp=None, dbp=251), "out_of_range", "dbp"),
    ("spo2 101", crs(spo2=101), "out_of_range", "spo2"),
    ("flow 71", crs(oxygen_flow_l_min=71), "out_of_range", "oxygen_flow_l_min"),
    ("flow -1", crs(oxygen_flow_l_min=-1), "out_of_range", "oxygen_flow_l_min"),
    ("1e400", crs(sbp=Decimal("1e400")), "out_of_range", "sbp"),
    ("systolic below diastolic", crs(sbp=70, dbp=90), "contradictory", "sbp"),
    ("systolic at diastolic", crs(sbp=70, dbp=70), "contradictory", "sbp"),
    ("a number as a tick", crs(hypotension=1), "invalid_type", "hypotension"),
    ("text as a tick", crs(fluid_bolus="yes"), "invalid_type", "fluid_bolus"),
    ("one drug without a list", crs(vasopressors="norepinephrine"), "invalid_type", "vasopressors"),
    ("a count for drugs", crs(vasopressors=2), "invalid_type", "vasopressors"),
    ("a drug that is a number", crs(vasopressors=[1]), "invalid_type", "vasopressors"),
    ("a drug without a name", crs(vasopressors=[" "]), "invalid_value", "vasopressors"),
    ("a drug of more letters than anybody gives one", crs(vasopressors=["x" * 201]), "invalid_value", "vasopressors"),
    ("none is not a drug", crs(vasopressors=["None"]), "invalid_value", "vasopressors"),
    ("a diuretic", crs(vasopressors=["norepinephrine", "Furosemide 40 mg"]), "invalid_value", "vasopressors"),
    ("albumin", crs(vasopressors=["albumin 20 %"]), "invalid_value", "vasopressors"),
    ("device unknown", crs(oxygen_device="nasal cannula"), "unknown_value", "oxygen_device"),
    ("device in capitals", crs(oxygen_device="CPAP"), "unknown_value", "oxygen_device"),
    ("device is a number", crs(oxygen_device=1), "invalid_type", "oxygen_device"),
    ("indication unknown", crs(oxygen_indication="habit"), "unknown_value", "oxygen_indication"),
    ("FiO2 19.9", crs(fio2_percent=Decimal("19.9")), "out_of_range", "fio2_percent"),
    ("position unknown", crs(position="prone"), "unknown_value", "position"),
    ("running is a list", crs(running=[]), "invalid_type", "running"),
    ("running unknown", crs(running={"dialysis": True}), "unknown_field", "running.dialysis"),
    ("running device unknown", crs(running={"oxygen_device": "mask"}), "unknown_value", "running.oxygen_device"),
    ("running flow 71", crs(running={"oxygen_flow_l_min": 71}), "out_of_range", "running.oxygen_flow_l_min"),
    ("ice is a score", icans(ice=10), "invalid_type", "ice"),
    ("ice item unknown", icans(ice=ICE | {"orientation": 4}), "unknown_field", "ice.orientation"),
    ("ice item is a number", icans(ice=ICE | {"year": 1}), "invalid_type", "ice.year"),
    ("naming 4", icans(ice=ICE | {"naming": 4}), "out_of_range", "ice.naming"),
    ("naming -1", icans(ice=ICE | {"naming": -1}), "out_of_range", "ice.naming"),
    ("naming is a tick", icans(ice=ICE | {"naming": True}), "invalid_type", "ice.naming"),
    ("naming 1.5", icans(ice=ICE | {"naming": Decimal("1.5")}), "invalid_value", "ice.naming"),
    ("consciousness unknown", icans(consciousness="alert"), "unknown_value", "consciousness"),
    ("seizure is a tick", icans(seizure=True), "invalid_type", "seizure"),
    ("signs without a list", icans(icp_signs="papilloedema"), "invalid_type", "icp_signs"),
    ("a sign unknown", icans(icp_signs=["headache"]), "unknown_value", "icp_signs"),
    ("CAPD -1", child(capd_score=-1), "out_of_range", "capd_score"),
    ("CAPD 4.5", child(capd_score=Decimal("4.5")), "invalid_value", "capd_score"),
    ("CAPD beyond reason", child(capd_score=Decimal("1e999999")), "invalid_value", "capd_score"),
]


@pytest.mark.parametrize(("case", "code", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused_names_its_field(case, code, field):
    with pytest.raises(CaseError) as refused:
        answer(case)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.detail


def test_an_error_carries_the_id_of_its_case():
    with pytest.raises(CaseError) as refused:
        answer(crs(sbp=301))

    assert refused.value.id == "a"


KEPT = [
    ("25.0 is kept and not graded", crs(temperature_c=25), -1),
    ("0 over 0 is an arrest", crs(temperature_c=39, sbp=0, dbp=0), 2),
    ("flow 0 on air", crs(temperature_c=39, oxygen_flow_l_min=0), 1),
    ("half a millimetre", crs(temperature_c=39, sbp=Decimal("89.5")), 2),
    ("a float is read as it is shown", crs(temperature_c=38.0), 1),
    ("names beside the case are nothing", crs(temperature_c=39) | {"note": "x"}, 1),
    ("unrecordable", crs(temperature_c=39, sbp=None, dbp=None, pressure_unrecordable=True), 2),
    ("8.0 is whole", child(capd_score=Decimal("8.0")), 1),
    ("CAPD 33 is not done", child(capd_score=33), -1),
    ("a partial ICE", icans(ice={"year": True}), -1),
]


@pytest.mark.parametrize(("case", "grade"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_what_is_not_refused(case, grade):
    assert answer(case)["grade"] == grade


def test_inputs_and_readers_know_the_same_fields():
    running = {f"running_{name}" for name in RUNNING_FIELDS}

    assert (set(CRS_FIELDS) - {"running"}) | running == set(CrsInputs.__slots__)
    assert set(ICANS_PED_FIELDS) == set(IcansInputs.__slots__) - {"pediatric"}


FURTHER = {  # what the record knows beside the set
    "fio2_percent": 40,
    "mean_pressure": Decimal("64.5"),
    "position": "standing",
    "baseline_oxygen_device": "nasal_cannula",
    "baseline_oxygen_flow_l_min": 2,
    "vasopressors_at_baseline": ["midodrine"],
    "running": {
        "vasopressors": ["norepinephrine"], "oxygen_device": "face_mask", "oxygen_flow_l_min": 8, "fluid_bolus": True,
    },
}  # fmt: skip


def test_what_the_record_knows_is_read():
    assert parse_crs(FURTHER) == CrsInputs(
        fio2_percent=Decimal(40),
        mean_pressure=Decimal("64.5"),
        position=Position.STANDING,
        baseline_oxygen_device=OxygenDevice.NASAL_CANNULA,
        baseline_oxygen_flow_l_min=Decimal(2),
        vasopressors_at_baseline=("midodrine",),
        running_vasopressors=("norepinephrine",),
        running_oxygen_device=OxygenDevice.FACE_MASK,
        running_oxygen_flow_l_min=Decimal(8),
        running_fluid_bolus=True,
    )


@pytest.mark.parametrize("value", [None, {}, dict.fromkeys(FURTHER["running"])])
def test_nothing_known_to_run_is_nothing_known(value):
    assert parse_crs({"running": value}) == CrsInputs()


ROUNDED = [  # R11; half-even to three decimals, and graded as it is kept
    ("a device's decimals", {"temperature_c": Decimal("37.22222222222222")}, 0),
    ("of a float", {"temperature_c": 38.39999999999998}, 1),
    ("noise below 38 is fever", {"temperature_c": Decimal("37.99999999999999")}, 1),
    ("37.9996 is kept as 38, and graded so", {"temperature_c": Decimal("37.9996")}, 1),
    ("37.9994 is kept as 37.999", {"temperature_c": Decimal("37.9994")}, 0),
    ("89.9996 is kept as 90", {"temperature_c": 39, "sbp": Decimal("89.9996")}, 1),
    ("45.0004 is within 45", {"temperature_c": Decimal("45.0004")}, 1),
    ("of what runs", {"temperature_c": 39, "running": {"oxygen_flow_l_min": Decimal("0.00001")}}, 1),
]


@pytest.mark.parametrize(("changes", "grade"), [row[1:] for row in ROUNDED], ids=[row[0] for row in ROUNDED])
def test_many_decimals_are_rounded_kept_and_said(changes, grade):
    graded = answer(crs(**changes))

    assert (graded["grade"], graded["flags"]) == (grade, ["value_rounded"])


@pytest.mark.parametrize(
    ("written", "kept"), [("38.3995", "38.4"), ("38.4005", "38.4"), ("38.4015", "38.402"), ("38.1230", "38.123")]
)
def test_rounding_is_half_even(written, kept):
    assert str(parse_crs({"temperature_c": Decimal(written)}).temperature_c) == kept


def test_three_decimals_are_nothing_to_tell():
    assert answer(crs(temperature_c=Decimal("38.123")))["flags"] == []
    assert answer(crs(temperature_c=Decimal("38.12300")))["flags"] == []


def test_the_parsers_can_be_used_alone():
    assert parse_crs({"oxygen_device": "cpap"}).oxygen_device is OxygenDevice.CPAP
    assert parse_icans({"ice": {"naming": 2}}, pediatric=False).ice == IceItems(naming=2)


LIMITS = [  # ux.md section 5: refused, typed twice, taken
    ("temperature_c", ("24.9", "45.1"), ("33.9", "41.6"), ("34", "41.5")),
    ("sbp", ("-1", "301"), ("59", "221"), ("60", "220")),
    ("dbp", ("-1", "251"), ("29", "141"), ("30", "140")),
    ("heart_rate", ("-1", "301"), ("34", "181"), ("35", "180")),
    ("respiratory_rate", ("-1", "81"), ("5", "41"), ("6", "40")),
    ("spo2", ("-1", "101"), ("79",), ("80", "100")),
    ("oxygen_flow_l_min", ("-1", "71"), ("15.1",), ("0", "15")),
]


@pytest.mark.parametrize(("field", "refused", "twice", "taken"), LIMITS, ids=[row[0] for row in LIMITS])
def test_limits(field, refused, twice, taken):
    device = "nasal_cannula"

    assert all(limits.LIMITS[field].refuses(Decimal(value)) for value in refused)
    assert not any(limits.LIMITS[field].refuses(Decimal(value)) for value in (*twice, *taken))
    assert all(limits.needs_retyping(field, Decimal(value), device=device) for value in twice)
    assert not any(limits.needs_retyping(field, Decimal(value), device=device) for value in taken)


def test_a_high_flow_is_typed_twice_for_a_nasal_cannula_only():
    assert not limits.needs_retyping("oxygen_flow_l_min", Decimal(40), device="high_flow_nasal_cannula")


@pytest.mark.parametrize(
    ("field", "before", "now", "much"),
    [
        ("temperature_c", "37.0", "39.0", True),
        ("temperature_c", "39.0", "37.0", True),
        ("temperature_c", "37.0", "38.9", False),
        ("sbp", "120", "80", True),
        ("sbp", "120", "81", False),
        ("sbp", "80", "130", False),
        ("spo2", "98", "60", False),
    ],
)
def test_a_great_change_is_typed_twice(field, before, now, much):
    assert limits.changed_much(field, before=Decimal(before), now=Decimal(now)) is much
