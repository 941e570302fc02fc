"""A file of vital signs: how it is read, what is said of each cell, and that it comes into the queue once."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from grading.intake.files.services import CHUNK, cancel, keep_file, queue, take_file, take_next
from grading.models import IntakeEntry, IntakeFile, IntakeMapping, IntakeRow
from grading.rules.intake.files.instants import NoInstant, instant_of
from grading.rules.intake.files.lines import FileContext, chunks, read
from grading.rules.intake.files.mapping import FileMapping, faults_of
from grading.rules.intake.files.text import UnreadableText, plain, table_of
from tests.builders import dose, hour, kept, stay
from tests.stages import stage

TAIPEI = ZoneInfo("Asia/Taipei")
AT = datetime(2026, 3, 10, tzinfo=UTC)
MAPPING = FileMapping(
    participant_column="ID", date_column="When", columns={"temperature_c": "Temp", "sbp": "SBP"},
)  # fmt: skip
HEAD = "ID,When,Temp,SBP\n"


def reading(text: str | bytes, mapping: FileMapping = MAPPING, **around):
    raw = text.encode() if isinstance(text, str) else text
    values = {"sender": "DEMO/TPE", "zone": TAIPEI, "at": AT, "subjects": {"001": "DEMO-TPE-001"}} | around
    table = table_of(raw, encoding=mapping.encoding, separator=mapping.separator, most=1000)
    return read(table, mapping, FileContext(**values))


def faults(result) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in result.faults]


# --- Text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "encoding", "separator"), [
    ("ID,體溫\n001,38.2\n".encode(), "utf-8", ","),
    ("\ufeffID;體溫\r\n001;38,2\r\n".encode(), "utf-8", ";"),
    ("ID\t體溫\n001\t38.2\n".encode("cp950"), "big5", "\t"),
    ("ID\t體溫\n001\t38.2\n".encode("utf-16"), "utf-16", "\t"),
    (b"sep=;\nID;T\n001;38.2\n", "utf-8", ";"),
])  # fmt: skip
def test_encodings_and_separators_are_found(raw, encoding, separator):
    table = table_of(raw, most=10)

    assert (table.encoding, table.separator, len(table.header), table.rows[0][1][0]) == (encoding, separator, 2, "001")


@pytest.mark.parametrize(("raw", "code"), [
    (b"\xff\xff\x00ab", "file_not_text"), (b"a,b\n", "file_empty"), (b'a,b\n"1,2\n', "file_unreadable"),
    (b"a,a\n1,2\n", "file_header"), (b"a,b\n" + b"1,2\n" * 11, "file_too_many_lines"),
    (b"a,\x00b\n1,2\n", "file_not_text"),
])  # fmt: skip
def test_what_is_no_table_is_refused_with_why(raw, code):
    with pytest.raises(UnreadableText) as refused:
        table_of(raw, most=10)

    assert refused.value.code == code


def test_line_numbers_are_those_of_an_editor_and_empty_lines_of_a_spreadsheet_say_nothing():
    result = reading(HEAD + ",,,\n001,2026-03-02 17:00,x,\n,,,\n")

    assert faults(result)[0] == (3, "Temp", "cell_no_number")


# --- Cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "fault"), [
    ("001,2026-03-02 17:00,=1+37,120", "cell_formula"),
    ("001,2026-03-02 17:00,#VALUE!,120", "cell_spreadsheet_error"),
    ("001,2026-03-02 17:00,3.85E+01,120", "cell_no_number"),
    ("001,2026-03-02 17:00,>38,120", "cell_no_number"),
    ("001,2026-03-02 17:00,100.4,120", "cell_outside_human_range"),  # Fahrenheit under °C
])  # fmt: skip
def test_a_cell_that_cannot_be_read_is_left_out_and_the_rest_of_the_line_kept(cells, fault):
    result = reading(HEAD + cells)
    (one,) = result.entries

    assert faults(result) == [(2, "Temp", fault)]
    assert (one.gives, one.is_rejected) == ({"sbp": "120"}, False)


@pytest.mark.parametrize(("cells", "column", "fault"), [
    (",2026-03-02 17:00,38,", "ID", "cell_no_participant"),
    ("001,,38,", "When", "cell_no_instant"),
    ("001,2026-03-02,38,", "When", "cell_date_only"),
    ("001,2026-03-12 17:00,38,", "When", "cell_in_future"),
    ("001,2026-02-30 17:00,38,", "When", "cell_not_an_instant"),
    ("001,46083.7,38,", "When", "cell_not_an_instant"),  # a spreadsheet's number, where a date was said
    ("001,2026-03-02 17:00,,-", "", "line_no_value"),
    ("001,2026-03-02 17:00,38,120,extra", "", "line_too_many_cells"),
])  # fmt: skip
def test_a_line_without_participant_instant_or_value_is_rejected_with_line_and_column(cells, column, fault):
    result = reading(HEAD + cells)

    assert (faults(result), result.entries[0].is_rejected) == ([(2, column, fault)], True)


def test_units_decimal_commas_protected_texts_and_device_words():
    mapping = FileMapping(
        participant_column="ID", date_column="D", time_column="T", date_format="dmy", decimal_mark=",",
        columns={"temperature_c": "F", "sbp": "kPa", "oxygen_device": "O"},
        units={"temperature_c": "°F", "sbp": "kPa"}, devices={"RA": "room_air"},
    )  # fmt: skip
    text = 'ID;D;T;F;kPa;O\n="001";02/03/2026;17:05;100,4;16;RA\n\'001;02/03/2026;18:05;;;NRB\n'

    first, second = reading(text, mapping).entries

    assert (first.subject, first.observed_at) == ("DEMO-TPE-001", datetime(2026, 3, 2, 9, 5, tzinfo=UTC))
    assert first.gives == {"temperature_c": "38", "sbp": "120.01", "oxygen_device": "room_air"}
    assert (second.subject, second.gives) == ("DEMO-TPE-001", {"oxygen_device": "non_rebreather"})


@pytest.mark.parametrize(("text", "form", "zone", "utc"), [
    ("2026-03-02 17:00", "ymd", TAIPEI, "2026-03-02T09:00"),
    ("2026-03-02T17:00:30+08:00", "ymd", None, "2026-03-02T09:00:30"),
    ("2/3/2026 5:00 PM", "dmy", TAIPEI, "2026-03-02T09:00"), ("3/2/2026 17:00", "mdy", TAIPEI, "2026-03-02T09:00"),
    ("115/03/02 下午 05:00", "roc", TAIPEI, "2026-03-02T09:00"), ("46083.708333", "excel", TAIPEI, "2026-03-02T09:00"),
])  # fmt: skip
def test_dates_as_people_and_spreadsheets_write_them(text, form, zone, utc):
    assert instant_of(text, form=form, zone=zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(("text", "code"), [
    ("2026-03-29 02:30", "not_an_instant"),  # Paris skips it
    ("2026-10-25 02:30", "clock_twice"), ("26-03-02 17:00", "not_an_instant"),
])  # fmt: skip
def test_a_time_that_the_clock_skips_or_shows_twice_is_no_instant(text, code):
    with pytest.raises(NoInstant) as refused:
        instant_of(text, form="ymd", zone=ZoneInfo("Europe/Paris"))
    assert refused.value.code == code


def test_the_same_participant_and_instant_twice_stays_two_and_lines_are_known_by_it_in_any_order():
    lines = ["001,2026-03-02 17:00,38.0,\n", "001,2026-03-02 17:00,39.0,\n", "001,2026-03-02 16:00,37.0,\n"]
    there, back = reading(HEAD + "".join(lines)), reading(HEAD + "".join([lines[2], *lines[:2]]))

    assert [(one.key, one.digest) for one in there.entries] == [(one.key, one.digest) for one in back.entries]
    assert len({one.key for one in there.entries}) == 3


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_cell_breaks_a_line(text):
    cell = '"' + text.replace('"', '""').replace("\x00", "") + '"'
    result = reading(HEAD + f"001,2026-03-02 17:00,{cell},120")

    assert all(set(one.gives) <= {"temperature_c", "sbp"} for one in result.entries)
    assert not plain(text).startswith(" ")


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(1, 5))
def test_stretches_are_the_whole_and_never_part_what_is_of_one_instant(hours, most):
    text = HEAD + "001,2026-03-02 23:00,37,\n" + "".join(f"001,2026-03-02 1{h}:00,37.{h},\n" for h in hours)
    entries = reading(text).entries

    parts = list(chunks(entries, most))
    assert [one for part in parts for one in part] == entries
    ends = [(part[-1].observed_at, after[0].observed_at) for part, after in pairwise(parts)]
    assert all(before != after for before, after in ends)


@pytest.mark.parametrize(("changes", "place", "code"), [
    ({"participant_column": ""}, "participant_column", "column_needed"), ({"columns": {}}, "columns", "nothing_mapped"),
    ({"columns": {"sbp": "none"}}, "sbp", "column_not_in_file"),
    ({"columns": {"sbp": "ID"}}, "sbp", "column_used_twice"),
    ({"units": {"sbp": "psi"}}, "sbp", "unit_unknown"), ({"date_format": "dd"}, "date_format", "choice_unknown"),
])  # fmt: skip
def test_a_mapping_that_does_not_fit_is_refused_where_it_does_not(changes, place, code):
    mapping = FileMapping.of(MAPPING.plain() | changes)

    assert faults_of(mapping, ["ID", "When", "Temp", "SBP"])[place] == code


PILOT = """USUBJID,VSTESTCD,VSORRES,VSORRESU,VSDTC
01-001,PULSE,40,BEATS/MIN,2026-03-02T10:00
01-001,TEMP,38.6,C,2026-03-02T10:00
"""


def test_of_a_file_with_one_value_a_line_no_pulse_is_taken_for_a_temperature():
    """The shape of VS in CDISC's pilot study: 40 would be a temperature in human range."""
    columns = {"participant_column": "USUBJID", "participant_by": "usubjid", "date_column": "VSDTC"}
    mapping = FileMapping(**columns, columns={"temperature_c": "VSORRES"})

    header = table_of(PILOT.encode(), most=10).header
    assert faults_of(mapping, header) == {"temperature_c": "one_value_a_line"}
    assert faults_of(mapping, [one.replace("VSTESTCD", "REMARK") for one in header]) == {}


