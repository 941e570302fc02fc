"""Threshold policies: the default one, what a file may say, and how one comes into force."""

import pytest
from django.core.management import CommandError, call_command

from crsmonitor.audit.models import AuditEvent
from grading.models import AlertPolicy
from grading.policies.library import DEFAULT, read_policy, untold
from grading.rules.alerting.policy.thresholds import asked_at
from grading.rules.treatment.policy_numbers import BadPolicy
from tests.builders import THRESHOLDS
from tests.policies.refused import refusal

GOOD = """\
title: Protocol 7, table 4
thresholds:
  - {code: new_grade, kind: crs, from_grade: 1, source: protocol 7.4}
  - {code: tocilizumab, kind: crs, from_grade: 3, source: protocol 7.4}
  - {code: new_grade, kind: icans, from_grade: 1, source: protocol 7.5}
"""


@pytest.fixture
def policy_file(tmp_path):
    """Write a policy file; None leaves the good one."""

    def write(text: str = GOOD):
        path = tmp_path / "policy.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("kind", "grade", "codes"),
    [
        ("crs", 0, []),
        ("crs", 1, ["new_grade"]),
        ("crs", 2, ["new_grade", "tocilizumab"]),
        ("crs", 3, ["new_grade", "tocilizumab", "corticosteroid", "step_up_care"]),
        ("crs", 4, ["new_grade", "tocilizumab", "corticosteroid", "step_up_care"]),
        ("crs", 5, ["new_grade", "tocilizumab", "corticosteroid", "step_up_care"]),
        ("icans", 1, ["new_grade"]),
        ("icans", 2, ["new_grade", "corticosteroid"]),
        ("icans", 4, ["new_grade", "corticosteroid", "step_up_care"]),
    ],
)
def test_the_default_policy_asks(kind, grade, codes):
    assert list(asked_at(read_policy().thresholds, kind=kind, grade=grade)) == codes


def test_every_threshold_of_the_default_policy_names_an_address():
    assert all(" https://" in t.source for t in read_policy(DEFAULT).thresholds)
    assert untold(read_policy().thresholds) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("title: Protocol 7, table 4", "title: ''"), "title: a text of 1 to 120"),
        (("title: Protocol 7, table 4", "title: 7"), "title: a text of 1 to 120"),
        (("title: Protocol", "color: red\ntitle: Protocol"), "color: unknown field"),
        (("title: Protocol", "title: one\ntitle: Protocol"), "line 2: title is given twice"),
        (("from_grade: 3", "from_grade: 3, from_grade: 2"), "line 4: from_grade is given twice"),
        (("from_grade: 3", "from_grade: 5"), "thresholds[1].from_grade: a whole number from 1 to 4"),
        (("from_grade: 3", "from_grade: 2.5"), "thresholds[1].from_grade: a whole number"),
        (("from_grade: 3", "from_grade: true"), "thresholds[1].from_grade: a whole number"),
        (("code: tocilizumab", "code: aspirin"), "thresholds[1].code: one of"),
        (("code: tocilizumab", "code: [new_grade]"), "thresholds[1].code: a single value"),
        (("code: tocilizumab", "code: new_grade"), "thresholds[1]: new_grade of crs is given twice"),
        (("kind: icans", "kind: hlh"), "thresholds[2].kind: crs or icans"),
        (("kind: icans", "kind: {a: b}"), "thresholds[2].kind: a single value"),
        ((", source: protocol 7.5", ""), "thresholds[2].source: every threshold names its source"),
        (("source: protocol 7.5", "source: protocol, when: sbp < 90"), "thresholds[2].when: unknown field"),
        (("thresholds:", "thresholds: []\nmore:"), "more: unknown field"),
        ((GOOD, "title: x\nthresholds: []"), "thresholds: a list with at least one"),
        ((GOOD, "title: x"), "thresholds: a list with at least one"),
        ((GOOD, "title: x\nthresholds: [5]"), "thresholds[0]: an object"),
        ((GOOD, "- 1"), "file: an object with title"),
        ((GOOD, ""), "file: an object with title"),
        ((GOOD, "title: [x\n"), "line 2: not YAML"),
        ((GOOD, "!!python/object/apply:os.system [true]"), "line 1: not YAML"),
    ],
)
def test_a_policy_that_cannot_be_used_says_where(policy_file, change, place):
    with pytest.raises(BadPolicy) as bad:
        read_policy(policy_file(GOOD.replace(*change)))

    assert refusal(bad.value).startswith(place)


def test_a_file_that_is_no_text_is_refused(policy_file):
    with pytest.raises(BadPolicy) as bad:
        read_policy(policy_file(b"title: \xff\xfe"))

    assert refusal(bad.value) == "file: it is not UTF-8 text"


@pytest.mark.django_db
def test_load_policy_brings_a_new_version_into_force_and_says_what_changes(world, policy_file, capsys):
    call_command("load_policy", "DEMO", str(policy_file()), reason="protocol amendment 2")

    made = AlertPolicy.objects.get(study=world.study, version=2)
    output = capsys.readouterr().out
    assert (made.title, len(made.thresholds)) == ("Protocol 7, table 4", 3)
    for line in ("- crs corticosteroid from grade 3", "- icans corticosteroid from grade 2",
                 "~ crs tocilizumab from grade 2 -> 3", "in force from"):  # fmt: skip
        assert line in output
    event = AuditEvent.objects.get(table_name="grading_alertpolicy", row_id=str(made.pk))
    assert (event.actor, event.reason, event.before) == ("command:load_policy", "protocol amendment 2", None)


@pytest.mark.django_db
def test_without_a_file_it_loads_the_default_policy_and_twice_changes_nothing(world, capsys):
    call_command("load_policy", "DEMO")
    call_command("load_policy", "DEMO")

    assert [p.version for p in AlertPolicy.objects.order_by("version")] == [1, 2]
    assert "nothing changes, v2 stays in force" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(world, policy_file, capsys):
    call_command("load_policy", "DEMO", str(policy_file()), dry_run=True)

    assert AlertPolicy.objects.get().thresholds == THRESHOLDS
    assert "checked, nothing written" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_policy_that_tells_nobody_says_so(world, policy_file, capsys):
    only = GOOD.partition("  - {code: new_grade, kind: crs")[0] + (
        "  - {code: tocilizumab, kind: crs, from_grade: 2, source: x}\n"
    )

    call_command("load_policy", "DEMO", str(policy_file(only)))

    output = capsys.readouterr().out
    assert "! crs: nobody is told below grade 2" in output
    assert "! icans: nobody is told at all" in output


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("study", "text", "why"),
    [
        ("NOPE", GOOD, "no study 'NOPE'; there are: DEMO"),
        (
            "DEMO",
            GOOD.replace("from_grade: 3", "from_grade: 9"),
            r"policy.yaml: thresholds\[1\].from_grade: a whole number",
        ),
    ],
)
def test_load_policy_refuses_and_writes_nothing(world, policy_file, study, text, why):
    with pytest.raises(CommandError, match=why):
        call_command("load_policy", study, str(policy_file(text)))

    assert AlertPolicy.objects.count() == 1


@pytest.mark.django_db
def test_a_file_that_is_not_there(world, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_policy", "DEMO", str(tmp_path / "none.yaml"))
