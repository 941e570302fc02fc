"""The projection: whatever way facts come in, the tables say what a derivation from all of them says."""

import random
from decimal import Decimal

import pytest

from grading.course.compare import Difference, comparison_of, differences
from grading.course.derive import rederive
from grading.course.store import replace
from grading.models import Attribution, Checkpoint, CurrentState, DosePeriod, Episode, Grade, TreatmentEnd
from grading.recording import record as door
from regimens.models import Measurement
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.sizes import sized

pytestmark = pytest.mark.django_db


def stored(world: World) -> dict[str, list[dict]]:
    """Every projection row of the participant, as plain values."""
    tables = {}
    for model, besides in (
        (Grade, ()),
        (Episode, ("id",)),
        (DosePeriod, ("changed_at", "modified_utc")),
        (Checkpoint, ("id",)),
        (CurrentState, ("changed_at",)),
    ):
        rows = model.objects.filter(participant=world.participant).values()
        tables[model.__name__] = sorted(({k: v for k, v in row.items() if k not in besides} for row in rows), key=repr)
    return tables


def everything_again(world: World) -> dict[str, list[dict]]:
    """The same after a derivation from all facts into emptied tables."""
    for model in (CurrentState, Grade, Episode, DosePeriod, Checkpoint):
        model.objects.filter(participant=world.participant).delete()
    replace(rederive(world.participant, at=hour(1000)))
    return stored(world)


def agrees(world: World) -> list[Difference]:
    """Where the tables do not say what the facts say."""
    return list(differences(comparison_of(rederive(world.participant, at=hour(1000)))))


def random_set(world: World, dice: random.Random, h: float):
    if dice.random() < 0.2:
        return neuro(
            world, h, ice_naming=dice.choice([0, 3, None]), consciousness=dice.choice(["awake", "voice", None])
        )
    return vitals(
        world, h, source="import",
        temperature_c=dice.choice([None, 36.5, 38.25, 39.1]), sbp=dice.choice([None, 84, 89.5, 118]),
        hypotension=dice.choice([None, False, True]), oxygen_device=dice.choice([None, "room_air", "face_mask"]),
        vasopressors=dice.choice([None, [], ["norepinephrine"], ["norepinephrine", "vasopressin"]]),
        fluid_bolus=dice.choice([None, False, True]),
    )  # fmt: skip


DRUGS = [
    ("paracetamol", "antipyretic"), ("tocilizumab", "anticytokine"), ("anakinra", "anticytokine"),
    ("methylprednisolone", "corticosteroid"), ("norepinephrine", "vasopressor"), ("ceftriaxone", "antibiotic"),
]  # fmt: skip


def random_treatment(world: World, dice: random.Random, h: float):
    drug, drug_class = dice.choice(DRUGS)
    why = dice.choice(["crs", "icans", "premedication", "prophylaxis", "other"])
    amount = dice.choice([None, Decimal("0.5"), Decimal("1.0002"), Decimal(8)])
    return treatment(world, h, drug, drug_class, why, dose=amount, unit="mg")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(sized(6, sample=1)))
def test_set_after_set_is_the_same_as_deriving_everything(world, seed):
    dice = random.Random(seed)
    kept(stay(world), world)
    h = 0.0
    for number in range(3):
        kept(dose(world, h, step=number), world)
        for _ in range(10):
            h += dice.choice([0.5, 3, 8, 20])
            kept(random_set(world, dice, h), world)
            if dice.random() < 0.3:
                kept(random_treatment(world, dice, h + dice.choice([0, 0.25])), world)
        h += 1
    before = stored(world)

    assert agrees(world) == []
    assert everything_again(world) == before


@pytest.mark.long
@pytest.mark.parametrize("seed", range(sized(4, sample=1)))
def test_any_order_of_arrival_gives_the_same_projection(world, seed):
    dice = random.Random(seed)
    facts = [
        stay(world),
        dose(world),
        dose(world, 60, step=1),
        treatment(world, 20, "paracetamol", "antipyretic", "crs"),
    ]
    facts += [random_set(world, dice, h) for h in range(2, 100, 7)]
    dice.shuffle(facts)
    for fact in facts:
        fact.reason = "entered late"
        kept(fact, world, at=hour(120))
    before = stored(world)

    assert everything_again(world) == before


