"""The appendix of a study's regimen version: what the bedside makes of it, and who is told."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from crsmonitor.audit.acting import acting
from grading.dosing.gate_words import CODES
from grading.dosing.protocol import GATE_READS, MEASURED, appendix_of
from grading.models import AlertPolicy
from grading.policies.library import parse_policy, read_policy
from grading.policies.services import load_policy
from grading.rules.grades.entry.limits import LIMITS
from regimens.library import names, read
from regimens.library.protocol import sections_of
from regimens.services.versions import adopt
from tests.builders import RISK_WINDOWS, build_world, hour
from tests.stages import stage

pytestmark = pytest.mark.django_db
POLICY = """\
title: Protocol 7, table 4
thresholds:
  - {code: tocilizumab, kind: crs, from_grade: 1, source: protocol 7.4}
  - {code: ice_drop, points: 2, source: protocol 7.5}
"""


def rows(version, title, *, at=None, **options):
    sections = [section for section in appendix_of(version, at=at or hour(0), **options) if section.title == title]
    return [row for section in sections for row in section.rows]


def in_force(world, policy):
    load_policy(policy, study=world.study, by=world.data_manager, reason="protocol 7", at=hour(1))


@stage(lasts_s=600)
def linvoseltamab(world):
    return adopt(
        study=world.study, document=read("linvoseltamab"), variant="US", by=world.data_manager, reason="", at=hour(-9),
        looks=RISK_WINDOWS,
    )  # fmt: skip


# --- The threshold policy ---------------------------------------------------------------------------------------


def test_the_threshold_policy_in_force_is_part_of_it(world, linvoseltamab):
    in_force(world, parse_policy(POLICY))

    table = rows(linvoseltamab, "Threshold policy: When somebody is told", at=hour(2))

    assert [(number, source) for _rule, number, source in table] == [
        ("from grade 1", "protocol 7.4"),
        ("2 points", "protocol 7.5"),
    ]
    assert "Tocilizumab" in table[0][0]
    [(name, since, _)] = rows(linvoseltamab, "Threshold policy", at=hour(2))
    assert name == "Protocol 7, table 4 v2"
    assert since == "in force from 2026-03-02 10:00 UTC"


def test_a_policy_that_comes_later_is_not(world, linvoseltamab):
    in_force(world, parse_policy(POLICY))

    assert rows(linvoseltamab, "Threshold policy", at=hour(0))[0][0] == "Test policy v1"


def test_without_a_policy_it_says_that_nobody_is_told(world, linvoseltamab):
    assert rows(linvoseltamab, "Threshold policy", at=hour(-2000)) == [("none in force: nobody is told", "", "")]


def test_drug_rules_and_their_sources_are_in_it(world, linvoseltamab):
    in_force(world, read_policy())

    table = {rule: (number, source) for rule, number, source in rows(
        linvoseltamab, "Threshold policy: Tocilizumab: dose and limits", at=hour(2)
    )}  # fmt: skip

    assert table["dose"][0] == "8 mg/kg"
    assert table["at most in one dose"][0] == "800 mg"
    assert "ASCO_I1" in table["doses in 24 h at most"][1]


def test_it_is_english_for_a_reader_of_chinese_too(world, linvoseltamab):
    english = appendix_of(linvoseltamab, at=hour(0))

    with translation.override("zh-hant"):
        assert appendix_of(linvoseltamab, at=hour(0)) == english


# --- The bedside ----------------------------------------------------------------------------------------------


def test_a_study_dose_is_typed_again_five_times_off(linvoseltamab):
    checks = {row[0]: row[1:] for row in rows(linvoseltamab, "Edit checks: study dose")}

    assert checks["step-up 1"] == ("", "refused unless they convert", "25 mg or more; given in full, 1 mg or less")
    assert checks["step-up 2"] == ("", "refused unless they convert", "125 mg or more; given in full, 5 mg or less")


def test_a_dose_by_weight_is_checked_for_each_weight(world):
    document = read("blinatumomab_RR_ALL")
    version = adopt(
        study=world.study, document=document, variant="US", by=world.data_manager, reason="", at=hour(-9),
        looks=RISK_WINDOWS,
    )  # fmt: skip
    who = {row[1] for row in rows(version, "Edit checks: study dose")}

    assert who >= {band["label"] for band in document.data["by_weight"]}


def test_measured_values_are_checked_as_the_proposals_say(linvoseltamab):
    checks = {row[0]: row[1:4] for row in rows(linvoseltamab, "Edit checks: vital signs")}

    # The table of limits; a worsening is graded first (Rulings 2)
    assert checks["Temperature"] == (
        "25 to 45 °C",
        "below 34 °C or above 41.5 °C (graded first)",
        "a rise of 2 °C (graded first) or a fall of 2 °C",
    )
    assert checks["Systolic pressure"] == (
        "0 to 300 mmHg",
        "below 60 mmHg (graded first) or above 220 mmHg",
        "a fall of 40 mmHg (graded first)",
    )
    assert checks["Oxygen saturation"] == ("0 to 100 %", "below 80 % (graded first)", "")
    assert MEASURED.keys() == LIMITS.keys()


def test_the_observation_plan_is_that_of_the_steps(world):
    assert rows(world.regimen, "At the bedside: observation plan")[0] == (
        "STEP-UP 1", "5 mg", "24 h", "administration", "4 h", "8 h", "",
    )  # fmt: skip


def test_tightening_is_told_with_its_source(world):
    world.regimen.tightening = {
        "source": "protocol 8.1", "triggers": ["crs_grade"], "from_grade": 2, "kinds": ["vitals"],
        "tiers": [{"every_h": 0.5, "for_h": 2}, {"every_h": 4}],
    }  # fmt: skip

    assert rows(world.regimen, "At the bedside: parameters")[-1] == (
        "Tightened after a trigger",
        "vitals, from grade 2, by CRS of that grade: every 30 min for 2 h, then every 4 h",
        "protocol 8.1",
    )


def test_the_gate_names_the_table_that_decides_each_criterion(world, linvoseltamab):
    decided = dict(rows(linvoseltamab, "At the bedside: next-dose gate"))

    assert decided["Minimum interval"] == "Schedule"
    assert decided["Infection"] == "what is recorded at the bedside"
    assert decided["Sentinel participant"] == "Cohorts: nothing in this document"
    assert decided.keys() == {str(CODES[code]) for code in GATE_READS}
    ways_of_not_knowing = {"restart_table_unknown", "restart_row_unknown", "no_rules_on_file", "step_not_in_plan"}
    assert GATE_READS.keys() == CODES.keys() - ways_of_not_knowing


def test_every_table_that_the_gate_reads_is_one_of_an_appendix():
    titles = {section.title for name in names() for section in sections_of(read(name))}

    assert {title for title in GATE_READS.values() if title} - titles <= {"Cohorts"}  # no published one has cohorts


def test_a_version_set_up_by_hand_has_an_appendix_and_no_gate_rules(world):
    assert rows(world.regimen, "At the bedside: next-dose gate") == [("Gate rules", "no rules on file: it holds")]


# --- The doors ------------------------------------------------------------------------------------------------


def test_the_command_prints_a_studys_own_version(world, linvoseltamab, capsys):
    call_command("protocol", "linvoseltamab", study="DEMO")

    output = capsys.readouterr().out
    assert output.startswith("# Linvoseltamab")
    assert ", DEMO linvoseltamab v1\n" in output
    assert "## Schedule" in output
    assert "| Test policy v1 |" in output


def test_the_page_gives_it_as_a_file(world, client, linvoseltamab):
    client.force_login(world.sponsor)
    address = reverse("protocol", args=[linvoseltamab.pk])

    page = client.get(reverse("regimen", args=[linvoseltamab.pk])).content.decode()
    answer = client.get(address)

    assert f'href="{address}"' in page
    assert answer["Content-Disposition"] == 'attachment; filename="protocol-DEMO-linvoseltamab-v1.html"'
    assert "Threshold policy: When somebody is told" in answer.content.decode()


def test_a_stranger_to_the_study_finds_no_file(client, linvoseltamab):
    client.force_login(build_world("AWAY").investigator)

    assert client.get(reverse("protocol", args=[linvoseltamab.pk])).status_code == 404


def test_nothing_of_a_title_is_taken_for_html(world, client):
    with acting(by="test", reason="a title"):
        AlertPolicy.objects.create(
            study=world.study, version=2, title="<script>", thresholds=[], in_force_from=hour(-1)
        )
    client.force_login(world.sponsor)

    page = client.get(reverse("protocol", args=[world.regimen.pk])).content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt; v2" in page
