"""What a person may give by mistake, for every kind: a precise error at the field, or the same answer as without it."""

import json

import pytest

from regimens.management.commands.design import answer_line
from tests.regimens.design.cases import CASES, OWN
from tests.regimens.design.test_any_value import written

# A number of each kind: where it stands in a case, what it is called, and whether it may be 0.
NUMBERS = {
    "exposure": (("doses", 0, "mg_per_kg"), "doses[0].mg_per_kg", False),
    "risk": (("doses", 2, "mg"), "doses[2].mg", False),
    "trial": (("regimens", 0, "doses", 1, "mg"), "regimens[0].doses[1].mg", False),
    "posterior": (("data", 0, "n"), "data[0].n", True),
    "escalation": (("rule", "most_fold"), "rule.most_fold", False),
    "pathways": (("next", "n"), "next.n", False),
    "operating": (("truth", "smax_per_d"), "truth.smax_per_d", False),
    "evidence": (("doses", 0, "n"), "doses[0].n", True),
    "surprise": (("periods", 0, "p", 1), "periods[0].p[1]", True),
    "onset": (("times", 0, "t_h"), "times[0].t_h", True),
    "comparator": (("target",), "target", False),
    "trimer": (("kd_target_pm",), "kd_target_pm", False),
    "starting_dose": (("assays", 1, "ec50_pm"), "assays[1].ec50_pm", False),
    "cytokine": (("doses", 0, "ug"), "doses[0].ug", False),
}
WITH_A_DRUG = ("exposure", "risk", "posterior", "escalation", "pathways", "operating")
WITH_REGIMENS = ("trial", "posterior", "escalation", "pathways", "operating")


def fault(line: bytes) -> tuple[str, str | None] | None:
    answer, valid = answer_line(line)
    return None if valid else (answer["error"]["code"], answer["error"]["field"])


def fault_of(kind: str, **changes: object) -> tuple[str, str | None] | None:
    return fault(json.dumps({"id": "a", "kind": kind} | CASES[kind] | changes).encode())


@pytest.mark.parametrize("kind", CASES)
def test_what_is_no_number(kind):
    place, field, may_be_zero = NUMBERS[kind]

    for fragment in ("NaN", "Infinity", "-Infinity"):
        assert fault(written(kind, place, fragment)) == ("invalid_json", None)
    for fragment in ('"1"', '"1 mg"', "true", "[]", "{}"):
        code, at = fault(written(kind, place, fragment))
        assert (code, at.startswith(field)) == ("invalid_type" if fragment != "[]" else code, True)
    for fragment in ("1e999", "-1", "9" * 400):
        assert fault(written(kind, place, fragment)) == ("out_of_range", field)
    assert (fault(written(kind, place, "0")) == ("out_of_range", field)) is not may_be_zero


@pytest.mark.parametrize("kind", CASES)
def test_a_field_that_nobody_knows_and_one_that_is_lacking(kind):
    first = next(iter(CASES[kind]))
    without = {name: value for name, value in CASES[kind].items() if name != first}

    assert fault_of(kind, no_such_field=1) == ("unknown_field", "no_such_field")
    code, field = fault(json.dumps({"id": "a", "kind": kind} | without).encode())
    assert (code, field) == ("missing_field", {"pk": "drug"}.get(first, first))


@pytest.mark.parametrize("kind", WITH_A_DRUG)
def test_a_drug(kind):
    assert fault_of(kind, pk=OWN) == ("contradictory", "pk")
    assert fault_of(kind, drug="ibuprofen") == ("unknown_value", "drug")
    assert fault_of(kind, drug="Epcoritamab") == ("unknown_value", "drug")


@pytest.mark.parametrize("kind", WITH_REGIMENS)
def test_regimens(kind):
    (first, *_) = regimens = CASES[kind]["regimens"]

    assert fault_of(kind, regimens=[*regimens, first]) == ("contradictory", f"regimens[{len(regimens)}].name")
    assert fault_of(kind, regimens=[]) == ("invalid_value", "regimens")
    assert fault_of(kind, regimens=[first | {"name": str(at)} for at in range(13)]) == ("out_of_range", "regimens")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["exposure", "risk", "cytokine", *WITH_REGIMENS])
