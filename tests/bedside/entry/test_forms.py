"""What the forms read: numbers as people type them, time in the site's zone, and nothing that nobody looked at."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from grading.bedside.forms.neuro import NeuroForm
from grading.bedside.forms.vitals import VitalsForm
from grading.recording.forms.fields import MeasuredField
from regimens.models import Participant, Site
from regimens.rules.wristband import wristband

WRISTBAND = wristband("DEMO", "DEMO-001", [])
AT = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)  # 03:30 on 3 March in Taipei


def participant(zone: str = "Asia/Taipei", instrument: str = "ice") -> Participant:
    return Participant(number="DEMO-001", site=Site(time_zone=zone), neuro_instrument=instrument)


def form(
    of: type = VitalsForm, *, zone: str = "Asia/Taipei", instrument: str = "ice", at: datetime = AT, **typed: object
):
    data = {"id": str(uuid4()), "opened_at": at.isoformat(), "when": "0", "confirm_number": "001"} | typed
    posted = MultiValueDict({k: v if isinstance(v, list) else [v] for k, v in data.items()})
    return of(posted, participant=participant(zone, instrument), wristband=WRISTBAND, at=at)


# --- numbers ---


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("38.4", "38.4"), ("38,4", "38.4"), ("３８．５", "38.5"),
        ("38。5", "38.5"), ("３８。５", "38.5"), ("38｡5", "38.5"), ("３８，５", "38.5"),
        (" 38.0 ", "38.0"), ("0", "0"), ("0.5", "0.5"),
        ("89.5", "89.5"), ("0.125", "0.125"), ("007", "7"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_typed(typed, value):
    assert MeasuredField().clean(typed) == Decimal(value)


def test_an_empty_box_is_none_and_not_zero():
    assert MeasuredField().clean("") is None
    assert MeasuredField().clean("   ") is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1,200", "thousands"), ("1.200", "thousands"), ("1 200", "thousands"), ("1'200", "thousands"),
        (".5", "digit before"), ("38.", "ends with"), ("38.4.1", "not a number"), ("-5", "not a number"),
        ("1e3", "not a number"), ("abc", "not a number"), ("38..4", "not a number"), ("NaN", "not a number"),
        ("38.4444", "decimals"), ("38。", "ends with"), ("。5", "digit before"),
        ("38。4。1", "not a number"), ("1。200", "thousands"), ("12345", "too many digits"), ("½", "not a number"),
    ],
)  # fmt: skip
def test_what_could_be_misread_is_refused_with_a_precise_word(typed, says):
    with pytest.raises(ValidationError) as refused:
        MeasuredField().clean(typed)
    assert says in " ".join(refused.value.messages)


@pytest.mark.parametrize(("typed", "says"), [("384", "38.4"), ("101.3", "°F")])
def test_a_missing_point_and_fahrenheit_are_asked_about(typed, says):
    seen = form(temperature_c=typed)
    assert says in seen.errors["temperature_c"][0]


@pytest.mark.parametrize("field", ["spo2", "fio2_percent"])
def test_a_fraction_is_asked_about(field):
    assert form(**{field: "0.97"}).errors[field] == ["0.97? For 97 % write it in per cent."]


def test_position_and_arm_are_said_or_left_open():
    filled, open_ = form(position="standing", arm="right"), form()
    assert filled.is_valid()
    assert open_.is_valid()
    assert (filled.draft().position, filled.draft().arm) == ("standing", "right")
    assert (open_.draft().position, open_.draft().arm) == ("", "")


# --- nobody looked ---


def test_an_untouched_form_says_that_nobody_looked():
    seen = form()
    assert seen.is_valid(), seen.errors
    draft = seen.draft()
    looked = (
        draft.temperature_c,
        draft.sbp,
        draft.spo2,
        draft.oxygen_device,
        draft.hypotension,
        draft.fluid_bolus,
        draft.vasopressors,
    )
    assert looked == (None,) * 7


def test_an_explicit_none_is_something_that_was_looked_at():
    seen = form(fluid_bolus="no", vasopressors=["none"], hypotension="no")
    assert seen.is_valid(), seen.errors
    draft = seen.draft()
    assert (draft.fluid_bolus, draft.vasopressors, draft.hypotension) == (False, [], False)


def test_an_unlisted_vasopressor_is_accepted():
    seen = form(vasopressors=["norepinephrine"], vasopressor_other="terlipressin, methylene blue")
    assert seen.is_valid(), seen.errors
    assert seen.draft().vasopressors == ["norepinephrine", "terlipressin", "methylene blue"]


@pytest.mark.parametrize("typed", ["furosemide", "Lasix 40 mg", "terlipressin、albumin", "白蛋白"])
def test_a_drug_that_is_no_vasopressor_is_refused_at_its_field(typed):
    seen = form(vasopressors=["norepinephrine"], vasopressor_other=typed)

    assert list(seen.errors) == ["vasopressor_other"]
    assert "is not a vasopressor" in str(seen.errors)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"vasopressors": ["none", "dopamine"]}, "vasopressors"),
        ({"vasopressors": ["none"], "vasopressor_other": "terlipressin"}, "vasopressors"),
        ({"vasopressors": ["none"], "not_done_vasopressors": "asleep"}, "vasopressors"),
        ({"temperature_c": "38.1", "not_done_temperature_c": "asleep"}, "temperature_c"),
        ({"temperature_c": "0", "not_done_temperature_c": "asleep"}, "temperature_c"),
        ({"pressure_unrecordable": "on", "sbp": "80"}, "sbp"),
        ({"fluid_bolus_ml": "500", "fluid_bolus": "no"}, "fluid_bolus"),
        ({"sbp": "301"}, "sbp"), ({"temperature_c": "45.1"}, "temperature_c"),
        ({"temperature_c": "24.9"}, "temperature_c"), ({"spo2": "101"}, "spo2"),
        ({"oxygen_flow_l_min": "71"}, "oxygen_flow_l_min"),
        ({"heart_rate": "301"}, "heart_rate"), ({"respiratory_rate": "81"}, "respiratory_rate"),
        ({"dbp": "251"}, "dbp"),
        ({"fio2_percent": "101"}, "fio2_percent"), ({"oxygen_device": "hood"}, "oxygen_device"),
        ({"confirm_number": "002"}, "confirm_number"), ({"confirm_number": ""}, "confirm_number"),
        ({"when": "other", "observed_on": "2026-03-03", "observed_time": "25:00"}, "observed_time"),
        ({"when": "other", "observed_on": "2026-03-03", "observed_time": ""}, "observed_time"),
        ({"when": "7"}, "when"), ({"opened_at": "yesterday"}, "opened_at"), ({"id": "1"}, "id"),
    ],
)  # fmt: skip
def test_a_wrong_input_is_told_at_its_field(typed, field):
    assert list(form(**typed).errors) == [field]


def test_pressures_that_contradict_are_for_the_service_to_refuse():
    """It knows whether the set shows a worsening, which no question holds back (Rulings 2)."""
    assert form(sbp="70", dbp="80").is_valid()


def test_what_was_not_done_is_kept_with_its_reason():
    seen = form(not_done_temperature_c="refused", not_done_fluid_bolus="off_ward")
    assert seen.is_valid(), seen.errors
    assert seen.draft().not_done == {"temperature_c": "refused", "fluid_bolus": "off_ward"}


def test_the_mean_pressure_is_computed_and_marked_unless_entered():
    computed, entered = (
        form(sbp="120", dbp="60").draft_so_far(),
        form(sbp="120", dbp="60", mean_pressure="77").draft_so_far(),
    )
    assert (computed.mean_pressure, computed.mean_pressure_computed) == (Decimal("80.0"), True)
    assert (entered.mean_pressure, entered.mean_pressure_computed) == (Decimal(77), False)


def test_typed_again_and_equal_is_kept_as_retyped():
    seen = form(temperature_c="41.8", again_temperature_c="41,8")
    assert seen.is_valid(), seen.errors
    assert seen.draft().retyped == ["temperature_c"]


def test_typed_again_and_different_is_refused():
    seen = form(temperature_c="41.8", again_temperature_c="38.1")
    assert list(seen.errors) == ["temperature_c"]
    assert "temperature_c" in seen.to_retype


def test_the_preview_takes_an_impossible_value_for_not_measured():
    draft = form(temperature_c="61", sbp="85", spo2="x").draft_so_far()
    assert (draft.temperature_c, draft.sbp, draft.spo2) == (None, Decimal(85), None)


# --- time ---


@pytest.mark.parametrize(
    ("typed", "observed_at"),
    [
        ({"when": "0"}, AT),
        ({"when": "15"}, datetime(2026, 3, 2, 19, 15, tzinfo=UTC)),
        ({"when": "other", "observed_on": "2026-03-03", "observed_time": "03:10"},
         datetime(2026, 3, 2, 19, 10, tzinfo=UTC)),
        ({"when": "other", "observed_on": "2026-03-02", "observed_time": "2350"},
         datetime(2026, 3, 2, 15, 50, tzinfo=UTC)),
        ({"when": "other", "observed_on": "2026-03-03", "observed_time": "３：１０"},
         datetime(2026, 3, 2, 19, 10, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_time_is_of_the_sites_zone(typed, observed_at):
    seen = form(**typed)
    assert seen.is_valid(), seen.errors
    assert seen.draft().observed_at == observed_at


def test_minutes_ago_count_from_the_opening_so_that_a_second_tap_says_the_same():
    data = {"opened_at": AT.isoformat(), "when": "5"}
    early, late = form(**data), form(at=datetime(2026, 3, 2, 19, 33, tzinfo=UTC), **data)
    assert early.is_valid()
    assert late.is_valid()
    assert early.draft().observed_at == late.draft().observed_at


def test_a_minute_that_the_clocks_skipped_is_refused():
    typed = {"when": "other", "observed_on": "2026-03-29", "observed_time": "02:30", "zone": "Europe/Paris"}
    seen = form(at=datetime(2026, 3, 29, 1, 45, tzinfo=UTC), **typed)
    assert list(seen.errors) == ["observed_time"]


def test_the_second_identifier_is_read_whatever_its_case_or_width():
    assert form(confirm_number="００１").is_valid()


# --- neuro ---


def test_an_item_that_was_not_attempted_is_none_and_one_that_failed_is_not():
    seen = form(NeuroForm, ice_year="yes", ice_month="no", ice_naming="0")
    assert seen.is_valid(), seen.errors
    draft = seen.draft()
    assert (draft.ice_year, draft.ice_month, draft.ice_naming, draft.ice_city) == (True, False, 0, None)


def test_ice_not_done_has_a_reason_and_no_points():
    seen = form(NeuroForm, not_done_ice="asleep")
    assert seen.is_valid(), seen.errors
    draft = seen.draft()
    assert draft.not_done == {"ice": "asleep"}
    assert draft.ice_naming is None


def test_an_explicit_none_of_raised_pressure_is_an_empty_list():
    untouched, none, sign = (
        form(NeuroForm),
        form(NeuroForm, icp_signs=["none"]),
        form(NeuroForm, icp_signs=["papilloedema"]),
    )
    drafts = []
    for seen in (untouched, none, sign):
        assert seen.is_valid(), seen.errors
        drafts.append(seen.draft().icp_signs)
    assert drafts == [None, [], ["papilloedema"]]


def test_a_child_has_a_capd_score_and_no_ice():
    seen = form(NeuroForm, instrument="capd", capd_score="9", ice_year="yes")
    assert seen.is_valid(), seen.errors
    draft = seen.draft()
    assert (draft.capd_score, draft.ice_year) == (9, None)
    assert list(form(NeuroForm, instrument="capd", capd_score="33").errors) == ["capd_score"]