def test_a_corrected_set_is_graded_as_corrected(world):
    kept(dose(world), world)
    wrong = kept(vitals(world, 4, temperature_c=39), world).fact

    kept(vitals(world, 4, temperature_c=36.9, supersedes=wrong, reason="misread"), world, at=hour(5))

    assert [g.grade for g in Grade.objects.all()] == [0]
    assert not Episode.objects.exists()
    assert DosePeriod.objects.get().temperature_max_c == Decimal("36.9")


def test_a_withdrawn_set_is_no_set(world):
    kept(dose(world), world)
    wrong = kept(vitals(world, 4, temperature_c=39), world).fact

    kept(vitals(world, 4, supersedes=wrong, reason="another participant's", withdrawn=True), world, at=hour(5))

    period = DosePeriod.objects.get()
    assert (period.vitals_recorded, period.crs_any) == (0, None)


def test_no_observation_is_not_no_crs(world):
    kept(dose(world), world)

    period = DosePeriod.objects.get()
    assert (period.crs_any, period.crs_max_grade, period.icans_any) == (None, None, None)


def test_sets_that_cannot_tell_are_not_no_crs(world):
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=None, hypotension=True), world)
    kept(vitals(world, 8, temperature_c=None, sbp=None, hypotension=None), world)

    period = DosePeriod.objects.get()
    assert (period.vitals_recorded, period.crs_any) == (2, None)


def test_a_dose_entered_late_moves_the_episode_to_its_period(world):
    kept(dose(world), world)
    kept(vitals(world, 30, temperature_c=38.5), world)

    kept(dose(world, 24, step=1, reason="forgotten"), world, at=hour(31))

    first, second = DosePeriod.objects.order_by("dose_number")
    assert (first.crs_any, second.crs_any, first.ended_at) == (None, True, hour(24))


def test_a_dose_not_given_keeps_a_row_without_outcomes(world):
    kept(dose(world), world)
    missed = dose(world, 24, step=1, status="NOT GIVEN", amount=None, not_given_because="CRS", planned_at=hour(24))

    kept(missed, world)

    first, second = DosePeriod.objects.order_by("dose_number")
    assert (first.ended_at, second.ended_by, second.crs_any) == (None, "NOT GIVEN", None)


def test_a_baseline_makes_a_relative_fall_a_question(world):
    kept(dose(world), world)
    kept(draft(Measurement, world, 1, kind="baseline_sbp", value=Decimal(140)), world)

    answer = kept(vitals(world, 4, temperature_c=38.4, sbp=99, hypotension=None), world)

    assert (answer.grade.grade, answer.grade.at_least, answer.grade.at_most) == (-1, 1, 2)


def test_a_set_under_a_carried_episode_is_not_derived_from_the_start(world, monkeypatch):
    kept(dose(world), world)
    kept(vitals(world, 20, temperature_c=38.5), world)
    kept(dose(world, 24, step=1), world)
    monkeypatch.setattr(door, "rederive", None)  # nothing calls it, or this fails

    kept(vitals(world, 26, temperature_c=38.4), world)

    first, second = DosePeriod.objects.order_by("dose_number")
    assert (first.crs_any, second.crs_any, second.crs_carried, second.vitals_recorded) == (True, False, True, 1)


def test_treatments_and_judgements_of_cause_in_order_are_not_derived_from_the_start(world, monkeypatch):
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.5, hypotension=True), world)
    monkeypatch.setattr(door, "rederive", None)  # nothing calls it, or this fails

    given = kept(treatment(world, 5, "tocilizumab", "anticytokine", "crs", dose=560, unit="mg"), world).fact
    kept(draft(TreatmentEnd, world, 6, treatment=given), world)
    kept(treatment(world, 7, "norepinephrine", "vasopressor", "crs"), world)
    cause = draft(Attribution, world, 8, sign="hypotension", cause="bleeding", because="seen")
    kept(cause, world, by=world.investigator)
    after = kept(vitals(world, 9, hypotension=True), world)

    assert after.grade.grade == 0
    assert (DosePeriod.objects.get().tocilizumab_doses, DosePeriod.objects.get().tocilizumab_mg) == (1, 560)
    monkeypatch.undo()
    assert agrees(world) == []


def test_a_drug_that_hides_no_fever_given_late_belongs_to_the_period_it_was_given_in(world):
    kept(dose(world), world)
    kept(dose(world, 24, step=1), world)

    kept(treatment(world, 10, "dexamethasone", "other", "crs", dose=8, unit="mg", reason="late"), world, at=hour(25))

    assert agrees(world) == []
