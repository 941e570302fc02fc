"""Facts of the same instant are ordered by kind and content, never by when or under what key they came in."""

from decimal import Decimal

import pytest

from grading.bedside.selectors.course import course_page
from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.models import CurrentState
from regimens.facts import by_time
from regimens.models import Measurement, Stay
from tests.builders import dose, draft, hour, kept, stay, vitals
from tests.exports.reading import picked, rows

pytestmark = pytest.mark.django_db

BOTH_WAYS = pytest.mark.parametrize("turn", [1, -1], ids=["as they are", "the other first"])


def agrees(world):
    return list(differences(comparison_of(rederive(world.participant, at=hour(1000))))) == []


@BOTH_WAYS
def test_of_two_baselines_of_one_instant_the_higher_is_compared_with(world, turn):
    """95 is below 80 % of 140 and not of 110: to be confirmed, so that hypotension cannot be passed over."""
    kept(dose(world), world)
    for value in [Decimal(110), Decimal(140)][::turn]:
        kept(draft(Measurement, world, 1, kind="baseline_sbp", value=value), world)

    grade = kept(vitals(world, 4, temperature_c=38.4, sbp=95, hypotension=None), world).grade

    assert (grade.grade, grade.at_least, grade.at_most) == (-1, 1, 2)
    assert agrees(world)
    [shown] = course_page(world.nurse, world.participant.pk).vitals
    assert shown.why is not None  # the page compares with the same


@BOTH_WAYS
def test_a_text_without_a_number_stands_before_a_number_however_they_came(world, turn):
    """By what they say: nothing before something. The door takes a pressure without a number no more; older ones may
    stand there."""
    number, text = (
        draft(Measurement, world, 1, kind="baseline_sbp", **fields)
        for fields in ({"value": Decimal(140)}, {"text": "not known"})
    )

    assert by_time([number, text][::turn]) == [text, number]


@BOTH_WAYS
def test_of_two_sets_of_one_instant_the_board_shows_the_same(world, turn):
    """They differ in the pulse alone, which no grade looks at."""
    kept(dose(world), world)
    for pulse in [70, 130][::turn]:
        kept(vitals(world, 4, heart_rate=pulse), world)

    assert CurrentState.objects.get().vitals["heart_rate"] == "130"
    assert agrees(world)


@BOTH_WAYS
def test_of_two_beds_of_one_instant_board_and_export_take_the_same(world, turn):
    """Ward before intensive care: the hours after it are hours of the ward."""
    kept(dose(world), world)
    for kind in ["icu", "ward"][::turn]:
        kept(stay(world, 1, kind=kind, ward=kind, bed="1"), world)

    (open_row,) = rows(world, hour(11))
    kept(dose(world, 11, step=1), world)
    closed_row, _ = rows(world, hour(11))

    assert CurrentState.objects.get().ward == "ward"
    assert picked(open_row, "HOSPH", "ICUH") == picked(closed_row, "HOSPH", "ICUH") == ("10.00", "0.00")
    assert agrees(world)


def test_nothing_goes_before_something_and_less_before_more(world):
    fields = [{"ward": "7B", "bed": "12", "kind": "icu"}, {"ward": "7B", "bed": "13", "kind": "icu"},
            {"ward": "7B", "bed": "12", "kind": "ward"}]  # fmt: skip
    facts = [draft(Stay, world, 1, **one) for one in fields]

    assert by_time(facts) == by_time(reversed(facts)) == facts
    assert by_time([facts[0], early := draft(Stay, world, 0)]) == [early, facts[0]]
