"""The nurse is asked at once to complete the set where `at_most` is 2 or more and any axis is abnormal."""

import pytest

from grading.rules.grades.entry.completeness import complete_the_set


def completion(**changes):
    """At least 1, at most 4 and the oxygen not assessed, changed only where the test says so."""
    graded = {
        "grade": -1, "at_least": 1, "at_most": 4, "missing": ["oxygen_device"], "flags": [],
        "reasons": ["fever", "oxygen_device_unknown"],
    }  # fmt: skip
    return complete_the_set(**graded | changes)


NOTHING_SEEN = {"at_least": 0, "reasons": ["oxygen_device_unknown"]}


@pytest.mark.parametrize(
    ("why", "changes", "expected"),
    [
        ("a fever, and what is missing could hide 4", {}, True),
        ("a grade that is told needs nothing", {"grade": 1}, False),
        ("what could be 1 at most is not asked for", {"at_most": 1}, False),
        ("2 is", {"at_most": 2}, True),
        ("a fever that may be masked is not a set with a gap", {"missing": []}, False),
        ("a set with no gap that is asked about", {"missing": [], "flags": ["hypotension_to_be_confirmed"]}, True),
        ("so with a contradiction", {"missing": [], "flags": ["contradictory_oxygen"]}, True),
        ("a masked fever asks the investigator", {"missing": [], "flags": ["possible_masked_fever"]}, False),
        ("nothing abnormal is seen", NOTHING_SEEN, False),
        ("at least 1 is abnormal, whatever the reasons say", NOTHING_SEEN | {"at_least": 1}, True),
        ("a flag is abnormal", NOTHING_SEEN | {"flags": ["hypotension_to_be_confirmed"]}, True),
        ("an abnormal axis is, also where no grade comes of it", NOTHING_SEEN | {"reasons": ["low_sbp"]}, True),
        (
            "one abnormal axis of several is enough",
            NOTHING_SEEN | {"reasons": ["temperature_unknown", "low_sbp"]},
            True,
        ),
        ("another cause is held responsible", NOTHING_SEEN | {"reasons": ["hypotension_attributed"]}, False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_complete_the_set(why, changes, expected):
    assert completion(**changes) is expected


@pytest.mark.parametrize(
    "code",
    ["ice_not_done", "capd_not_done", "no_fever", "temperature_implausible", "no_icans_sign", "nothing_abnormal_now",
     "oxygen_for_comfort", "oxygen_as_at_baseline", "temperature_unknown", "fever_attributed"],
)  # fmt: skip
def test_a_reason_that_tells_of_no_sign_does_not_ask(code):
    assert not completion(at_least=0, reasons=[code])


@pytest.mark.parametrize("code", ["fever", "low_sbp", "ice_score", "a_reason_of_tomorrow"])
def test_any_other_reason_does(code):
    assert completion(at_least=0, reasons=[code])
