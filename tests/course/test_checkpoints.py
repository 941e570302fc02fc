"""What is late or corrected is derived from the last checkpoint before it, and the tables say what all facts say."""

import itertools
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput
from grading.alerting.services.alert_differences import alert_differences
from grading.course import checkpoints
from grading.course.compare import comparison_of, differences
from grading.course.derive import rederive
from grading.models import Attribution, Checkpoint, DosePeriod, Episode, Grade, TreatmentEnd
from regimens.models import (
    Clock,
    Disposition,
    DoseEnd,
    Measurement,
    MissedObservationReason,
    Participant,
    Stay,
    StayEnd,
)
from tests.builders import World, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.sizes import sized

pytestmark = pytest.mark.django_db
FEVER = {"temperature_c": Decimal("38.6")}


@pytest.fixture(autouse=True)
def near(monkeypatch):
    """Checkpoints so near each other that a short course crosses some."""
    monkeypatch.setattr(checkpoints, "EVERY", 3)


def wrong(world: World) -> list[Any]:
    """Where the tables and the alerts do not say what a derivation from nothing says."""
    derived = rederive(world.participant, at=hour(1000))
    assert list(alert_differences(derived, at=hour(1000))) == []
    return list(differences(comparison_of(derived)))


def positions(world: World) -> list[float]:
    checkpoints = Checkpoint.objects.filter(participant=world.participant).order_by("at")
    return [(one.at - hour(0)) / timedelta(hours=1) for one in checkpoints]


def test_sets_in_order_leave_one_every_so_many(world):
    kept(dose(world), world)
    for h in range(1, 9):
        kept(vitals(world, h), world)

    assert positions(world) == [4, 7]
    assert wrong(world) == []


def test_sets_of_the_same_instant_are_not_parted(world):
    kept(dose(world), world)
    for h in (1, 2, 3, 3, 3, 4):
        kept(neuro(world, h) if h == 3 else vitals(world, h), world)

    assert positions(world) == [4]
    assert wrong(world) == []


def test_those_after_a_late_entry_move_and_those_before_it_stay(world):
    kept(dose(world), world)
    for h in range(1, 11):
        kept(vitals(world, h), world)
    before = {one.at: one.pk for one in Checkpoint.objects.all()}

    kept(vitals(world, 5.5, reason="late"), world, at=hour(12))

    assert positions(world) == [4, 6, 9]
    assert Checkpoint.objects.get(at=hour(4)).pk == before[hour(4)]
    assert wrong(world) == []


def test_one_is_gone_with_the_set_before_which_it_stood(world):
    kept(dose(world), world)
    sets = [kept(vitals(world, h), world).fact for h in range(1, 5)]
    assert positions(world) == [4]

    kept(vitals(world, 4, supersedes=sets[3], withdrawn=True, reason="another participant's"), world, at=hour(5))

    assert positions(world) == []
    assert wrong(world) == []


def test_what_lies_before_the_last_checkpoint_is_not_looked_at_again(world):
    kept(dose(world), world)
    for h in range(1, 9):
        kept(vitals(world, h), world)
    Grade.objects.filter(observed_at=hour(2)).update(grade=4)  # would be set right if it were

    kept(vitals(world, 7.5, reason="late"), world, at=hour(9))

    assert Grade.objects.get(observed_at=hour(2)).grade == 4


def test_a_treated_episode_that_was_over_before_the_checkpoint_is_known_as_before(world):
    """What only the fold knew of it, that it was treated and since when it was free, is in no table."""
    kept(dose(world), world)
    kept(vitals(world, 4, **FEVER), world)
    kept(treatment(world, 5, "tocilizumab", "anticytokine", "crs", dose=480, unit="mg"), world)
    for h in range(8, 72, 4):
        kept(vitals(world, h), world)
    assert Episode.objects.get().ended_at == hour(8)

    kept(vitals(world, 67, reason="late"), world, at=hour(72))

    assert wrong(world) == []


@pytest.mark.parametrize(("first", "then"), [(8, 1.5), (1, 8.5)], ids=["to an earlier hour", "to a later one"])
def test_a_set_of_another_hour_is_derived_from_before_both(world, first, then):
    kept(dose(world), world)
    sets = {h: kept(vitals(world, h, **FEVER if h == first else {}), world).fact for h in range(1, 10)}

    kept(vitals(world, then, **FEVER, supersedes=sets[first], reason="another hour"), world, at=hour(10))

    assert Episode.objects.get().started_at == hour(then)
    assert wrong(world) == []


