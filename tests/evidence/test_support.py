"""What counts support by the evidence rule, and what the page says of it: talquetamab's fourth dose, 2 of 50."""

import pytest
from django.utils.translation import override

from grading.evidence.counts import rows_of
from grading.evidence.shown import words
from grading.evidence.support import ModelShare, support_of
from regimens.design.evidence import EvidenceRule
from tests.evidence.periods import periods_at

# Talquetamab in practice, 50 people: 80 % had CRS over step-up, 4 % at the fourth dose, all of grade 1 there.
TALQUETAMAB = [
    *periods_at(1, *[2] * 4, *[1] * 11, *[0] * 35), *periods_at(2, *[2] * 5, *[1] * 17, *[0] * 28),
    *periods_at(3, *[2] * 2, *[1] * 13, *[0] * 35), *periods_at(4, *[1] * 2, *[0] * 48),
]  # fmt: skip
LANGUAGES = ("en", "zh-hant")


@pytest.fixture(scope="module")
def talquetamab():
    return support_of(rows_of(TALQUETAMAB, by_label=True), EvidenceRule())


def test_two_of_fifty_support_below_ten_percent_and_not_below_five(talquetamab):
    """adaptive.md: probability 0.93 and 0.59."""
    fourth = talquetamab.places[3].any

    assert [(limit, f"{chance:.2f}", reaches) for limit, chance, reaches in fourth.limits] == [
        (0.05, "0.59", False), (0.10, "0.93", True),
    ]  # fmt: skip
    assert (talquetamab.first, talquetamab.blocking.place) == (4, 3)
    with override("en"):
        assert words.limits_text(fourth) == (
            "2 of 50 with CRS of any grade: the counts alone do not support “below 5 %” (probability 0.59); they "
            "support “below 10 %” (probability 0.93). Asked: 0.90."
        )
    with override("zh-hant"):
        text = words.limits_text(fourth)
        assert [
            part for part in ("50", "2", "不支持「低於 5 %」", "0.59", "支持「低於 10 %」", "0.93") if part not in text
        ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_speaks_of_outpatients_gives_the_model_free_interval_in_the_same_line(talquetamab, language):
    """2 of 50: Jeffreys' 95 % interval is 0.8 to 12.2 %, as R says (test_agrees_with_r)."""
    with override(language):
        line = words.rule_text(talquetamab)

    assert "0.8–12.2 %" in line
    assert "\n" not in line
    assert ("Outpatient" if language == "en" else "門診") in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_known_nothing_is_said_of_outpatients(language):
    with override(language):
        for known in ([], periods_at(1, None, None)):
            line = words.rule_text(support_of(rows_of(known, by_label=True), EvidenceRule()))
            assert [one for one in ("utpatient", "門診") if one in line] == []


def test_the_rule_asks_of_every_later_dose_period():
    """Twelve without any: P(below 10 %) is 0.89, and 0.90 is asked (Beta(1/2, 25/2))."""
    rows = rows_of([*TALQUETAMAB, *periods_at(5, *[0] * 12)], by_label=True)
    support = support_of(rows, EvidenceRule())

    assert (support.first, support.blocking.place) == (None, 5)
    assert support.places[3].supported is True


def test_the_less_favourable_of_counts_and_model_decides():
    """Of the model's four draws one is above 10 %: 0.75, where the counts alone say 0.93."""
    rows = rows_of(periods_at(1, 1, 1, *[0] * 48), by_label=True)
    worse, better = (ModelShare(0.01, 0.2, draws) for draws in ((0.01, 0.02, 0.05, 0.2), (0.01,) * 4))

    ((one, _),) = [place.endpoints for place in support_of(rows, EvidenceRule(), {(1, "any"): worse}).places]
    assert (one.decided_by, one.p_below, one.reaches) == ("model", 0.75, False)
    ((one, _),) = [place.endpoints for place in support_of(rows, EvidenceRule(), {(1, "any"): better}).places]
    assert (one.decided_by, f"{one.p_below:.2f}", one.reaches) == ("model_free", "0.93", True)


def test_a_model_alone_supports_nothing():
    rows = rows_of(periods_at(1, None), by_label=True)
    support = support_of(rows, EvidenceRule(), {(1, "any"): ModelShare(0.0, 0.01, (0.001,) * 4)})

    assert (support.first, support.places[0].any.reaches) == (None, None)


@pytest.mark.parametrize(("chance", "confidence", "text"), [
    (0.896, 0.90, "0.896"), (0.9, 0.9, "0.90"), (0.8999996, 0.9, "<0.9"), (0.934, 0.9, "0.93"),
    (0.9999, 0.9, ">0.99"), (0.0001, 0.9, "<0.01"), (1.0, 0.9, "1.00"), (0.0, None, "0.00"),
])  # fmt: skip
def test_a_probability_is_not_rounded_over_what_is_asked_nor_to_certain(chance, confidence, text):
    assert words.chance_text(chance, confidence) == text


@pytest.mark.parametrize(("share", "text"), [
    (0.04, "4.0 %"), (0.0001, "<0.1 %"), (0.9999, ">99.9 %"), (0, "0.0 %"), (1, "100.0 %"),
])  # fmt: skip
def test_a_share_is_not_rounded_to_nobody_or_to_all(share, text):
    with override("en"):
        assert words.share_text(share) == text
