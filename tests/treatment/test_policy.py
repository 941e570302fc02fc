"""The drug rules of a threshold policy: what a file may say, and what a new version changes."""

import pytest
from django.core.management import CommandError, call_command

from grading.models import AlertPolicy
from grading.policies.library import DEFAULT, read_policy
from grading.rules.treatment.drug_rules import plain, read_drugs
from grading.rules.treatment.policy_numbers import BadPolicy
from tests.policies.refused import refusal

HEAD = """\
title: Protocol 7
thresholds:
  - {code: new_grade, kind: crs, from_grade: 1, source: protocol 7.4}
  - {code: new_grade, kind: icans, from_grade: 1, source: protocol 7.4}
"""
GOOD = (
    HEAD
    + """\
drugs:
  tocilizumab:
    mg_per_kg: {value: 8, source: p 7.4}
    cap_mg: {value: 800, source: p 7.4}
    low_weight_below_kg: {value: 30, source: p 7.4}
    low_weight_mg_per_kg: {value: null, source: p 7.4}
    per_24_h: {value: 2, source: p 7.4}
    in_all: {value: 3, source: p 7.4}
    prophylaxis_counts: {value: false, source: p 7.4}
    interval_h: {value: 6.5, source: p 7.4}
  steroid_ladder:
    - {kind: crs, grade: 3, drug: dexamethasone, dose: 0.5, unit: mg/kg, every_h: 6, source: p 7.5}
  refractory:
    - {code: manage_as_next_grade, kind: crs, hours: 24, source: p 7.6}
"""
)


@pytest.fixture
def policy_file(tmp_path):
    def write(text=GOOD):
        path = tmp_path / "policy.yaml"
        path.write_text(text)
        return path

    return write


def test_numbers_stay_what_was_written(policy_file):
    drugs = read_policy(policy_file()).drugs

    assert (str(drugs.tocilizumab.interval_h), str(drugs.ladder[0].dose)) == ("6.5", "0.5")
    assert (drugs.tocilizumab.low_weight_mg_per_kg, drugs.tocilizumab.prophylaxis_counts) == (None, False)
    assert read_drugs(plain(drugs)) == drugs


def test_a_policy_without_drugs_has_none(policy_file):
    policy = read_policy(policy_file(HEAD))

    assert (policy.drugs, policy.stored_drugs) == (None, None)


def test_every_value_of_the_default_policy_names_an_address():
    drugs = read_policy(DEFAULT).drugs
    sources = [
        *drugs.tocilizumab.sources.values(),
        *(s.source for s in drugs.ladder),
        *(r.source for r in drugs.refractory),
    ]

    assert all("://" in source for source in sources)
    assert drugs.tocilizumab.low_weight_mg_per_kg is None  # 12 mg/kg stands on one AI-written page alone