def test_the_end_of_an_infusion_counts_from_its_dose_on(world):
    with acting(by="test", reason="the window counts from the end of the infusion"):
        type(world.steps[0]).objects.update(inpatient_clock=Clock.INFUSION_END)
    world.steps = list(type(world.steps[0]).objects.order_by("position"))
    infusion = kept(dose(world), world).fact
    for h in range(2, 12):
        kept(vitals(world, h), world)

    kept(draft(DoseEnd, world, 11.5, dose=infusion), world)

    assert DosePeriod.objects.get().longest_gap_h == 2
    assert wrong(world) == []


def test_the_first_stay_says_how_long_every_earlier_period_lasted_in_hospital(world):
    kept(dose(world), world)
    kept(dose(world, 2, step=1), world)
    for h in range(3, 12):
        kept(vitals(world, h), world)

    kept(stay(world, 12), world)

    assert DosePeriod.objects.get(dose_number=1).hospital_h == 0
    assert wrong(world) == []


def test_an_episode_carried_over_doses_changes_the_periods_it_was_carried_into(world):
    kept(dose(world), world)
    kept(vitals(world, 1, **FEVER), world)
    for place, h in ((1, 4), (2, 8)):
        kept(dose(world, h, step=place), world)
        for more in range(1, 4):
            kept(vitals(world, h + more, **FEVER), world)
    kept(vitals(world, 20), world)

    kept(vitals(world, 44.5), world)  # free for a day: resolved since hour 20

    first = DosePeriod.objects.get(dose_number=1)
    assert (first.crs_resolved_at, DosePeriod.objects.filter(crs_carried=True).count()) == (hour(20), 2)
    assert wrong(world) == []


def test_a_fever_withdrawn_leaves_nothing_in_a_period_that_has_ended(world):
    """CRS begins in the first period and goes on in the second: its worst set, in the second, is withdrawn."""
    kept(dose(world), world)
    kept(vitals(world, 1, **FEVER), world)
    kept(dose(world, 4, step=1), world)
    sets = [kept(vitals(world, h, **FEVER, vasopressors=["norepinephrine"] if h == 9 else []), world).fact
            for h in range(5, 11)]  # fmt: skip
    assert DosePeriod.objects.get(dose_number=1).crs_at_most == 3

    gone = vitals(world, 9, supersedes=sets[4], withdrawn=True, reason="another participant's")
    kept(gone, world, at=hour(11))

    first = DosePeriod.objects.get(dose_number=1)
    assert (first.crs_max_grade, first.crs_at_most) == (1, 1)
    assert wrong(world) == []


def test_a_row_written_before_there_were_checkpoints_is_derived_again(world):
    kept(dose(world), world)
    kept(vitals(world, 1), world)
    state = world.participant.current_state
    state.fold.pop("observations")
    state.fold["baseline"] = state.fold["baseline"][:2]
    state.save()
    DosePeriod.objects.update(crs_sets_at_most=None)

    kept(vitals(world, 2), world)

    assert wrong(world) == []


def test_a_period_that_is_not_stored_is_made_again(world):
    kept(dose(world), world)
    kept(vitals(world, 1), world)
    kept(dose(world, 2, step=1), world)
    for h in range(3, 12):
        kept(vitals(world, h), world)
    DosePeriod.objects.filter(dose_number=1).delete()

    kept(vitals(world, 10.5, reason="late"), world, at=hour(12))

    assert wrong(world) == []


# --- Whatever way they come -------------------------------------------------------------------------------------

hours = st.integers(0, 30).map(lambda h: h * 2)
sets = st.fixed_dictionaries(
    {
        "temperature_c": st.sampled_from([None, 36.8, 38.6]),
        "sbp": st.sampled_from([None, 84, 120]),
        "hypotension": st.sampled_from([None, False, True]),
        "vasopressors": st.sampled_from([None, [], ["norepinephrine"]]),
        "oxygen_device": st.sampled_from([None, "room_air", "face_mask"]),
    }
)
DRUGS = [
    ("paracetamol", "antipyretic"), ("tocilizumab", "anticytokine"), ("dexamethasone", "corticosteroid"),
    ("norepinephrine", "vasopressor"), ("oxygen", "oxygen"),
]  # fmt: skip
acts = st.one_of(
    st.tuples(st.just("set"), hours, sets),
    st.tuples(st.just("set"), hours, sets),
    st.tuples(st.just("neuro"), hours, st.sampled_from(["awake", "voice", None])),
    st.tuples(st.just("dose"), hours, st.integers(0, 2)),
    st.tuples(st.just("missed"), hours, hours),
    st.tuples(st.just("infused"), hours, st.just(None)),
    st.tuples(st.just("drug"), hours, st.tuples(st.sampled_from(DRUGS), st.sampled_from(["crs", "premedication"]))),
    st.tuples(st.just("stopped"), hours, st.just(None)),
    st.tuples(st.just("cause"), hours, st.sampled_from(["fever", "hypotension"])),
    st.tuples(st.just("baseline"), hours, st.sampled_from([100, 140])),
    st.tuples(st.just("stay"), hours, st.sampled_from(["ward", "icu"])),
    st.tuples(st.just("left"), hours, st.just(None)),
    st.tuples(st.just("excused"), hours, st.tuples(st.sampled_from(["vitals", "neuro"]), st.integers(1, 6))),
    st.tuples(st.just("end"), hours, st.sampled_from(["completed", "death_crs", "death_other"])),
    st.tuples(st.just("withdrawn"), hours, st.integers(0, 40)),
    st.tuples(st.just("corrected"), hours, st.integers(0, 40)),
    st.tuples(st.just("moved"), hours, st.integers(0, 40)),
)


