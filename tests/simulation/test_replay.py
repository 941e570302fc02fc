"""Replaying a file of ICU vital signs: what is read, what is kept, what is told. The grades: test_replay_grades.py."""

import gzip
import io
import signal
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden
from grading.models import Delivery, Grade, VitalSigns
from grading.simulation.icu_file import BadFile, read
from grading.simulation.replay import Assumptions, prepare, replay
from regimens.models import Dose, Participant, Study

START = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "stay,hour,temp,sbp,dbp,map,hr,resp,o2sat,fio2,crp"
FILE = f"""{HEADER}
1,0,36.9,120,66,84,100,18,97,,
1,1,38.4,118,66,84,100,18,96,,
1,2,,84,50,61,120,91,95,,
1,3,,84,50,61,120,24,95,50,
2,0,36.5,70,73,72,88,16,98,21,
2,1,,,,,,,,,
"""


@pytest.fixture
def write(tmp_path):
    def written(text: str | bytes, name: str = "vitals.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written


def run(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("replay_icu", str(path), *options, stdout=out)
    return out.getvalue()


# --- The file -----------------------------------------------------------------------------------------------


def test_plain_and_packed_files_say_the_same(write):
    rows = read(write(FILE))

    assert rows == read(write(gzip.compress(FILE.encode()), "vitals.csv.gz"))
    assert rows[3].values == {
        "sbp": 84, "dbp": 50, "mean_pressure": 61, "heart_rate": 120, "respiratory_rate": 24, "spo2": 95,
        "fio2_percent": 50,
    }  # fmt: skip
    assert (rows[5].line, rows[5].stay, rows[5].hour, rows[5].values) == (7, 2, 1, {})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1: not a file of intensive-care vitals: its header lacks stay, hour"),
        ("a,b\n1,2\n", "line 1: not a file of intensive-care vitals: its header lacks stay"),
        (HEADER.replace(",crp", ""), "its header lacks crp"),
        (HEADER + ",lactate\n", "line 1, column lactate: a column that is not known"),
        (HEADER + ",temp\n", "line 1, column temp: given twice"),
        (HEADER + "\n", "a header and no rows"),
        (HEADER + "\n1,0,36.9\n", "line 2: 3 values, the header names 11"),
        (HEADER + "\n1,0,36.9,,,,,,,,\n1,1,warm,,,,,,,,\n", "line 3, column temp: 'warm' is not a number"),
        (HEADER + "\n1,0,,NaN,,,,,,,\n", "line 2, column sbp: 'NaN' is not a number"),
        (HEADER + "\n1,0,,1e10,,,,,,,\n", "line 2, column sbp: '1e10' is not a number that was measured"),
        (HEADER + "\n1,-1,,,,,,,,,\n", "line 2, column hour: '-1' is not a whole number"),
        (HEADER + "\none,1,,,,,,,,,\n", "line 2, column stay: 'one' is not a whole number"),
        (HEADER + "\n1,1,,,,,,,,,\n1,1,,,,,,,,,\n", "line 3, column hour: stay 1 has hour 1 in line 2 already"),
        (HEADER + "\n1,1,,,,,,,,,7\n", "line 2, column crp: a value"),
        (HEADER + '\n1,1,"3,,,,,,,,\n', "line 2: "),
        (
            HEADER + '\n1,1,"36,9",,,,,,,,\n',
            "line 2, column temp: '36,9' is not a number: write its decimals with a point",
        ),
        (HEADER.replace(",", ";") + "\n1;1;36,9,1;;;;;;;;\n", "line 2, column temp: '36,9,1' is not a number"),
        (HEADER.replace(",", ";") + "\n1,0,36.9,,,,,,,,\n", "line 2: 1 values, the header names 11"),
        (HEADER + "\n1,0,36.9,,,,,,,,\n\n1,1,36.9,,,,,,,,\n", "line 3: an empty line between others"),
        ("\ufeff".encode("utf-16-le") + HEADER.encode("utf-16-le"), "not text in UTF-8: it begins as UTF-16 does"),
        (b"\xff\xfe\x00", "not text"),
        (gzip.compress(FILE.encode())[:-9], "damaged"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(write, text, why):
    with pytest.raises(BadFile) as caught:
        read(write(text))
    assert why in str(caught.value)


SEMICOLONS = FILE.replace(",", ";").replace(".", ",")
SPREADSHEETS = [
    ("an empty line at the end", FILE + "\n"),
    ("several, with spaces and separators", FILE + "\n  \n,,,,,,,,,,\n"),
    ("no line end at the end", FILE.rstrip("\n")),
    ("lines as Windows ends them", (FILE + "\n").replace("\n", "\r\n")),
    ("a byte-order mark", "\ufeff" + FILE),
    ("semicolons and decimal commas", SEMICOLONS),
    ("all of it", "\ufeff" + (SEMICOLONS + ";;;;;;;;;;\n\n").replace("\n", "\r\n")),
    ("semicolons and decimal points", FILE.replace(",", ";")),
    ("tabs", FILE.replace(",", "\t")),
    ("quoted, as some tools write every cell", "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in FILE.splitlines()
    )),
]  # fmt: skip


@pytest.mark.parametrize("text", [row[1] for row in SPREADSHEETS], ids=[row[0] for row in SPREADSHEETS])
def test_a_file_that_a_spreadsheet_wrote_says_the_same(write, text):
    assert read(write(text)) == read(write(FILE))


@pytest.mark.django_db
def test_a_file_that_is_wrong_anywhere_leaves_nothing_behind(write):
    with pytest.raises(CommandError, match=r"vitals.csv: line 8, column hr: 'x' is not a number. Nothing was recorded"):
        run(write(FILE + "3,0,,,,,x,,,,\n"))
    with pytest.raises(CommandError, match=r"no_such.csv: No such file"):
        run(Path("no_such.csv"))
    assert not Study.objects.exists()


# --- What is kept -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_report_tells_what_was_kept_and_what_was_refused(write):
    report = run(write(FILE))

    assert "sets read      6\nrecorded       6\nalready there  0\nrefused        0\n" in report
    assert "left out       3 values that nobody can have, of sets that were kept\n" in report
    assert "1  respiratory_rate (stay 1 hour 2)\n" in report
    assert "1  dbp (stay 2 hour 0)\n      1  " in report  # of two that contradict nobody knows which is wrong
    assert "1  sbp (stay 2 hour 0)\n" in report
    assert "-1: 4, 0: 2, 1: 0, 2: 0, 3: 0, 4: 0" in report
    assert "episodes       1, and 0 provisional" in report
    assert "alerts         grade 1: 1, grade 2: 1" in report
    assert "deliveries     0 queued" in report
    assert "assumed        nothing" in report
    assert "None of these patients had CRS" in report
    assert Delivery.objects.count() == 0
    first = VitalSigns.objects.order_by("participant__number", "observed_at").first()
    assert (first.participant.number, first.observed_at, first.recorded_at, first.source) == (
        "ICU-001", START, START, "import",
    )  # fmt: skip
    assert (first.temperature_c, first.oxygen_device, first.vasopressors, first.fluid_bolus) == (
        Decimal("36.9"), None, None, None,
    )  # fmt: skip
    assert [dose.observed_at for dose in Dose.objects.all()] == [START, START]


@pytest.mark.django_db
def test_a_value_that_nobody_can_have_is_left_out_and_the_set_kept(write):
    """R11, Rulings 2: the low pressure beside it is graded; what was left out stands with the set."""
    report = run(write(f"{HEADER}\n1,0,38.39999999999998,120,60,,,,97,,\n1,1,1000000000,70,40,,,,0.97,,\n"))

    assert "recorded       2\n" in report
    assert "rounded        1 values, half-even to three decimals\n" in report
    first, second = VitalSigns.objects.order_by("observed_at")
    assert (first.temperature_c, first.dropped) == (Decimal("38.4"), {})
    assert (second.temperature_c, second.spo2, second.sbp) == (None, None, 70)
    assert second.dropped == {"temperature_c": "1000000000", "spo2": "0.97"}
    assert Grade.objects.get(pk=second.pk).at_least == 2


def told_of_the_stays(report: str) -> list[str]:
    return [line for line in report.splitlines() if line.startswith(("grades", "episodes", "alerts", "study"))]


@pytest.mark.long
@pytest.mark.django_db
def test_a_second_run_records_nothing_twice(write):
    before = run(write(FILE))
    after = run(write(FILE))

    assert "recorded       0\nalready there  6\nrefused        0\n" in after
    assert told_of_the_stays(after) == told_of_the_stays(before)
    assert "left out       3 values" in after
    assert VitalSigns.objects.count() == 6


@pytest.mark.django_db
def test_a_replay_that_was_cut_off_goes_on(write):
    rows, assumed = read(write(FILE)), Assumptions()
    outcomes = replay(rows, prepare(assumed), assumed, start=START)
    next(outcomes), next(outcomes)

    assert "recorded       4\nalready there  2\nrefused        0\n" in run(write(FILE))


@pytest.mark.django_db
def test_ctrl_c_stops_between_two_sets_and_says_how_to_go_on(write):
    class Impatient(io.StringIO):
        def write(self, text: str) -> int:
            if "into study" in text:
                signal.raise_signal(signal.SIGINT)
            return super().write(text)

    out, before = Impatient(), signal.getsignal(signal.SIGINT)

    with pytest.raises(SystemExit) as stopped:
        call_command("replay_icu", str(write(FILE)), stdout=out)

    assert stopped.value.code == 130
    assert "Interrupted after 0 of 6: run the same command again to go on." in out.getvalue()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.django_db
def test_another_start_for_the_same_stays_is_refused(write):
    run(write(FILE))

    with pytest.raises(CommandError, match="study ICU: recorded from another file or --start before"):
        run(write(FILE), "--start", "2026-02-01T00:00Z")
    with pytest.raises(CommandError, match="study ICU: recorded from another file or --start before"):
        run(write(FILE.replace("36.9", "36.8")))


@pytest.mark.django_db
def test_only_the_stays_and_sets_asked_for(write):
    assert "sets read      2\n" in run(write(FILE), "--stays", "2-9")
    assert "sets read      1\n" in run(write(FILE), "--limit", "1")
    assert [p.number for p in Participant.objects.order_by("number")] == ["ICU-001", "ICU-002"]
    with pytest.raises(CommandError, match="no set of the file is asked for"):
        run(write(FILE), "--stays", "5")
    for options in (("--stays", "9-2"), ("--stays", "x"), ("--start", "2026-01-01"), ("--start", "x")):
        with pytest.raises(CommandError):
            run(write(FILE), *options)


@pytest.mark.long
@pytest.mark.django_db
def test_each_assumption_is_named_and_has_a_study_of_its_own(write):
    air = run(write(FILE), "--assume-room-air")
    both = run(write(FILE), "--assume-room-air", "--assume-no-support")

    assert "study          ICU-AIR, " in air
    assert "assumed        room air in every set without an FiO2 above 21 %\n" in air
    assert "study          ICU-AIR-NOSUP, " in both
    assert "FiO2 above 21 %; no vasopressor and no fluid bolus in any set" in both
    assert "-1: 2, 0: 2, 1: 1, 2: 1," in both  # the set on 50 % oxygen, and the one in which nothing was measured
    devices = VitalSigns.objects.filter(participant__number="ICU-AIR-001").order_by("observed_at")
    assert [v.oxygen_device for v in devices] == ["room_air", "room_air", "room_air", None]
    assert not VitalSigns.objects.exclude(vasopressors=None).filter(participant__study__code="ICU-AIR").exists()


@pytest.mark.django_db
def test_nobody_is_given_what_is_theirs(write):
    with acting(by="test", reason="a person of that name"):
        person = User.objects.create_user("replay", email="somebody@example.org")
    with pytest.raises(Forbidden, match="recorder_is_a_person"):
        prepare(Assumptions())
    assert not Study.objects.exists()
    assert person.memberships.count() == 0


@pytest.mark.django_db
def test_a_study_that_is_no_replay_is_left_alone(world, write):
    with acting(by="test", reason="a real study of that name"):
        Study.objects.create(code="ICU", title="A trial in intensive care")

    with pytest.raises(CommandError, match=r"The study ICU is not a replay: nothing was recorded in it."):
        run(write(FILE))