LIMITS, STEP, RULE = "drugs.tocilizumab", "drugs.steroid_ladder[0]", "drugs.refractory[0]"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("mg_per_kg: {value: 8,", "mg_per_kg: {value: 80,"), f"{LIMITS}.mg_per_kg.value: a number from 1 to 20"),
        (("mg_per_kg: {value: 8,", "mg_per_kg: {value: null,"), f"{LIMITS}.mg_per_kg.value: a number"),
        (("mg_per_kg: {value: 8,", "mg_per_kg: {value: eight,"), f"{LIMITS}.mg_per_kg.value: a number"),
        (("mg_per_kg: {value: 8,", "mg_per_kg: {value: true,"), f"{LIMITS}.mg_per_kg.value: a number"),
        (("mg_per_kg: {value: 8,", "mg_per_kg: {value: NaN,"), f"{LIMITS}.mg_per_kg.value: a number"),
        (("    mg_per_kg: {value: 8, source: p 7.4}\n", ""), f"{LIMITS}.mg_per_kg: an object with value and source"),
        (("cap_mg: {value: 800, source: p 7.4}", "cap_mg: 800"), f"{LIMITS}.cap_mg: an object with"),
        (("cap_mg: {value: 800, source: p 7.4}", "cap_mg: {value: 800}"), f"{LIMITS}.cap_mg.source: every value"),
        (("per_24_h: {value: 2,", "per_24_h: {value: 2.5,"), f"{LIMITS}.per_24_h.value: a whole number"),
        (("per_24_h: {value: 2,", "per_24_h: {value: 4,"), f"{LIMITS}.per_24_h.value: more than in_all"),
        (("prophylaxis_counts: {value: false,", "prophylaxis_counts: {value: 0,"),
         f"{LIMITS}.prophylaxis_counts.value: true or false"),
        (("interval_h:", "interval_hours:"), f"{LIMITS}.interval_hours: unknown field"),
        (("low_weight_below_kg: {value: 30,", "low_weight_below_kg: {value: null,"), None),
        (("kind: crs, grade: 3, drug", "kind: hlh, grade: 3, drug"), f"{STEP}.kind: crs or icans"),
        (("grade: 3, drug", "grade: 5, drug"), f"{STEP}.grade: a whole number from 1 to 4"),
        (("drug: dexamethasone", "drug: aspirin"), f"{STEP}.drug: one of"),
        (("dose: 0.5", "dose: 0"), f"{STEP}.dose: above 0"),
        (("unit: mg/kg", "unit: mL"), f"{STEP}.unit: mg or mg/kg"),
        (("every_h: 6,", "every_h: 6, every_at_most_h: 6,"), f"{STEP}.every_at_most_h: longer than every_h"),
        (("every_h: 6,", "every_h: 6, when: sbp < 90,"), f"{STEP}.when: unknown field"),
        ((", source: p 7.5", ""), f"{STEP}.source: every value names its source"),
        (("code: manage_as_next_grade", "code: wait"), f"{RULE}.code: one of"),
        (("hours: 24", "after_doses: 1"), f"{RULE}.after_doses: unknown field"),
        (("hours: 24", "hours: 0"), f"{RULE}.hours: a number from 1 to 168"),
        (("steroid_ladder:\n    - {", "steroid_ladder:\n    x: {"), "drugs.steroid_ladder: a list"),
        (("drugs:\n", "drugs:\n  aspirin: {}\n"), "drugs.aspirin: unknown field"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(policy_file, change, place):
    text = GOOD.replace(*change)
    assert text != GOOD
    if place is None:
        assert read_policy(policy_file(text)).drugs.tocilizumab.low_weight_below_kg is None
        return
    with pytest.raises(BadPolicy) as bad:
        read_policy(policy_file(text))
    assert refusal(bad.value).startswith(place)


def test_a_low_weight_s_dose_needs_the_weight(policy_file):
    text = GOOD.replace("low_weight_below_kg: {value: 30,", "low_weight_below_kg: {value: null,").replace(
        "low_weight_mg_per_kg: {value: null,", "low_weight_mg_per_kg: {value: 12,"
    )
    with pytest.raises(BadPolicy) as bad:
        read_policy(policy_file(text))
    assert refusal(bad.value).endswith("low_weight_below_kg.value: a low weight's dose needs the weight")


def test_a_steroid_is_due_at_the_latest_not_before_it_may_be(policy_file):
    rule = "{code: steroid_after_anti_il6, kind: crs, after_doses: 2, at_latest_after: 1, source: p}"
    with pytest.raises(BadPolicy) as bad:
        read_policy(
            policy_file(GOOD.replace("{code: manage_as_next_grade, kind: crs, hours: 24, source: p 7.6}", rule))
        )
    assert refusal(bad.value) == "drugs.refractory[0].at_latest_after: not before after_doses"


@pytest.mark.django_db
def test_load_policy_keeps_the_drug_rules_and_says_what_changes(world, policy_file, capsys):
    call_command("load_policy", "DEMO", str(policy_file()))

    made = AlertPolicy.objects.get(study=world.study, version=2)
    assert read_drugs(made.drugs) == read_policy(policy_file()).drugs
    assert "+ tocilizumab in_all 3" in capsys.readouterr().out

    call_command("load_policy", "DEMO", str(policy_file(GOOD.replace("in_all: {value: 3,", "in_all: {value: 4,"))))
    assert "~ tocilizumab in_all 3 -> 4" in capsys.readouterr().out
    call_command("load_policy", "DEMO", str(policy_file(HEAD)))
    assert "- tocilizumab in_all 4" in capsys.readouterr().out
    assert AlertPolicy.objects.get(study=world.study, version=4).drugs is None


@pytest.mark.django_db
def test_load_policy_refuses_bad_drug_rules(world, policy_file):
    with pytest.raises(CommandError, match=r"drugs.tocilizumab.in_all.value: a whole number from 1 to 20"):
        call_command("load_policy", "DEMO", str(policy_file(GOOD.replace("in_all: {value: 3,", "in_all: {value: 99,"))))
    assert AlertPolicy.objects.count() == 1