# --- Into the queue -----------------------------------------------------------------------------------------------


@stage
def dosed(world):
    kept(stay(world), world)
    kept(dose(world), world)
    return world


def sheet(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows) + "\n").encode()


def of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def put(world, raw: bytes, **options) -> IntakeFile:
    file = keep_file(world.study, world.site, raw, by=world.nurse, at=hour(100))
    queue(file, MAPPING, by=world.nurse, at=hour(100))
    file = IntakeFile.objects.get(pk=file.pk)
    take_file(file, clock=lambda: hour(100), **options)
    return IntakeFile.objects.get(pk=file.pk)


ROWS = ("DEMO-001,2026-03-02 18:00,38.6,118", "DEMO-001,2026-03-02 19:00,38.1,", "NOBODY,2026-03-02 18:00,38.6,")


@pytest.mark.django_db
def test_a_file_comes_into_the_queue_once_and_leaves_no_byte(dosed):
    once = put(dosed, sheet(*ROWS))
    rows = IntakeRow.objects.order_by("observed_at")

    assert (once.state, once.content, once.lines_done, once.lines_in_all) == ("done", None, 3, 3)
    assert [(row.state, row.proposed) for row in rows] == [
        ("proposed", {"temperature_c": "38.6", "sbp": "118"}), ("proposed", {"temperature_c": "38.1"})]  # fmt: skip
    assert (once.counts["proposed"], once.counts["held"]) == (2, 1)
    again = put(dosed, sheet(*ROWS))
    assert (again.counts["duplicate"], IntakeRow.objects.count()) == (2, 2)
    put(dosed, sheet("DEMO-001,2026-03-02 18:00,39.6,118"))  # put right at its source
    assert sorted(IntakeRow.objects.values_list("state", flat=True)) == ["proposed", "proposed", "replaced"]


