"""manage.py replay_policy: over recorded courses and ICU stays, without a row or a message, as the bedside told it."""

import io
import os
import re
import signal
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from crsmonitor.audit.acting import acting
from grading.alerting.services.conditions import due, meet
from grading.models import Alert, AlertPolicy, ConditionCheck
from grading.policies.courses import course_of
from grading.policies.library import DEFAULT, read_policy
from grading.policies.services import load_policy
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from grading.rules.alerting.policy.replay import read_rules, replayed_alerts
from regimens.models import Participant
from tests.builders import dose, hour, kept, neuro, stay, treatment, vitals
from tests.stages import stage

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("CRS_ICU_DATA") or ROOT.parent / "shared" / "data" / "icu_vitals_demo.csv.gz")
POLICY = """\
title: Fewer
thresholds:
  - {code: new_grade, kind: crs, from_grade: 2, source: x}
  - {code: new_grade, kind: icans, from_grade: 1, source: x}
"""
ICU = """stay,hour,temp,sbp,dbp,map,hr,resp,o2sat,fio2,crp
1,0,36.9,120,66,84,100,18,97,,
1,1,38.4,118,66,84,100,18,96,,
1,2,51.0,118,66,84,100,18,96,,
2,0,38.5,118,66,84,100,18,96,,
"""


@pytest.fixture
def files(tmp_path):
    policy, icu = tmp_path / "policy.yaml", tmp_path / "icu.csv"
    policy.write_text(POLICY)
    icu.write_text(ICU)
    return policy, icu


def run(*options: object, out: io.StringIO | None = None) -> str:
    out = out or io.StringIO()
    call_command("replay_policy", *map(str, options), stdout=out)
    return out.getvalue()


def figures(text: str, name: str) -> tuple[str, str]:
    match = re.search(rf"^{name} +(\S+) +(\S+)$", text, re.MULTILINE)
    return match[1], match[2]


@stage(lasts_s=600)
def course(world):
    """Fever at 12 h, low pressure at 16 h, tocilizumab, a seizure, and well again."""
    kept(stay(world), world)
    kept(neuro(world, -2), world)
    kept(dose(world), world)
    kept(vitals(world, 4), world)
    kept(vitals(world, 12, temperature_c=38.6), world)
    kept(vitals(world, 16, temperature_c=38.6, hypotension=True), world)
    kept(treatment(world, 16.5, "tocilizumab", "anticytokine", "crs", dose=560, unit="mg"), world)
    kept(neuro(world, 18, ice_naming=2), world)
    kept(neuro(world, 20, seizure="brief_resolved", consciousness="voice"), world)
    kept(vitals(world, 22, hypotension=True), world)
    return world


def rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


@pytest.mark.long
@pytest.mark.django_db
def test_the_replay_of_the_policy_in_force_is_what_the_bedside_told(world, request):
    load_policy(read_policy(DEFAULT), study=world.study, by="test", reason="the default", at=hour(-999))
    request.getfixturevalue("course")
    for h in range(23, 48):
        for participant in due(at=hour(h)):
            meet(participant, at=hour(h))

    rules = read_rules(AlertPolicy.objects.latest("version").data)
    replayed = replayed_alerts(course_of(world.participant), rules, until=hour(47))

    alerts = Alert.objects.exclude(condition__in=[code.value for code in OF_OBSERVATION])
    assert ConditionCheck.objects.exists()
    assert {(one.condition, one.kind, one.root, one.grade, frozenset(one.codes)) for one in replayed} == {
        (one.condition, one.kind, str(one.fact_root), one.grade, frozenset(one.thresholds)) for one in alerts
    }
    assert {one.condition for one in replayed} >= {"", "tocilizumab_eligible", "manage_as_next_grade"}
    assert {"ice_drop", "seizure_or_posturing"} <= {code for one in replayed for code in one.codes}


@pytest.mark.long
@pytest.mark.django_db
def test_over_a_study_it_says_what_differs_and_writes_nothing(course, files):
    before = rows()

    report = run(files[0], "--study", "DEMO")

    assert rows() == before
    assert "courses        1, 7 sets" in report
    assert "before         Test policy v1, in force" in report
    # CRS 1 at 12 h and 2 at 16 h; ICANS 1 at 18 h (ICE 9) and 3 at 20 h (seizure). New: without CRS 1.
    assert figures(report, "alerts") == ("4", "3")
    assert figures(report, "pages") == ("6", "5")
    lost, otherwise = report.partition("lost")[2].split("otherwise")
    assert lost.split() == ["1", "DEMO-001", "2026-03-02", "21:00", "crs", "grade", "1:", "new_grade"]
    assert "DEMO-001 2026-03-03 01:00 crs grade 2: new_grade, tocilizumab -> new_grade" in otherwise