def test_the_order_of_doses_changes_nothing(kind):
    regimens = [one | {"doses": one["doses"][::-1]} for one in CASES[kind].get("regimens", [])]
    changes = {"regimens": regimens} if regimens else {"doses": CASES[kind]["doses"][::-1]}

    line, backwards = (
        json.dumps({"id": "a", "kind": kind} | CASES[kind] | more).encode() for more in ({}, changes)
    )  # fmt: skip

    assert line != backwards
    assert answer_line(line) == answer_line(backwards)


@pytest.mark.parametrize(("kind", "changes", "code", "field"), [
    ("trial", {"patients": 0}, "out_of_range", "patients"),
    ("trial", {"patients": 100_001}, "out_of_range", "patients"),
    ("trial", {"patients": 100_000, "draws": 201}, "out_of_range", "patients"),
    ("trial", {"draws": 1001}, "out_of_range", "draws"),
    ("trial", {"seed": 2**63}, "out_of_range", "seed"),
    ("trial", {"seed": -1}, "out_of_range", "seed"),
    ("trial", {"horizon_d": 0}, "out_of_range", "horizon_d"),
    ("trial", {"hazard": None}, "missing_field", "hazard"),
    ("posterior", {"data": [{"regimen": "a", "period": 1, "n": 2, "events": 3}]}, "contradictory", "data[0].events"),
    ("posterior", {"data": [{"regimen": "b", "period": 1, "n": 2, "events": 1}]}, "unknown_value", "data[0].regimen"),
    ("posterior", {"data": [{"regimen": "a", "period": 4, "n": 2, "events": 1}]}, "out_of_range", "data[0].period"),
    ("posterior", {"drug": "tarlatamab"}, "missing_field", "prior"),
    ("escalation", {"ladder": ["low", "highest"]}, "unknown_value", "ladder[1]"),
    ("escalation", {"ladder": ["low", "low"]}, "contradictory", "ladder[1]"),
    ("escalation", {"current": "highest"}, "unknown_value", "current"),
    ("escalation", {"grade3": {"events": 2, "of": 1}}, "contradictory", "grade3.events"),
    ("pathways", {"next": {"regimen": "highest", "n": 2}}, "unknown_value", "next.regimen"),
    ("pathways", {"next": {"regimen": "high", "n": 7}}, "out_of_range", "next.n"),
    ("operating", {"trials": 0}, "out_of_range", "trials"),
    ("operating", {"trials": 5001}, "out_of_range", "trials"),
    ("operating", {"designs": ["crm"]}, "unknown_value", "designs[0]"),
    ("operating", {"data": []}, "unknown_field", "data"),
    ("exposure", {"windows": [[0, 3], [3, 3]]}, "contradictory", "windows[1]"),
    ("exposure", {"windows": [[0, 1001]]}, "out_of_range", "windows[0][1]"),
    ("exposure", {"windows": []}, "invalid_value", "windows"),
    ("exposure", {"patient": {"prior_car_t": True}}, "contradictory", "patient.prior_car_t"),
    ("risk", {"drug": "mosunetuzumab", "patient": None}, "missing_field", "hazard"),
    ("risk", {"doses": [{"t_d": 1001, "mg": 1}]}, "out_of_range", "doses[0].t_d"),
    ("risk", {"horizon_d": 0.5, "doses": [{"t_d": 1, "mg": 1}]}, "contradictory", "horizon_d"),
])  # fmt: skip
def test_a_mistake_is_told_where_it_was_made(kind, changes, code, field):
    assert fault_of(kind, **changes) == (code, field)


@pytest.mark.long
@pytest.mark.parametrize(("kind", "changes"), [
    ("trial", {"patients": 1, "draws": 0}),
    ("trial", {"seed": 2**63 - 1, "patients": 2, "draws": 0}),
    ("posterior", {"data": []}),
    ("posterior", {"data": [{"regimen": "a", "period": 3, "n": 0, "events": 0}]}),
    ("exposure", {"windows": [[0, 1000]]}),
    ("risk", {"doses": [{"t_d": 0, "mg": 0.16}, {"t_d": 0, "mg": 0.16}, {"t_d": 1000, "mg": 1}], "last_period_d": 1}),
])  # fmt: skip
def test_what_lies_on_a_limit_is_answered(kind, changes):
    assert fault_of(kind, **changes) is None
