"""Two banks within one participant are seen: another language, or another version of the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.neuro.item_bank import BankKey
from grading.rules.neuro.mixing import CODES, differences, mixed

EN, EN_2, ZH = (BankKey(language=code, version=n) for code, n in (("en", "1"), ("en", "2"), ("zh-hant", "1")))
NO_BANK = None


@pytest.mark.parametrize(
    ("bank", "baseline", "previous", "codes"),
    [
        (EN, EN, EN, ()),
        (EN, NO_BANK, NO_BANK, ()),
        (NO_BANK, EN, EN, ()),
        (ZH, EN, EN, ("other_language_than_baseline", "other_language_than_previous")),
        (ZH, EN, ZH, ("other_language_than_baseline",)),
        (EN, EN, ZH, ("other_language_than_previous",)),
        (EN_2, EN, EN_2, ("other_version_than_baseline",)),
        (EN_2, NO_BANK, EN, ("other_version_than_previous",)),
        (ZH, EN_2, EN, ("other_language_than_baseline", "other_language_than_previous")),
    ],
)
def test_a_bank_that_differs_is_named_with_what_it_differs_from(bank, baseline, previous, codes):
    assert differences(bank, baseline=baseline, previous=previous) == codes


def test_the_assessment_before_is_the_last_one_with_a_bank():
    each = mixed([EN, NO_BANK, ZH, ZH, EN], baseline=EN)

    assert list(each) == [
        (),
        (),
        ("other_language_than_baseline", "other_language_than_previous"),
        ("other_language_than_baseline",),
        ("other_language_than_previous",),
    ]


BANKS = st.sampled_from([EN, EN_2, ZH, NO_BANK])


@pytest.mark.long
@given(st.lists(BANKS), BANKS)
def test_two_banks_are_never_mixed_unnoticed(banks, baseline):
    each = mixed(banks, baseline=baseline)
    kept = {bank for bank in (baseline, *banks) if bank is not NO_BANK}

    assert any(each) == (len(kept) > 1)
    assert {code for codes in each for code in codes} <= set(CODES)
