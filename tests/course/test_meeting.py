"""A corrected set is folded forward until the course is what was stored, and the tables say what all facts say."""

import random
from decimal import Decimal

import pytest

from grading.course import checkpoints
from grading.models import Alert, Checkpoint, CorrectionImpact, Grade
from tests.builders import dose, hour, kept, neuro, treatment, vitals
from tests.course.test_checkpoints import again, wrong
from tests.sizes import sized

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": Decimal("38.6")}
LOW = {"hypotension": True}


@pytest.fixture(autouse=True)
def near(monkeypatch):
    monkeypatch.setattr(checkpoints, "EVERY", 3)


def course(world, *, until, doses=(), otherwise=None):
    """A set an hour, each fact by its hour."""
    kept(dose(world), world)
    sets = {}
    for h in range(1, until):
        if h in doses:
            kept(dose(world, h - 0.5, step=1), world)
        sets[h] = kept(vitals(world, h, **(otherwise or {}).get(h, {})), world).fact
    return sets


def corrected(world, wrong_set, **values):
    draft = again(wrong_set, "corrected", wrong_set.observed_at)
    for name, value in {"temperature_c": Decimal("36.8"), **values}.items():
        setattr(draft, name, value)
    return kept(draft, world, at=hour(200))


def marked(h):
    """A stored grade that nobody derives again keeps what the table says."""
    Grade.objects.filter(observed_at=hour(h)).update(rules_version="as it was")


def is_marked(h):
    return Grade.objects.get(observed_at=hour(h)).rules_version == "as it was"


def test_what_comes_after_is_left_alone(world):
    sets = course(world, until=30, otherwise={3: {"temperature_c": Decimal("37.0")}})
    before = list(Checkpoint.objects.order_by("at").values_list("pk", flat=True))
    marked(28)

    answer = corrected(world, sets[2], temperature_c=Decimal("36.9"))

    assert (is_marked(28), answer.changes) == (True, ())
    assert list(Checkpoint.objects.order_by("at").values_list("pk", flat=True)) == before
    Grade.objects.update(rules_version="1.0.0")
    assert wrong(world) == []


def test_what_is_told_of_the_whole_period_is_derived_to_its_end(world):
    """Its hottest reading is in no fold that comes later but this one."""
    sets = course(world, until=20)
    marked(18)

    corrected(world, sets[2], temperature_c=Decimal("37.4"))

    assert not is_marked(18)
    assert wrong(world) == []


@pytest.mark.long
def test_an_alert_of_an_early_set_comes_late_and_is_told_in_the_impact(world):
    """Low pressure without a fever: over in a day, and another dose begins another period."""
    sets = course(world, until=60, doses=[34])
    marked(58)

    answer = corrected(world, sets[2], **LOW)

    [alert] = Alert.objects.filter(condition="", fact_root=sets[2].root)
    assert (is_marked(58), alert.late, len(answer.alerts) > 0) == (True, True, True)
    kinds = {change["what"] for change in CorrectionImpact.objects.get(pk=answer.fact.pk).changes}
    assert {"episode", "grade"} <= kinds
    Grade.objects.update(rules_version="1.0.0")
    assert wrong(world) == []

    back = corrected(world, answer.fact, hypotension=None)

    assert Grade.objects.get(fact_id=back.fact.pk).at_most == 0
    assert wrong(world) == []


def test_the_last_look_before_a_later_dose_is_looked_at_again(world):
    sets = course(world, until=30, doses=[6], otherwise={h: {"sbp": 118} for h in range(1, 30)})

    corrected(world, sets[5], sbp=Decimal(131))

    assert wrong(world) == []


def test_another_hour_of_a_set_is_known_where_both_are_past(world):
    sets = course(world, until=24, doses=[12])
    marked(22)

    kept(again(sets[2], "moved", hour(7.5)), world, at=hour(200))

    assert is_marked(22)
    Grade.objects.update(rules_version="1.0.0")
    assert wrong(world) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(sized(8, sample=2)))
def test_any_correction_leaves_what_a_derivation_from_nothing_says(world, seed):
    chance = random.Random(seed)
    sets = list(
        course(
            world, until=26, doses=[9, 17],
            otherwise={h: chance.choice([{}, {}, {}, FEVER, LOW, {"sbp": 84}, {"oxygen_device": None}])
                       for h in range(1, 26)},
        ).values()
    )  # fmt: skip
    for h in (26, 27):
        sets.append(kept(neuro(world, h + 0.25, consciousness=chance.choice(["awake", "voice"])), world).fact)
    kept(treatment(world, 12.5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg", reason="late"), world)
    for _ in range(5):
        place = chance.randrange(12)
        what = chance.choice(["corrected", "corrected", "moved"])
        draft = again(sets[place], what, hour(chance.randrange(2, 20) + 0.5))

        sets[place] = kept(draft, world, at=hour(200)).fact

        assert wrong(world) == [], (place, what)
