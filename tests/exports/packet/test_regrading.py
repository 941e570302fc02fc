"""The grades of a packet are derived again from its own rows, by a process that knows no database."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest

from crsmonitor.audit.acting import acting
from grading.exports.datasets import ALL
from grading.exports.datasets.adam.adneuro import ITEMS
from grading.exports.datasets.adcrsp.columns import COLUMNS
from grading.exports.formats.dictionary import write_csv
from grading.exports.packet.cuts import parameters_of
from grading.exports.packet.known_at import known_at
from grading.exports.packet.regrading.columns import DERIVED, NOT_DERIVED
from grading.exports.packet.regrading.facts import INPUTS
from grading.exports.packet.regrading.grades import ADCRSP, DICTIONARY, GRADED, Regrading
from grading.exports.packet.verifying import faults_in
from grading.models import AlertPolicy, Episode, TreatmentEnd
from regimens.models import Disposition, Measurement, Participant
from tests.builders import dose, draft, hour, kept, neuro, treatment, vitals
from tests.exports.datasets.conftest import trial  # noqa: F401  # the stage
from tests.exports.datasets.reading import raw
from tests.exports.datasets.test_recount import LATER, drawn  # noqa: F401  # the stage
from tests.exports.packet.test_packets import archive_of, packed  # noqa: F401  # the stage
from tests.project.shape.sources import ROOT

pytestmark = pytest.mark.django_db


def changed(archive, name, change):
    """The same packet with other bytes in one file, whose hash and size the manifest knows."""
    source, out = ZipFile(archive), io.BytesIO()
    manifest = json.loads(source.read("MANIFEST.json"))
    data = change(source.read(name).decode()).encode()
    for entry in manifest["files"]:
        if entry["name"] == name:
            entry["bytes"], entry["sha256"] = len(data), hashlib.sha256(data).hexdigest()
    if name == "MANIFEST.json":
        manifest = json.loads(data)
    with ZipFile(out, "w") as archive:
        for one in source.namelist():
            archive.writestr(one, {name: data, "MANIFEST.json": json.dumps(manifest)}.get(one, source.read(one)))
    assert list(faults_in(out)) == []
    return out


def cell(row, column, value):
    """Of a CSV, the data row `row` (from 0) with another value in a column."""

    def change(text):
        rows = list(csv.reader(io.StringIO(text, newline="")))
        rows[row + 1][rows[0].index(column)] = value
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(rows)
        return out.getvalue()

    return change


def regraded(archive):
    regrading = Regrading()
    with ZipFile(archive) as opened:
        problems = [str(problem) for problem in regrading.problems(opened)]
    return problems, regrading


def test_every_grade_of_the_small_trial_is_derived_again_and_agrees(packed):  # noqa: F811
    """001 has 6 sets that stand (-2, 4, 27, 44, 56, 68 h) and 4 assessments (28, 44, 56, 68 h), 002 one set (28 h)."""
    problems, regrading = regraded(archive_of(packed[1]))

    assert problems == []
    assert regrading.derived == regrading.agreeing
    derived = dict(regrading.derived)
    derived.pop("adcrsp")
    assert derived == {"adset": 7, "adneuro": 4, "adcrs": 1, "adicans": 1}


def test_every_column_of_adcrsp_is_derived_again_is_empty_or_is_named_with_the_reason(packed):  # noqa: F811
    """Four dose periods; ADCRSP says of the dose that was not given no more than the plan does."""
    _problems, regrading = regraded(archive_of(packed[1]))
    whole = {name for name, count in regrading.columns.items() if count == 4}
    columns = {column.name for column in COLUMNS}

    assert {*DERIVED} | {*NOT_DERIVED} | {column.name for column in COLUMNS if column.lack} == columns
    assert not {*DERIVED} & {*NOT_DERIVED}
    assert columns - whole - {*NOT_DERIVED} == {
        "SITEID", "COUNTRY", "TZ",  # where 002 was at the planned time of the dose that was not given
        "DOSDLYH",  # planned by days alone
    }  # fmt: skip
    assert "COHORT: who was put into which cohort leaves no ward" in {*regrading.not_derived()}


def test_an_altered_temperature_is_named_with_both_grades(packed):  # noqa: F811
    """001 at 4 h, after the row of 002: a fever of 38.5 °C without hypotension or hypoxia is grade 1 (ASTCT)."""
    problems, regrading = regraded(changed(archive_of(packed[1]), "adset.csv", cell(2, "TEMP", "38.5")))

    of_set, *of_episodes = problems
    assert of_set.startswith("adset.csv: grade_differs (DEMO-DEMO-TPE-DEMO-001 at 2026-03-02T21:00:00+08:00")
    assert of_set.endswith(": 0 for 1)")
    assert regrading.derived["adset"] - regrading.agreeing["adset"] == 1
    of_adcrs = [one for one in of_episodes if not one.startswith("adcrsp.csv")]
    assert [one.split(":")[0] for one in of_adcrs] == ["adcrs.csv"] * 2  # it begins at this set, not at 27 h
    assert any(one.endswith("CRSONH: 27.00 for 4.00)") for one in of_episodes)


def test_an_episode_and_a_period_with_another_grade_are_named(packed):  # noqa: F811
    """001: CRS grade 2 from hour 27 to 44 of dose 1; two rows of 002 come before its own in ADCRSP."""
    archive = archive_of(packed[1])

    (of_episode,) = regraded(changed(archive, "adcrs.csv", cell(0, "ATOXGRCN", "1")))[0]
    (of_period,) = regraded(changed(archive, "adcrsp.csv", cell(2, "CRSMAXAG", "3")))[0]
    (left_out,) = regraded(changed(archive, "adicans.csv", lambda text: text.splitlines(keepends=True)[0]))[0]

    when = "2026-03-03T12:00:00+00:00 to 2026-03-04T05:00:00+00:00"
    assert f"1, at most 2, {when}, final 2 for 2, at most 2, {when}, final 2" in of_episode
    assert of_period.endswith("CRSMAXAG: 3 for 2)")
    assert ": none for 1, at most 1, 2026-03-03T13:00:00+00:00 to " in left_out


@pytest.mark.long
def test_every_kind_of_input_is_read_as_the_record_reads_it(world):
    """What the small trial has none of, each told twice: by the tables to the server, by the files to the rules."""
    with acting(by="test", reason="longer than the 8 h of its class"):
        rule = {"code": "antipyretic", "hours": "30", "source": "SOP"}
        AlertPolicy.objects.filter(pk=world.policy.pk).update(drugs={"masking": [rule]})
        child = Participant.objects.create(
            study=world.study, site=world.site, number="DEMO-009", regimen=world.regimen, neuro_instrument="capd"
        )
    for h, kind, value, text in (
        (-5, "baseline_sbp", 150, ""), (-5, "sbp_prompt_below", 100, ""), (-4, "baseline_oxygen", 2, "nasal_cannula"),
        (-3, "baseline_vasopressors", None, "midodrine"), (5, "baseline_oxygen", None, "cpap"),
    ):  # fmt: skip
        value = None if value is None else Decimal(value)
        kept(draft(Measurement, world, h, kind=kind, value=value, text=text), world)
    kept(dose(world), world)
    kept(treatment(world, 1, "paracetamol", "antipyretic", "other", dose=500, unit="mg"), world)
    for h, changes in (
        (20, {"temperature_c": 37, "sbp": 85, "hypotension": None, "position": "standing"}),  # masked for 30 h, not 8
        (21, {"oxygen_device": "nasal_cannula", "oxygen_flow_l_min": Decimal(2), "spo2": 90}),  # as before the dose
        (22, {"temperature_c": 39, "vasopressors": ["midodrine"]}),
        (23, {"temperature_c": None, "vasopressors": ["noradrenaline", "phenylephrine"]}),
        (24, {"pressure_unrecordable": True, "sbp": None, "dbp": None}),
    ):
        kept(vitals(world, h, **changes), world)
    ran = kept(treatment(world, 30, "noradrenaline", "vasopressor", "crs", dose=4, unit="mcg/min"), world).fact
    kept(vitals(world, 31, temperature_c=38.5), world)
    kept(draft(TreatmentEnd, world, 32, treatment=ran), world)
    kept(vitals(world, 33, temperature_c=38.5), world)
    kept(neuro(world, 34, icp_signs=["papilloedema"], oedema="focal", motor="deep_focal_weakness"), world)
    kept(neuro(world, 35, seizure="brief_resolved", ice_month=None, intracranial_haemorrhage=True), world)
    kept(draft(Disposition, world, 40, kind="death_crs"), world, by=world.investigator)
    kept(dose(world, participant=child), world)
    whole = {f"ice_{item}": None for item in (*ITEMS, "naming")}
    kept(neuro(world, 3, participant=child, capd_score=12, **whole), world)
    kept(vitals(world, 4, participant=child, temperature_c=38.5), world)
    kept(draft(Disposition, world, 10, participant=child, kind="lost"), world)  # CRS was not over

    problems, regrading = regraded(of_tables(world, hour(100)))

    assert problems == []
    assert regrading.agreeing == regrading.derived
    assert (regrading.derived["adset"], regrading.derived["adneuro"]) == (8, 3)
    assert Episode.objects.filter(max_grade=5).exists()


@pytest.mark.long
def test_a_drawn_trial_is_derived_again_column_for_column(drawn):  # noqa: F811
    """Three participants with what a ward records, at the end and while periods are open."""
    assert regraded(of_tables(drawn, LATER))[0] == []
    with known_at(drawn.study, hour(40)):
        assert regraded(of_tables(drawn, hour(40)))[0] == []


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("adattr.csv", cell(0, "SIGN", "SEIZURE"), "DEMO-DEMO-PAR-DEMO-002"),  # its 38.2 °C is then a fever of CRS
        ("adattr.csv", cell(0, "AENDTM", "2026-01-01T00:00:00+00:00"), "DEMO-DEMO-PAR-DEMO-002"),  # until long before
        ("adneuro.csv", cell(0, "CONSC", "VOICE"), "1 for 2"),  # awakens to voice: grade 2
    ],
)
def test_each_input_bears_on_the_grades(packed, file, change, named):  # noqa: F811
    problems, _regrading = regraded(changed(archive_of(packed[1]), file, change))

    assert [problem for problem in problems if named in problem]


def test_a_row_that_cannot_be_read_is_named_with_file_and_line(packed):  # noqa: F811
    archive = archive_of(packed[1])

    assert regraded(changed(archive, "adset.csv", cell(2, "TEMP", "warm")))[0] == [
        "adset.csv: cannot_be_read (line 4: TEMP 'warm')"
    ]
    assert regraded(changed(archive, "adset.csv", lambda text: text + "DEMO,DEMO-ZZZ\n"))[0][0].startswith(
        "adset.csv: cannot_be_read (line 9: 2 cells for "
    )
    assert regraded(changed(archive, "adcm.csv", lambda text: text.replace("CMTRT", "DRUG")))[0] == [
        "adcm.csv: cannot_be_read (line 1: no column CMTRT)"
    ]


def test_a_packet_of_other_rules_or_without_its_parameters_is_not_passed_as_derived(packed):  # noqa: F811
    def without(name):
        return lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != name})

    archive = archive_of(packed[1])
    other = changed(archive, "MANIFEST.json", lambda text: text.replace("ASTCT 2019/", "ASTCT 2031/"))

    assert regraded(other)[0] == ["MANIFEST.json: other_rules (ASTCT 2031/1.0.0 for ASTCT 2019/1.0.0)"]
    assert regraded(changed(archive, "MANIFEST.json", without("masking")))[0] == [
        "MANIFEST.json: cannot_be_read (KeyError: 'masking')"
    ]


def of_tables(world, cut):
    """The data sets that are read, as they are now, with the parameters of a cut and no hash."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name in {*INPUTS, *GRADED, ADCRSP}:
            archive.writestr(f"{name}.csv", raw(world, name, cut))
        with archive.open(DICTIONARY, "w") as file:
            write_csv(ALL, file, made_at=cut, study=world.study.code)
        manifest = {"study": world.study.code, "cut": cut.isoformat(), **parameters_of(world.study, cut)}
        archive.writestr("MANIFEST.json", json.dumps(manifest))
    return out


def verified(path: Path) -> subprocess.CompletedProcess[str]:
    """On a machine that has the program and nothing of the server: no database, no secret, no setting."""
    command = [sys.executable, str(ROOT / "manage.py"), "verify_packet", str(path)]
    return subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)


@pytest.mark.long
def test_the_command_needs_no_database_and_fails_at_a_difference(packed, tmp_path):  # noqa: F811
    whole, altered = tmp_path / "whole.zip", tmp_path / "altered.zip"
    whole.write_bytes(archive_of(packed[1]).getvalue())
    altered.write_bytes(changed(archive_of(packed[1]), "adset.csv", cell(2, "TEMP", "38.5")).getvalue())

    good, bad, missing = verified(whole), verified(altered), verified(tmp_path / "none.zip")

    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.splitlines()[1:3] == [
        "adset: 7 grades derived again, 7 agree",
        "adneuro: 4 grades derived again, 4 agree",
    ]
    assert bad.returncode == 1
    assert "grade_differs" in bad.stderr
    assert "adset: 7 grades derived again, 6 agree" in bad.stdout
    assert (missing.returncode, "none.zip: No such file or directory" in missing.stderr) == (1, True)
    assert "Traceback" not in missing.stderr
