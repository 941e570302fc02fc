"""A file with one value a line, the shape of VS of SDTM and of ADaM's BDS: each line one part of its set."""

from datetime import UTC, datetime

import pytest

from grading.intake.files.services import keep_file, queue, take_next
from grading.models import IntakeEntry, IntakeRow
from grading.rules.intake.files.mapping import FileMapping, faults_of
from grading.rules.intake.files.text import table_of
from grading.rules.intake.received import RowKind
from tests.intake.test_files import AT, PILOT, dosed, reading

pytestmark = pytest.mark.django_db
__all__ = ["dosed"]  # a fixture
LONG = FileMapping(
    participant_column="USUBJID", participant_by="usubjid", date_column="VSDTC", test_column="VSTESTCD",
    value_column="VSORRES", unit_column="VSORRESU",
)  # fmt: skip
LONG_HEAD = "USUBJID,VSTESTCD,VSORRES,VSORRESU,VSDTC\n"


def long_form(*lines: str):
    return reading(LONG_HEAD + "\n".join(lines), LONG)


def test_each_line_gives_its_own_test_in_the_unit_it_says():
    """98.6 °F is 37 °C; 16 kPa is 120.01 mmHg (1 kPa is 7.50062 mmHg)."""
    assert faults_of(LONG, table_of(PILOT.encode(), most=10).header) == {}
    at_ten = ("TEMP,98.6,F", "SYSBP,16,kPa", "PULSE,40,BEATS/MIN", "OXYSAT,97,%", "RESP,18,breaths/min")
    result = long_form(*(f"DEMO-TPE-001,{one},2026-03-02T10:00" for one in at_ten))

    given = {name: value for one in result.entries for name, value in one.gives.items()}
    assert given == {"temperature_c": "37", "sbp": "120.01", "heart_rate": "40", "spo2": "97", "respiratory_rate": "18"}
    assert {(one.kind, one.observed_at) for one in result.entries} == {
        (RowKind.VITALS, datetime(2026, 3, 2, 2, tzinfo=UTC))
    }
    assert result.faults == []


@pytest.mark.parametrize(("line", "column", "fault"), [
    ("DEMO-TPE-001,TEMP,38.6,,2026-03-02T10:00", "VSORRESU", "cell_unknown_unit"),  # no unit is guessed
    ("DEMO-TPE-001,TEMP,38.6,mmHg,2026-03-02T10:00", "VSORRESU", "cell_unknown_unit"),
    ("DEMO-TPE-001,TEMP,386,C,2026-03-02T10:00", "VSORRES", "cell_outside_human_range"),
    ("DEMO-TPE-001,WEIGHT,38,kg,2026-03-02T10:00", "VSTESTCD", "cell_other_test"),
    ("DEMO-TPE-001,TEMP,38.6,C,2026-03-02", "VSDTC", "cell_date_only"),
    ("DEMO-TPE-001,TEMP,=1+37,C,2026-03-02T10:00", "VSORRES", "cell_formula"),
])  # fmt: skip
def test_what_such_a_line_does_not_say_is_not_guessed(line, column, fault):
    result = long_form(line)

    assert [(one.line, one.column, one.code) for one in result.faults][:1] == [(2, column, fault)]
    assert [one.gives for one in result.entries] == [{}]


def test_a_weight_is_no_set_and_is_not_rejected_either():
    [weight] = long_form("DEMO-TPE-001,WEIGHT,70,kg,2026-03-02T10:00").entries

    assert (weight.kind, [one.code for one in weight.reasons], weight.is_rejected) == (None, ["code_unknown"], False)


def test_lines_in_another_order_are_the_same():
    lines = ["DEMO-TPE-001,TEMP,38.6,C,2026-03-02T10:00", "DEMO-TPE-001,SYSBP,85,mmHg,2026-03-02T10:00"]

    def keys(*lines):
        return {(one.key, one.digest) for one in long_form(*lines).entries}

    assert keys(*lines) == keys(*reversed(lines))
    assert len(keys(*lines)) == 2


@pytest.mark.parametrize("place", ["value_column", "unit_column"])
def test_a_test_without_its_value_or_unit_is_refused_where_columns_are_chosen(place):
    mapping = FileMapping.of(LONG.plain() | {place: ""})

    assert faults_of(mapping, LONG_HEAD.strip().split(",")) == {place: "column_needed"}


def test_such_a_file_and_columns_of_values_do_not_go_together():
    mapping = FileMapping.of(LONG.plain() | {"columns": {"sbp": "SBP"}})

    assert faults_of(mapping, [*LONG_HEAD.strip().split(","), "SBP"]) == {"sbp": "one_value_a_line"}


def test_the_lines_of_one_time_are_one_set_in_the_queue(dosed):
    """A fever and a low pressure of one minute, a weight beside them, in the participant's own time."""
    usubjid = "DEMO-DEMO-TPE-DEMO-001"
    lines = [f"{usubjid},{rest},2026-03-03T20:00" for rest in ("TEMP,38.6,C", "WEIGHT,70,kg", "SYSBP,85,mmHg")]
    file = keep_file(dosed.study, dosed.site, (LONG_HEAD + "\n".join(lines)).encode(), by=dosed.nurse, at=AT)

    queue(file, LONG, by=dosed.nurse, at=AT)
    take_next(clock=lambda: AT)

    [row] = IntakeRow.objects.all()
    assert {name: str(row.proposed[name]) for name in ("temperature_c", "sbp")} == {
        "temperature_c": "38.6",
        "sbp": "85",
    }
    assert (row.participant, row.observed_at) == (dosed.participant, datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert sorted(IntakeEntry.objects.values_list("outcome", flat=True)) == ["ignored", "proposed", "proposed"]
