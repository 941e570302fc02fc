"""The second identifier at save separates all current participants of a site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.rules.wristband import Wristband, ending_asked, look_alikes, plain, wristband

NUMBERS = st.text("0019ABcd-", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("number", "others", "ending"),
    [
        ("C-014", [], "014"),
        ("C-014", ["C-015"], "014"),
        ("D-014", ["C-014"], "D-014"),  # four characters end alike
        ("1014", ["2014", "C-015"], "1014"),
        ("c-014", ["D-014", "E-014"], "c-014"),
        ("7", ["8"], "7"),  # shorter than three characters: all of it
        ("014", ["A014"], None),  # the other ends with all of this one
        ("A014", ["014"], "A014"),
        ("014", ["014"], None),  # of another study at the same site
        ("ａ０１", ["b01"], "ａ０１"),
    ],
)
def test_as_many_characters_as_it_takes(number, others, ending):
    assert ending_asked(number, others) == ending


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [
        ("014", True), ("０１４", True), (" 014 ", True), ("-014", True), ("c-014", True), ("C-014", True),
        ("14", False), ("", False), ("D-014", False), ("015", False), ("C-014x", False),
    ],
)  # fmt: skip
def test_what_was_asked_or_more_confirms(typed, is_right):
    assert Wristband(identifier="C-014", ending="014").is_confirmed(typed) is is_right


def test_two_studies_at_a_site_may_share_a_number():
    assert wristband("S1", "014", [("S2", "015")]) == Wristband(identifier="014", ending="014")
    assert wristband("S1", "014", [("S2", "014")]) == Wristband(identifier="S1-014", ending="1-014")
    assert wristband("S1", "014", [("S1", "A014")]) == Wristband(identifier="S1-014", ending="-014")


def test_look_alikes_share_their_last_three_characters():
    assert look_alikes("D-014", ["C-014", "C-015", "d014", "14"]) == ["C-014", "d014"]


@given(NUMBERS, st.lists(NUMBERS, max_size=6))
def test_what_confirms_one_confirms_no_other(number, others):
    ending = ending_asked(number, others)
    if ending is None:
        assert any(plain(other).endswith(plain(number)) for other in others)
    else:
        assert Wristband(identifier=number, ending=ending).is_confirmed(ending)
        assert not any(plain(other).endswith(plain(ending)) for other in others)
