"""How long a drug can hide a fever is the study's to lengthen by policy, and stays as when the drug was given."""

import pytest

from crsmonitor.audit.acting import acting
from grading.bedside.selectors.history import history_of
from grading.bedside.selectors.timeline_page import drug_spans
from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.course.record.masks import Masks
from grading.models import AlertPolicy, Grade
from grading.policies.library import parse_policy
from grading.policies.words import tables_of
from grading.rules.treatment.drug_rules import plain, read_drugs
from grading.rules.treatment.policy_numbers import BadPolicy
from tests.builders import THRESHOLDS, dose, hour, kept, treatment, vitals
from tests.policies.refused import refusal

pytestmark = pytest.mark.django_db
LOW = {"hypotension": True, "sbp": 80}
HEAD = """\
title: Protocol 7
thresholds:
  - {code: new_grade, kind: crs, from_grade: 1, source: protocol 7.4}
  - {code: new_grade, kind: icans, from_grade: 1, source: protocol 7.4}
drugs:
  masking:
"""
RULES = """\
    - {code: antipyretic, hours: 12, source: p 7.8}
    - {code: siltuximab, hours: 1008, source: p 7.8}
"""


def in_force(world, h, rules=RULES, version=2):
    drugs = parse_policy(HEAD + rules).stored_drugs
    with acting(by="test", reason="masking"):
        return AlertPolicy.objects.create(
            study=world.study, version=version, title="M", thresholds=THRESHOLDS, drugs=drugs, in_force_from=hour(h)
        )


def grade_at(world, h):
    return Grade.objects.get(observed_at=hour(h)).grade


def agrees(world):
    derived = rederive(world.participant, at=hour(2000))
    return list(differences(comparison_of(derived))) == []


def test_a_policy_lengthens_it(world):
    """C2c: hypotension, never febrile, a drug that hides fever acting: cannot be told. After that it is 0."""
    in_force(world, -10)
    kept(dose(world), world)
    kept(treatment(world, 1, "paracetamol", "antipyretic", "premedication"), world)
    kept(vitals(world, 12.9, **LOW), world)
    kept(vitals(world, 13, **LOW), world)

    assert (grade_at(world, 12.9), grade_at(world, 13)) == (-1, 0)
    assert agrees(world)


def test_without_one_the_default_holds(world):
    kept(dose(world), world)
    kept(treatment(world, 1, "paracetamol", "antipyretic", "premedication"), world)
    kept(vitals(world, 8.9, **LOW), world)
    kept(vitals(world, 9, **LOW), world)

    assert (grade_at(world, 8.9), grade_at(world, 9)) == (-1, 0)


def test_the_rule_of_a_drug_goes_before_that_of_its_class(world):
    in_force(world, -10, RULES + "    - {code: anticytokine, hours: 600, source: p 7.8}\n")
    hours = {
        drug: Masks(world.study.pk).lasts(treatment(world, 1, drug, entered, "crs"))
        for drug, entered in (("Sylvant 11 mg/kg", "other"), ("tocilizumab", "anticytokine"), ("x", "corticosteroid"))
    }

    assert [one and one.total_seconds() / 3600 for one in hours.values()] == [1008, 600, None]


def test_the_policy_that_was_in_force_when_it_was_given_counts_whatever_comes_later(world):
    in_force(world, -10)
    kept(dose(world), world)
    kept(treatment(world, 1, "paracetamol", "antipyretic", "premedication"), world)
    kept(vitals(world, 12.9, **LOW), world)
    in_force(world, 2, "    - {code: antipyretic, hours: 8, source: p 7.9}\n", version=3)

    assert agrees(world)
    kept(treatment(world, 14, "paracetamol", "antipyretic", "premedication"), world)
    kept(vitals(world, 22.5, **LOW), world)
    assert (grade_at(world, 12.9), grade_at(world, 22.5)) == (-1, 0)
    assert agrees(world)


def test_history_and_chart_tell_the_same(world):
    in_force(world, -10)
    one = kept(treatment(world, 1, "paracetamol", "antipyretic", "crs"), world).fact
    [span] = drug_spans([one], Masks(world.study.pk))
    [other] = history_of(world.participant, treatments=[one], episodes=[]).spans

    assert (span.until, other.until) == (hour(13), hour(13))


def test_it_is_kept_shown_and_read_again(world):
    policy = in_force(world, -10)
    drugs = parse_policy(HEAD + RULES).drugs

    assert read_drugs(plain(drugs)) == drugs == read_drugs(policy.drugs)
    tables = {name: [str(one) for one in rules] for name, rules in tables_of(policy)}
    assert tables["How long a drug can hide a fever"] == ["antipyretic: 12 h", "siltuximab: 1008 h"]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("{code: antipyretic, hours: 7.9, source: p}", "drugs.masking[0].hours: a number from 8 to 1440"),
        ("{code: corticosteroid, hours: 71, source: p}", "drugs.masking[0].hours: a number from 72 to 1440"),
        ("{code: siltuximab, hours: 503, source: p}", "drugs.masking[0].hours: a number from 504 to 1440"),
        ("{code: dexamethasone, hours: null, source: p}", "drugs.masking[0].hours: a number from 72"),
        ("{code: norepinephrine, hours: 600, source: p}", "drugs.masking[0].code: one of"),
        ("{code: aspirin, hours: 600, source: p}", "drugs.masking[0].code: one of"),
        ("{code: antipyretic, hours: 12}", "drugs.masking[0].source: every value names its source"),
        ("{code: antipyretic, hours: 12, source: p, until: 3}", "drugs.masking[0].until: unknown field"),
    ],
)
def test_a_policy_may_only_lengthen_it_and_says_from_where(rule, place):
    with pytest.raises(BadPolicy) as refused:
        parse_policy(f"{HEAD}    - {rule}\n")

    assert refusal(refused.value).startswith(place)


def test_one_drug_is_said_once():
    with pytest.raises(BadPolicy) as refused:
        parse_policy(HEAD + RULES + "    - {code: antipyretic, hours: 12, source: p}\n")

    assert refusal(refused.value).endswith("antipyretic is given twice")
