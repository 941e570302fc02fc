"""What the sets of a dose period show, one row per sentence of the export's specification."""

from decimal import Decimal

import pytest

from grading.rules.course.periods.at_dose import LooksBefore
from grading.rules.course.periods.outcome import Carried
from grading.rules.course.periods.sets import OXYGEN_LEVEL, PLAUSIBLE_FROM_C
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.entry.limits import TEMPERATURE_IMPLAUSIBLE_BELOW_C
from tests.rules.course.periods.period_rows import after, at, graded, period, seen


@pytest.mark.parametrize(
    ("column", "value", "worse", "better"),
    [
        ("sbp_min", "sbp", 80, 120), ("dbp_min", "dbp", 40, 70), ("mean_pressure_min", "mean_pressure", 55, 85),
        ("spo2_min", "spo2", 85, 97), ("heart_rate_max", "heart_rate", 140, 80),
        ("respiratory_rate_max", "respiratory_rate", 32, 16), ("temperature_max_c", "temperature_c", 39.5, 36.8),
        ("oxygen_flow_max_l_min", "oxygen_flow_l_min", 8, 2),
    ],
)  # fmt: skip
def test_the_worst_value_of_the_period_is_kept_whenever_it_came(column, value, worse, better):
    for values in ((worse, better), (better, worse), (worse, None, better), (None, worse, better)):
        row = after(*(seen(h, **{value: one}) for h, one in enumerate(values, start=1)))
        assert getattr(row, column) == Decimal(str(worse)), values


@pytest.mark.parametrize(
    "column",
    ["temperature_max_c", "temperature_max_at", "sbp_min", "dbp_min", "mean_pressure_min", "heart_rate_max",
     "respiratory_rate_max", "spo2_min", "oxygen_level_max", "oxygen_flow_max_l_min", "vasopressors_max",
     "vasopressin_given", "bolus_given", "ice_min", "capd_max", "fever_s", "fever_at", "fio2_max_percent",
     "mean_pressure_min_computed", "seizure_seen"],
)  # fmt: skip
def test_what_nobody_looked_at_is_not_known(column):
    row = after(seen(1))
    row.see_neuro(ice=None, capd=None, definite=False)

    assert getattr(row, column) is None


def test_the_hottest_is_dated_where_it_was_first_reached():
    row = after(seen(1, temperature_c=38.2), seen(2, temperature_c=39.1), seen(3, temperature_c=39.1))

    assert (row.temperature_max_c, row.temperature_max_at) == (Decimal("39.1"), at(2))


@pytest.mark.parametrize(("temperature", "counts"), [(29.9, False), (30.0, True), (30.1, True)])
def test_c10_an_implausible_temperature_is_no_reading_for_maximum_fever_and_baseline_alike(temperature, counts):
    """Below 30 °C it is missing, as to the grade: one limit for TEMPMAX, FEVHRS and TEMPBL."""
    reading = seen(1, temperature_c=temperature)
    row, before = after(reading), LooksBefore()
    before.look_back([reading], dosed_at=at(2), ice=None)

    known = Decimal(str(temperature)) if counts else None
    assert (row.temperature_max_c, row.fever_s, before.temperature_before_c) == (known, 0 if counts else None, known)
    assert PLAUSIBLE_FROM_C == TEMPERATURE_IMPLAUSIBLE_BELOW_C


def test_every_set_counts_and_every_definite_grade():
    row = after(seen(1), seen(2))
    row.see_vitals(seen(3), graded=graded(definite=False, at_most=4))

    assert (row.vitals_recorded, row.crs_definite, row.crs_at_most, row.last_vitals_at) == (3, 2, 4, at(3))


def test_what_crs_could_have_been_at_most_is_the_worst_of_all_sets():
    row = after(seen(1), at_most=3)
    row.see_vitals(seen(2), graded=graded(at_most=1))

    assert row.crs_at_most == 3


def test_the_longest_gap_counts_from_the_dose():
    assert after(seen(5), seen(7), seen(8)).longest_gap_h == 5


def test_the_longest_gap_may_be_any():
    assert after(seen(1), seen(7), seen(8)).longest_gap_h == 6


@pytest.mark.parametrize(
    ("window", "gap"), [(48, 47), (47.5, 46.5), (None, None)], ids=["at its end", "after it", "no window"]
)
def test_a_gap_counts_within_the_observation_window(window, gap):
    assert after(seen(1), seen(48), window=window).longest_gap_h == gap


# O2MAXN: 0 air, 1 low-flow cannula or blow-by, 2 simple mask, 3 Venturi or non-rebreather, 4 high flow,
# 5 CPAP or BiPAP, 6 invasive.
LEVELS = {
    "room_air": 0, "nasal_cannula": 1, "blow_by": 1, "face_mask": 2, "venturi_mask": 3, "non_rebreather": 3,
    "high_flow_nasal_cannula": 4, "cpap": 5, "bipap": 5, "mechanical_ventilation": 6,
}  # fmt: skip


