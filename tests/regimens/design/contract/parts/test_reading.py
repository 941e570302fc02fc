"""The readers of the design contract: one row a fault, both sides of every limit, and which fault is told first."""

import pytest

from crsmonitor.formats.strict_json import loads
from regimens.design.contract import reading, shared
from regimens.rules.reading import CaseError

DOSE = '{"t_d": 0, "mg": 1}'


def fault(read, written, at="x"):
    with pytest.raises(CaseError) as raised:
        read(loads(written), at)
    return raised.value.code, raised.value.field


@pytest.mark.parametrize(("reader", "written", "code", "field"), [
    (reading.positive, "true", "invalid_type", "x"),
    (reading.positive, '"1"', "invalid_type", "x"),
    (reading.positive, "[1]", "invalid_type", "x"),
    (reading.positive, "0", "out_of_range", "x"),
    (reading.positive, "-1", "out_of_range", "x"),
    (reading.positive, "1e-999", "out_of_range", "x"),
    (reading.positive, "1e-320", "out_of_range", "x"),  # no number to divide by
    (reading.positive, "1e999", "out_of_range", "x"),
    (reading.positive, "9" * 400, "out_of_range", "x"),
    (reading.positive, "1000000000000.1", "out_of_range", "x"),
    (reading.probability, "1.0000001", "out_of_range", "x"),
    (reading.probability, "-1e-9", "out_of_range", "x"),
    (reading.day, "1000.1", "out_of_range", "x"),
    (reading.day, "-0.1", "out_of_range", "x"),
    (reading.count, "10001", "out_of_range", "x"),
    (reading.count, "-1", "out_of_range", "x"),
    (reading.count, "1.5", "invalid_value", "x"),
    (reading.count, "1e999999", "out_of_range", "x"),
    (reading.text, '""', "invalid_value", "x"),
    (reading.text, '" "', "invalid_value", "x"),
    (reading.text, '"a\\u0000"', "invalid_value", "x"),
    (reading.text, '"\\ud800"', "invalid_value", "x"),
    (reading.text, "1", "invalid_type", "x"),
    (reading.text, '"' + "a" * 501 + '"', "out_of_range", "x"),
    (reading.boolean, "1", "invalid_type", "x"),
    (reading.choice("a", "b"), '"c"', "unknown_value", "x"),
    (reading.choice("a", "b"), "1", "invalid_type", "x"),
    (shared.span, "[1]", "invalid_value", "x"),
    (shared.span, "[1, 2, 3]", "invalid_value", "x"),
    (shared.span, "1", "invalid_type", "x"),
    (shared.span, '[1, "2"]', "invalid_type", "x[1]"),
    (shared.doses, "[]", "invalid_value", "x"),
    (shared.doses, "{}", "invalid_type", "x"),
    (shared.doses, f"[{', '.join([DOSE] * 101)}]", "out_of_range", "x"),
    (shared.doses, f"[{DOSE}, 1]", "invalid_type", "x[1]"),
    (shared.doses, '[{"t_d": 0}]', "missing_field", "x[0].mg"),
    (shared.doses, '[{"mg": 1}]', "missing_field", "x[0].t_d"),
    (shared.doses, '[{"t_d": null, "mg": 1}]', "missing_field", "x[0].t_d"),
    (shared.doses, '[{"t_d": 0, "mg": 100000.1}]', "out_of_range", "x[0].mg"),
    (shared.doses, '[{"t_d": 0, "mg": 0}]', "out_of_range", "x[0].mg"),
    (shared.doses, '[{"t_d": 0, "mg": 1, "ug": 1}]', "unknown_field", "x[0].ug"),
    (shared.own_pk, '{"cl_l_per_d": 1}', "missing_field", "x.vc_l"),
    (shared.own_pk, '{"cl_l_per_d": 1, "vc_l": 1, "q_l_per_d": 1}', "missing_field", "x.vp_l"),
    (shared.own_pk, '{"cl_l_per_d": 1, "vc_l": 1, "vp_l": 1}', "missing_field", "x.q_l_per_d"),
    (shared.own_pk, '{"cl_l_per_d": 1, "vc_l": 1, "f": 1.01}', "out_of_range", "x.f"),
    (shared.own_pk, '{"cl_l_per_d": 1, "vc_l": 1, "cv_pct": {"f": 1}}', "unknown_field", "x.cv_pct.f"),
    (shared.own_pk, '{"cl_l_per_d": 1, "vc_l": 1, "cv_pct": {"vc_l": -1}}', "out_of_range", "x.cv_pct.vc_l"),
    (shared.hazard, '{"smax_per_d": 1}', "missing_field", "x.s50_ug_ml"),
    (shared.hazard, '{"smax_per_d": 1, "s50_ug_ml": 1, "hill": 0}', "out_of_range", "x.hill"),
    (shared.patient, '{"prophylaxis": "all"}', "unknown_value", "x.prophylaxis"),
    (shared.patient, '{"female": "yes"}', "invalid_type", "x.female"),
    (shared.patient, '{"weight_kg": 0.9}', "out_of_range", "x.weight_kg"),
    (shared.patient, '{"weight_kg": 1000.1}', "out_of_range", "x.weight_kg"),
    (shared.patient, '{"age_y": 0.9}', "out_of_range", "x.age_y"),
    (shared.patient, '{"age_y": 150.1}', "out_of_range", "x.age_y"),
])  # fmt: skip
def test_a_fault_is_told_with_its_code_and_field(reader, written, code, field):
    assert fault(reader, written) == (code, field)