@pytest.mark.django_db
def test_a_study_without_a_policy_or_a_course(world, files):
    with pytest.raises(CommandError, match="no study 'NOPE'; there are: DEMO"):
        run(files[0], "--study", "NOPE")
    report = run(files[0], "--study", "DEMO")  # somebody who was never dosed
    assert figures(report, "nurse shifts") == ("0", "0")
    assert figures(report, "alerts a shift") == ("-", "-")


def test_over_icu_stays_it_is_compared_with_the_default_policy(files):
    report = run(files[0], "--icu", files[1], "--assume-room-air", "--assume-no-support")

    assert "before         the default policy" in report
    assert "courses        2, 3 sets" in report  # 51 °C was refused
    assert figures(report, "alerts") == ("2", "0")
    assert "ICU-AIR-NOSUP-002 2026-01-01 00:00 crs grade 1: new_grade" in report
    assert "courses        1, 2 sets" in run(files[0], "--icu", files[1], "--participants", 1)


def test_long_lists_are_cut(files):
    lines = [f"{stay},0,38.5,118,66,84,100,18,96,,\n" for stay in range(1, 26)]
    files[1].write_text(ICU.partition("\n")[0] + "\n" + "".join(lines))

    report = run(files[0], "--icu", files[1], "--assume-room-air", "--assume-no-support")

    assert "lost           25" in report
    assert "  ... and 5 more" in report
    assert report.count("ICU-AIR-NOSUP-") == 20


def test_ctrl_c_stops_between_two_courses_with_the_figures_so_far(files):
    class Impatient(io.StringIO):
        isatty = staticmethod(lambda: False)

    out, before = Impatient(), signal.getsignal(signal.SIGINT)
    lines = [f"{stay},0,38.5,118,66,84,100,18,96,,\n" for stay in range(1, 51)]
    files[1].write_text(ICU.partition("\n")[0] + "\n" + "".join(lines))
    plain = out.write

    def write(text: str) -> int:
        if text.startswith("25 of 50"):
            signal.raise_signal(signal.SIGINT)
        return plain(text)

    out.write = write
    with pytest.raises(SystemExit) as stopped:
        run(files[0], "--icu", files[1], out=out)

    assert stopped.value.code == 130
    assert "Interrupted after 25 of 50 courses: the figures are of these." in out.getvalue()
    assert "courses        25, 25 sets" in out.getvalue()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("content", "options", "why"),
    [
        (POLICY.replace("from_grade: 2", "from_grade: 9"), (), r"thresholds\[0\].from_grade"),
        (POLICY, ("--participants", "0"), "not a number of participants"),
        (POLICY, ("--participants", "x"), "not a number of participants"),
        (POLICY, ("--study", "DEMO"), "not allowed with"),
    ],
)
def test_what_cannot_be_is_told_at_its_place(files, content, options, why):
    files[0].write_text(content)

    with pytest.raises(CommandError, match=why):
        run(files[0], "--icu", files[1], *options)


def test_one_of_the_two_records_is_asked_for(files):
    with pytest.raises(CommandError, match="one of the arguments --study --icu is required"):
        run(files[0])


@pytest.mark.long
@pytest.mark.skipif(
    not DATA.exists(), reason=f"no ICU vitals: set CRS_ICU_DATA to {DATA.name} (docs/sources/README.md)"
)
def test_over_the_real_stays_a_policy_beside_itself_differs_in_nothing(tmp_path):
    report = run(DEFAULT, "--icu", DATA, "--participants", 40, "--assume-room-air", "--assume-no-support")

    before, after = figures(report, "alerts")
    assert before == after
    assert int(before) > 0
    for name in ("gained", "lost", "otherwise"):
        assert re.search(rf"^{name} +0$", report, re.MULTILINE)


@pytest.mark.django_db
def test_only_the_first_participants(course, files):
    with acting(by="test", reason="a second one"):
        Participant.objects.create(study=course.study, site=course.site, number="DEMO-002", regimen=course.regimen)

    assert "courses        1, " in run(files[0], "--study", "DEMO", "--participants", 1)
    assert "courses        2, " in run(files[0], "--study", "DEMO", "--participants", 9)
