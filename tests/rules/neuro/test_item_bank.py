"""Banks of items: ASTCT's points, every item with its words and what counts as right, ROC years, sets of objects."""

import copy
from datetime import date

import pytest

from grading.recording.item_banks import FOLDER, bank_on_file, banks, newest_in, read_bank
from grading.rules.neuro.item_bank import BadBank, BankKey, Place, bank_of, items_on, next_set, years

HERE = Place(city="臺北市", hospital="示範醫院")
BANKS = pytest.mark.parametrize("bank", banks().values(), ids=lambda bank: f"{bank.key.language}-{bank.key.version}")


@BANKS
def test_the_points_are_astcts_and_add_up_to_10(bank):
    """N1: year, month, city, hospital 1 each; three objects 3; command, writing, attention 1 each."""
    assert {item.name: item.points for item in bank.items} == {
        "year": 1, "month": 1, "city": 1, "hospital": 1, "naming": 3, "command": 1, "writing": 1, "attention": 1,
    }  # fmt: skip
    assert sum(item.points for item in bank.items) == 10


@BANKS
@pytest.mark.parametrize("month", range(1, 13))
def test_every_item_has_words_to_read_out_and_what_counts_as_right(bank, month):
    for object_set in bank.object_sets:
        for item in items_on(bank, on=date(2026, month, 1), place=HERE, object_set=object_set):
            assert item.say.strip()
            assert item.right.strip()
            assert "{" not in item.say + item.right


@BANKS
def test_no_bank_says_that_a_clinician_reviewed_it(bank):
    assert bank.awaits_review
    assert (bank.reviewed_by, bank.reviewed_on) == ("", "")


@pytest.mark.parametrize(
    ("on", "language", "right"),
    [
        (date(2026, 11, 29), "zh-hant", ("民國115年", "西元2026年")),
        (date(2026, 1, 1), "zh-hant", ("民國115年", "西元2026年")),
        (date(2025, 12, 31), "zh-hant", ("民國114年", "西元2025年")),
        (date(1912, 1, 1), "zh-hant", ("民國1年", "西元1912年")),
        (date(2026, 11, 29), "en", ("2026",)),
    ],
)
def test_roc_years_are_right_answers_in_the_chinese_bank_only(on, language, right):
    assert years(on, newest_in(language)) == right


@pytest.mark.parametrize(("language", "month", "right"), [("en", 2, "February"), ("zh-hant", 2, "2月（二月）")])
def test_the_month_is_that_of_the_day(language, month, right):
    items = items_on(newest_in(language), on=date(2026, month, 28), place=HERE, object_set="a")
    assert items[1].right == right


def test_city_and_hospital_are_the_sites_and_what_its_record_lacks_has_no_right_answer():
    bank = newest_in("zh-hant")
    whole = {item.name: item.right for item in items_on(bank, on=date(2026, 3, 1), place=HERE, object_set="a")}
    empty = Place(city="", hospital="")
    lacking = {item.name: item.right for item in items_on(bank, on=date(2026, 3, 1), place=empty, object_set="a")}

    assert (whole["city"], whole["hospital"]) == ("臺北市", "示範醫院")
    assert [name for name, right in lacking.items() if not right] == ["city", "hospital"]


@BANKS
def test_each_set_of_three_objects_follows_the_one_before_and_all_have_their_turn(bank):
    shown, last = [], ""
    for _ in bank.object_sets:
        last = next_set(bank, last)
        shown.append(last)

    assert shown == list(bank.object_sets)
    assert next_set(bank, last) == shown[0]
    assert next_set(bank, "of an older bank") == shown[0]
    assert all(len(objects) == 3 for objects in bank.object_sets.values())


def test_a_bank_is_known_by_language_and_version():
    assert bank_on_file("zh-hant", "1").key == BankKey(language="zh-hant", version="1")
    assert bank_on_file("zh-hant", "99") is None
    assert newest_in("fr") is None


# --- What does not hold is refused ------------------------------------------------------------------------------


def whole() -> dict:
    items = {
        "year": {"points": 1, "say": "Year?", "right": "{years}"},
        "month": {"points": 1, "say": "Month?", "right": "{month}"},
        "city": {"points": 1, "say": "City?", "right": "{city}"},
        "hospital": {"points": 1, "say": "Hospital?", "right": "{hospital}"},
        "naming": {"points": 3, "say": "What is this?", "right": "{objects}"},
        "command": {"points": 1, "say": "Two fingers.", "right": "two fingers"},
        "writing": {"points": 1, "say": "Write.", "right": "a sentence"},
        "attention": {"points": 1, "say": "Count.", "right": "100, 90"},
    }
    return {
        "instrument": "ice", "language": "en", "version": "1", "source": "a test", "reviewed_by": "",
        "reviewed_on": "", "calendars": {"gregorian": "{year}"}, "months": [str(n) for n in range(1, 13)],
        "between": ", ", "object_sets": {"a": ["pen", "cup", "key"]}, "items": items,
    }  # fmt: skip


def changed(path: tuple, value: object) -> dict:
    bank = copy.deepcopy(whole())
    *way, last = path
    place = bank
    for name in way:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return bank


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("instrument",), "capd", "instrument"),
        (("language",), "EN", "language"),
        (("version",), "1.5", "version"),
        (("version",), 1, "version"),
        (("source",), " ", "source"),
        (("reviewed_by",), "A clinician", "reviewed_by"),  # on which day?
        (("reviewed_by",), None, "reviewed_by"),
        (("colour",), "blue", "colour"),
        (("calendars",), {}, "calendars"),
        (("calendars",), {"lunar": "{year}"}, "calendars.lunar"),
        (("calendars",), {"roc": "民國年"}, "calendars.roc"),
        (("months",), ["1"] * 12, "months"),
        (("months",), [str(n) for n in range(1, 12)], "months"),
        (("object_sets",), {}, "object_sets"),
        (("object_sets", "a"), ["pen", "cup"], "object_sets.a"),
        (("object_sets", "a"), ["pen", "pen", "cup"], "object_sets.a"),
        (("object_sets", "A1"), ["spoon", "coin", "comb"], "object_sets.A1"),
        (("object_sets", "b"), ["pen", "spoon", "comb"], "object_sets"),
        (("items", "year"), None, "items"),
        (("items", "naming", "points"), 1, "items.naming"),
        (("items", "command", "points"), True, "items.command"),
        (("items", "command", "say"), "", "say"),
        (("items", "command", "right"), None, "items.command"),
        (("items", "command", "right"), "{city}", "items.command"),
        (("items", "city", "right"), "Taipei", "items.city"),
        (("items", "city", "say"), "Is this {years}?", "items.city"),
    ],
)
def test_a_file_that_does_not_hold_is_refused_at_its_place(path, value, place):
    assert bank_of(whole()).key == BankKey(language="en", version="1")

    with pytest.raises(BadBank) as refused:
        bank_of(changed(path, value))

    assert refused.value.place == place


def test_a_file_is_named_after_its_bank(tmp_path):
    text = (FOLDER / "ice_en_1.yaml").read_text()
    (tmp_path / "ice_en_2.yaml").write_text(text)

    with pytest.raises(BadBank, match="not named after"):
        read_bank(tmp_path / "ice_en_2.yaml")
    (tmp_path / "ice_en_1.yaml").write_text("a: [")
    with pytest.raises(BadBank, match="line 1"):
        read_bank(tmp_path / "ice_en_1.yaml")