@pytest.mark.django_db
def test_it_goes_on_where_it_was_stopped_and_stops_where_it_is_cancelled(dosed):
    start = datetime(2026, 3, 2, 18, tzinfo=TAIPEI)
    many = sheet(*(f"DEMO-001,{start + timedelta(minutes=i):%Y-%m-%d %H:%M},37.0," for i in range(CHUNK + 2)))

    stopped = put(dosed, many, most=1)
    assert (stopped.state, stopped.lines_done) == ("queued", CHUNK)
    assert take_next(clock=lambda: hour(100)).pk == stopped.pk
    ended = IntakeFile.objects.get(pk=stopped.pk)
    assert (ended.state, ended.lines_done, IntakeRow.objects.count()) == ("done", CHUNK + 2, CHUNK + 2)
    assert take_next(clock=lambda: hour(100)) is None
    other = keep_file(dosed.study, dosed.site, sheet(*ROWS), by=dosed.nurse, at=hour(100))
    assert cancel(other)
    queue(other, MAPPING, by=dosed.nurse, at=hour(100))  # from a page that was opened before
    assert take_next(clock=lambda: hour(100)) is None
    assert not cancel(other)


@pytest.mark.django_db
def test_by_page_it_is_tried_first_and_the_mapping_is_there_the_next_time(dosed):
    client = of(dosed.nurse)
    form = {"place": "DEMO DEMO-TPE", "file": SimpleUploadedFile("v.csv", sheet(*ROWS, "DEMO-001,2026-03-02,x,"))}
    address = client.post("/intake/files/", form)["location"]
    typed = {"participant_column": "ID", "participant_by": "number", "date_column": "When", "date_format": "ymd",
             "zone": "site", "decimal_mark": ".", "temperature_c": "Temp", "sbp": "SBP"}  # fmt: skip

    page = client.post(address, typed).content.decode()
    for words in ("3 lines would come into the queue, 1 would not", "<td>5</td><td>When</td>"):
        assert words in " ".join(page.split())
    assert (IntakeRow.objects.count(), IntakeMapping.objects.count()) == (0, 0)
    assert client.post(address, typed | {"sbp": "ID"}).status_code == 400
    assert client.post(address, typed | {"sure": "1"}).status_code == 302
    assert IntakeMapping.objects.get().mapping["columns"] == {"temperature_c": "Temp", "sbp": "SBP"}
    take_next(clock=lambda: hour(100))
    assert "4 of 4 lines are read" in " ".join(client.get(address).content.decode().split())
    assert [of(user).get(address).status_code for user in (dosed.investigator, dosed.outsider)] == [404, 404]
    assert of(dosed.sponsor).get("/intake/files/").status_code == 403
    assert not IntakeEntry.objects.filter(reasons__icontains="NOBODY").exists()


@pytest.mark.django_db
def test_by_command(dosed, tmp_path):
    file, mapping, out = tmp_path / "v.csv", tmp_path / "m.json", StringIO()
    file.write_bytes(sheet(*ROWS, "DEMO-001,2026-03-02,x,"))
    mapping.write_text(json.dumps(MAPPING.plain()))
    place = {"study": "DEMO", "site": "DEMO-TPE", "by": "demo.nurse", "mapping": mapping, "stdout": out}

    call_command("import_vitals", file, dry_run=True, **place)
    assert (IntakeRow.objects.count(), IntakeFile.objects.get().content) == (0, None)
    assert "line 5, When: a date without a time of day" in out.getvalue()
    call_command("import_vitals", file, **place)
    assert IntakeRow.objects.count() == 2