@pytest.mark.parametrize("device", OxygenDevice)
def test_every_device_has_its_level(device):
    assert after(seen(1, oxygen_device=device.value)).oxygen_level_max == LEVELS[device]


def test_no_other_device_has_one():
    assert set(OXYGEN_LEVEL) == set(OxygenDevice)


def test_the_highest_level_is_kept():
    assert after(seen(1, oxygen_device="cpap"), seen(2, oxygen_device="room_air")).oxygen_level_max == 5


@pytest.mark.parametrize(
    ("sets", "most", "vasopressin"),
    [
        ([()], 0, False),
        ([("norepinephrine",)], 1, False),
        ([("norepinephrine", "vasopressin")], 1, True),
        ([("norepinephrine", "epinephrine"), ()], 2, False),
        ([("vasopressin",), ("norepinephrine",)], 1, True),
        ([("norepinephrine",), ("epinephrine",)], 1, False),  # one after the other, not at once
        ([None, ("vasopressin",), None], 0, True),
    ],
)
def test_vasopressors_at_once_excluding_vasopressin(sets, most, vasopressin):
    row = after(*(seen(h, vasopressors=agents) for h, agents in enumerate(sets, start=1)))

    assert (row.vasopressors_max, row.vasopressin_given) == (most, vasopressin)


@pytest.mark.parametrize(
    ("boluses", "given"),
    [([False], False), ([True], True), ([True, False], True), ([True, None], True), ([False, None], False)],
)
def test_a_bolus_once_is_a_bolus_in_the_period(boluses, given):
    assert after(*(seen(h, fluid_bolus=one) for h, one in enumerate(boluses, start=1))).bolus_given is given


def test_neuro_keeps_the_lowest_ice_and_the_highest_capd():
    row = period()
    for ice, capd, definite in ((8, 3, True), (5, 12, True), (10, 0, True), (None, None, False)):
        row.see_neuro(ice=ice, capd=capd, definite=definite)

    assert (row.ice_min, row.capd_max, row.neuro_recorded, row.icans_definite) == (5, 12, 4, 3)


def test_an_ice_of_0_is_a_score():
    row = period()
    row.see_neuro(ice=0, capd=None, definite=True)
    row.see_neuro(ice=9, capd=None, definite=True)

    assert row.ice_min == 0


FEVERS = [
    ("nobody took one", [], None),
    ("none of fever", [(1, 36.8), (5, 37.9)], "0.00"),
    ("one of fever lasts no time", [(1, 38.0)], "0.00"),
    ("4 h and 3 h 30 min", [(1, 38.0), (5, 39.1), (8.5, 38.2)], "7.50"),
    ("one in between without fever parts them", [(1, 38.4), (3, 37.2), (5, 38.4), (7, 38.4)], "2.00"),
    ("one interval counts for 8 h at most", [(1, 38.4), (10, 38.4), (12, 38.1)], "10.00"),
    ("a set without a temperature parts nothing", [(1, 38.4), (2, None), (3, 38.4)], "2.00"),
    ("nor does an implausible one", [(1, 38.4), (2, 29), (3, 38.4)], "2.00"),
]


@pytest.mark.parametrize(("sets", "expected"), [row[1:] for row in FEVERS], ids=[row[0] for row in FEVERS])
def test_hours_between_readings_of_fever(sets, expected):
    row = after(*(seen(h, temperature_c=celsius) for h, celsius in sets))
    row.conclude(own=[], carried=Carried(), crs_before=False)

    assert row.fever_h == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("pressures", "expected"),
    [
        ([(85, False), (70, True)], (70, True)),
        ([(70, False), (85, True)], (70, False)),
        ([(70, True), (70, False)], (70, False)),  # the one that was measured
        ([(70, False), (70, True)], (70, False)),
        ([(None, False)], (None, None)),
    ],
)
def test_the_lowest_mean_pressure_says_whether_it_was_computed(pressures, expected):
    sets = (seen(h, mean_pressure=mean, mean_pressure_computed=made) for h, (mean, made) in enumerate(pressures, 1))
    row = after(*sets)

    assert (row.mean_pressure_min, row.mean_pressure_min_computed) == expected


def test_a_seizure_is_one_whenever_it_came_and_none_is_said_by_somebody_who_looked():
    row = period()
    for seizure, so_far in ((None, None), (False, False), (True, True), (False, True)):
        row.see_neuro(ice=None, capd=None, definite=False, seizure=seizure)
        assert row.seizure_seen is so_far


def test_imported_sets_are_counted_and_the_most_oxygen_is_kept():
    row = after(seen(1, imported=True, fio2_percent=40), seen(2), seen(3, imported=True, fio2_percent=28))

    assert (row.imported_readings, row.fio2_max_percent) == (2, 40)