@pytest.mark.parametrize(("reader", "written", "value"), [
    (reading.positive, "1e12", 1e12),
    (reading.positive, "1e-300", 1e-300),
    (reading.probability, "0", 0.0),
    (reading.probability, "1", 1.0),
    (reading.day, "1000", 1000.0),
    (reading.day, "0", 0.0),
    (reading.count, "10000", 10000),
    (reading.count, "3.0", 3),
    (reading.text, '"' + "a" * 500 + '"', "a" * 500),
    (shared.span, "[7, 0]", (7.0, 0.0)),
    (shared.mg, "100000", 100000.0),
    (reading.whole_within(0, 2**63 - 1), str(2**63 - 1), 2**63 - 1),
])  # fmt: skip
def test_what_lies_on_a_limit_is_read(reader, written, value):
    assert reader(loads(written), "x") == value


def test_as_many_doses_as_may_be_are_read():
    assert len(shared.doses(loads(f"[{', '.join([DOSE] * 100)}]"), "x")) == 100


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_never_one(value):
    with pytest.raises(CaseError) as raised:
        reading.positive(value, "x")
    assert raised.value.code == "invalid_value"


READERS = {"a": reading.positive, "b": reading.positive, "inner": reading.record({"c": reading.positive}, needs=("c",))}


@pytest.mark.parametrize(("written", "code", "field"), [
    ('{"a": 0, "inner": {}, "z": 1}', "unknown_field", "z"),
    ('{"inner": {}, "b": 0}', "missing_field", "a"),
    ('{"inner": {"d": 1}, "b": 0, "a": 1}', "out_of_range", "b"),
    ('{"inner": {"d": 1}, "a": 1}', "unknown_field", "inner.d"),
    ('{"inner": {}, "a": 1}', "missing_field", "inner.c"),
    ("[]", "invalid_type", None),
])  # fmt: skip
def test_the_first_fault_in_the_order_of_reading_is_told(written, code, field):
    with pytest.raises(CaseError) as raised:
        reading.read_object(loads(written), READERS, needs=("a",))
    assert (raised.value.code, raised.value.field) == (code, field)


def test_null_is_as_absent():
    assert reading.read_object({"a": 1, "b": None}, READERS) == {"a": 1.0}
