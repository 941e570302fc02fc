"""How a plan tightens is data, read strictly: what is not understood is refused with the name of its field."""

from datetime import timedelta

import pytest

from regimens.rules.reading import CaseError
from regimens.rules.tightening import Trigger, read_tightening

AUSTRALIAN = {
    "source": "Australian nurse protocol, vjhemonc.com/?p=47557",
    "triggers": ["icans_grade", "ice_drop"],
    "kinds": ["neuro"],
    "tiers": [{"every_h": 0.5, "for_h": 2}, {"every_h": 4}],
}


def test_the_published_example_is_read():
    rule = read_tightening(AUSTRALIAN)

    assert rule.triggers == {Trigger.ICANS_GRADE, Trigger.ICE_DROP}
    assert (rule.from_grade, rule.kinds) == (1, {"neuro"})
    assert [(tier.every, tier.lasts) for tier in rule.tiers] == [
        (timedelta(minutes=30), timedelta(hours=2)),
        (timedelta(hours=4), None),
    ]


def test_null_is_not_tightened():
    assert read_tightening(None) is None


def test_both_kinds_are_tightened_where_none_is_named():
    assert read_tightening(AUSTRALIAN | {"kinds": None}).kinds == {"vitals", "neuro"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": " "}, "source"),
        ({"source": None}, "source"),
        ({"triggers": []}, "triggers"),
        ({"triggers": ["fever"]}, "triggers"),
        ({"triggers": None}, "triggers"),
        ({"kinds": ["weight"]}, "kinds"),
        ({"kinds": "neuro"}, "kinds"),
        ({"from_grade": 0}, "from_grade"),
        ({"from_grade": 6}, "from_grade"),
        ({"from_grade": 1.5}, "from_grade"),
        ({"tiers": []}, "tiers"),
        ({"tiers": [{"for_h": 2}]}, "tiers[0].every_h"),
        ({"tiers": [{"every_h": 0}]}, "tiers[0].every_h"),
        ({"tiers": [{"every_h": "0.5"}]}, "tiers[0].every_h"),
        ({"tiers": [{"every_h": 0.01}]}, "tiers[0].every_h"),
        ({"tiers": [{"every_h": 2, "for_h": 1}]}, "tiers[0].for_h"),
        ({"tiers": [{"every_h": 0.5}, {"every_h": 4}]}, "tiers[0].for_h"),
        ({"tiers": [{"every_h": 4, "hours": 2}]}, "tiers[0].hours"),
        ({"interval": 4}, "interval"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(wrong, field):
    with pytest.raises(CaseError) as refused:
        read_tightening(AUSTRALIAN | wrong)

    assert refused.value.field == field


@pytest.mark.parametrize("data", [[], "every 30 min", 4, True])
def test_it_is_an_object(data):
    with pytest.raises(CaseError):
        read_tightening(data)