def fact_of(world: World, act: tuple[str, float, Any], standing: list[Any]) -> Any | None:
    """The draft. None: there is nothing yet that it could be of."""
    what, h, which = act
    match what:
        case "set":
            return vitals(world, h, **which)
        case "neuro":
            return neuro(world, h, consciousness=which)
        case "dose":
            return dose(world, h, step=which)
        case "missed":
            return dose(world, h, status="NOT GIVEN", amount=None, not_given_because="CRS", planned_at=hour(which))
        case "drug":
            (drug, drug_class), why = which
            return treatment(world, h, drug, drug_class, why, dose=8, unit="mg")
        case "cause":
            return draft(Attribution, world, h, sign=which, cause="other", because="seen", until=hour(h + 5))
        case "baseline":
            return draft(Measurement, world, h, kind="baseline_sbp", value=Decimal(which))
        case "stay":
            return stay(world, h, kind=which)
        case "excused":
            kind, slot = which
            return draft(
                MissedObservationReason, world, h, observation_kind=kind, due_at=hour(slot * 4), because="refused"
            )
        case "end":
            return draft(Disposition, world, h, kind=which)
        case "infused" | "left" | "stopped":
            model, of = {
                "infused": (DoseEnd, "dose"), "left": (StayEnd, "stay"), "stopped": (TreatmentEnd, "treatment"),
            }[what]  # fmt: skip
            begun = next((one for one in reversed(standing) if type(one).__name__.lower() == of), None)
            return None if begun is None else draft(model, world, h, **{of: begun})
    return again(standing[which % len(standing)], what, hour(h)) if standing else None


def again(earlier: Any, what: str, at: Any) -> Any:
    """Another version of a fact: withdrawn, moved to another time, or with another value where it has one."""
    ours = ("id", "supersedes_id", "recorded_at", "recorded_by_id", "root", "digest")
    columns = {f.attname: getattr(earlier, f.attname) for f in earlier._meta.concrete_fields if f.attname not in ours}
    draft = type(earlier)(**columns | {"id": uuid.uuid4(), "reason": "wrong", "withdrawn": what == "withdrawn"})
    draft.supersedes = earlier
    if what == "moved":
        draft.observed_at = at
        if isinstance(draft, Attribution):
            draft.until = at
    elif what == "corrected" and hasattr(draft, "temperature_c"):
        draft.temperature_c = Decimal("38.6") if draft.temperature_c != Decimal("38.6") else Decimal("36.8")
    elif what == "corrected" and isinstance(draft, Stay):
        draft.kind = "icu" if draft.kind == "ward" else "ward"
    return draft


numbers = itertools.count(1)


@pytest.mark.long
@given(st.lists(acts, min_size=4, max_size=24), st.integers(1, 4))
@settings(max_examples=sized(15, sample=3), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_facts_leaves_what_a_derivation_from_nothing_says(world, monkeypatch, sequence, every):
    monkeypatch.setattr(checkpoints, "EVERY", every)
    with acting(by="test", reason="one more participant"):
        world.participant = Participant.objects.create(
            study=world.study, site=world.site, number=f"DEMO-{next(numbers):04x}", regimen=world.regimen
        )
    standing: list[Any] = []
    for act in [("dose", 0, 0), *sequence]:
        fact = fact_of(world, act, standing)
        if fact is None:
            continue
        fact.source, fact.reason = "import", fact.reason or "late"
        try:
            kept(fact, world, by=world.investigator, at=hour(200))
        except InvalidInput:  # such as a window that ends before it begins
            continue
        standing = [one for one in standing if one.pk != fact.supersedes_id]
        standing += [] if fact.withdrawn else [fact]
        assert wrong(world) == [], act
