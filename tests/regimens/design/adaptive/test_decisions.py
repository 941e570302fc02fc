"""The escalation rule: a row a sentence of its table, both sides of every limit."""

from dataclasses import fields

import pytest

from regimens.design.adaptive.decisions import EscalationRule, NotAllowed, Recommendation, Risk, Rung, Seen, decide

ENOUGH = Seen(at_current=3, in_all=3)


def ladder(*largest_mg, worth=None):
    values = worth or largest_mg
    return [
        Rung(name=f"{mg} mg", value_ug_d_ml=value, largest_mg=mg) for mg, value in zip(largest_mg, values, strict=True)
    ]


def risks(*grade2, grade3=()):
    return [
        Risk(over_grade2=two, over_grade3=three)
        for two, three in zip(grade2, grade3 or [0.0] * len(grade2), strict=True)
    ]


def because(decided):
    return [[reason.value for reason in reasons] for reasons in decided.because]


def test_the_defaults_are_those_of_the_contract():
    assert {field.name: field.default for field in fields(EscalationRule)} == {
        "grade2_above": 0.25, "grade2_confidence": 0.25, "grade3_share_prior": (0.8, 9.2), "grade3_above": 0.10,
        "grade3_confidence": 0.25, "least_at_current": 3, "most_rungs_up": 1, "most_fold": None, "value_until_d": 28,
        "stop_after": 6, "stop_at": 0.8,
    }  # fmt: skip


@pytest.mark.parametrize(("words", "at", "current", "seen", "rule", "risk", "reasons"), [
    ("just below both confidences", 0, 0, ENOUGH, {}, (0.2499, 0.2499), []),
    ("at the confidence of grade 2", 0, 0, ENOUGH, {}, (0.25, 0.0), ["grade2_too_likely"]),
    ("at the confidence of grade 3", 0, 0, ENOUGH, {}, (0.0, 0.25), ["grade3_too_likely"]),
    ("three at the current rung", 1, 0, ENOUGH, {}, (0, 0), []),
    ("two at the current rung", 1, 0, Seen(at_current=2, in_all=9), {}, (0, 0), ["too_few_at_current"]),
    ("two there, and the same rung", 1, 1, Seen(at_current=2, in_all=9), {}, (0, 0), []),
    ("two there, and a lower one", 0, 1, Seen(at_current=2, in_all=9), {}, (0, 0), []),
    ("two rungs up", 2, 0, ENOUGH, {}, (0, 0), ["too_many_rungs"]),
    ("two rungs up where two are allowed", 2, 0, ENOUGH, {"most_rungs_up": 2}, (0, 0), []),
    ("two rungs down", 0, 2, ENOUGH, {}, (0, 0), []),
    ("twice the dose where twice is allowed", 1, 0, ENOUGH, {"most_fold": 2.0}, (0, 0), []),
    ("twice the dose where less is allowed", 1, 0, ENOUGH, {"most_fold": 1.99}, (0, 0), ["too_many_fold"]),
    ("a lower dose is never too many fold", 0, 1, ENOUGH, {"most_fold": 0.1}, (0, 0), []),
    ("all at once", 2, 0, Seen(at_current=0, in_all=0), {"most_fold": 2.0}, (1, 1), [
        "grade2_too_likely", "grade3_too_likely", "too_few_at_current", "too_many_rungs", "too_many_fold",
    ]),
])  # fmt: skip
def test_a_rung_is_not_allowed_because(words, at, current, seen, rule, risk, reasons):
    given = risks(0, 0, 0)
    given[at] = Risk(over_grade2=risk[0], over_grade3=risk[1])

    decided = decide(ladder(6, 12, 24), given, current, seen, EscalationRule(**rule))

    assert because(decided)[at] == reasons


def test_every_reason_is_one_of_the_contract_in_its_order():
    assert [reason.value for reason in NotAllowed] == [
        "grade2_too_likely", "grade3_too_likely", "too_few_at_current", "too_many_rungs", "too_many_fold",
    ]  # fmt: skip


@pytest.mark.parametrize(("words", "rungs", "given", "current", "rung", "recommendation"), [
    ("the higher is worth more", ladder(6, 12), risks(0.1, 0.2), 0, 1, Recommendation.ESCALATE),
    ("the higher is not allowed", ladder(6, 12), risks(0.1, 0.3), 0, 0, Recommendation.STAY),
    ("the current is not", ladder(6, 12), risks(0.1, 0.3), 1, 0, Recommendation.DEESCALATE),
    ("worth more although lower", ladder(6, 12, worth=(9, 3)), risks(0.1, 0.1), 1, 0, Recommendation.DEESCALATE),
    ("equal worth: the less risky", ladder(6, 12, worth=(5, 5)), risks(0.2, 0.1), 0, 1, Recommendation.ESCALATE),
    ("equal in both: the lowest", ladder(6, 12, worth=(5, 5)), risks(0.1, 0.1), 1, 0, Recommendation.DEESCALATE),
])  # fmt: skip
def test_the_allowed_rung_of_highest_value_is_recommended(words, rungs, given, current, rung, recommendation):
    decided = decide(rungs, given, current, ENOUGH, EscalationRule())

    assert (decided.recommended, decided.recommendation) == (rung, recommendation)


@pytest.mark.parametrize(("words", "given", "current", "in_all", "rung", "recommendation"), [
    ("the lowest at stop_at, before anybody", risks(0.8, 0.1), 0, 0, None, Recommendation.STOP),
    ("just below it, and none allowed, too few seen", risks(0.7999, 0.9), 0, 5, 0, Recommendation.STAY),
    ("the same from a higher rung", risks(0.7999, 0.9), 1, 5, 0, Recommendation.DEESCALATE),
    ("none allowed, and enough seen", risks(0.7999, 0.9), 0, 6, None, Recommendation.STOP),
    ("the lowest not allowed, another is", risks(0.3, 0.1), 1, 60, 1, Recommendation.STAY),
])  # fmt: skip
def test_it_stops(words, given, current, in_all, rung, recommendation):
    decided = decide(ladder(6, 12), given, current, Seen(at_current=3, in_all=in_all), EscalationRule())

    assert (decided.recommended, decided.recommendation) == (rung, recommendation)


def test_grade_3_alone_never_stops_before_enough_are_seen():
    decided = decide(ladder(6), risks(0, grade3=(1.0,)), 0, Seen(at_current=5, in_all=5), EscalationRule())

    assert decided.recommendation == Recommendation.STAY
