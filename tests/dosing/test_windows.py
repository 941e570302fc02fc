"""Slots of a dose period: what is stored of them, and why nobody looked. How a window ends: test_window_closings.py."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crsmonitor.audit.acting import acting
from crsmonitor.errors import Forbidden, InvalidInput
from grading.bedside.selectors.ward import ward_board
from grading.course.compare import comparison_of
from grading.course.derive import rederive
from grading.course.record.plans import plans_of_period, slot_states_of
from grading.dosing.services.windows import open_slots
from grading.models import CurrentState, DosePeriod
from regimens.models import Clock, DoseEnd, MissedObservationReason, Participant, Regimen, Step
from regimens.rules.schedule import Kind
from tests.builders import build_world, dose, draft, hour, kept, neuro, stay, treatment, vitals
from tests.sizes import sized

pytestmark = pytest.mark.django_db
# Australian nurse protocol (monitoring.md): every 30 min for 2 h, then every 4 h.
TIGHTENING = {
    "source": "vjhemonc.com/?p=47557",
    "triggers": ["crs_grade", "icans_grade", "ice_drop", "treatment"],
    "tiers": [{"every_h": 0.5, "for_h": 2}, {"every_h": 4}],
}


def plan(world, *, tightening=None, **columns):
    with acting(by="test", reason="another plan"):
        Regimen.objects.filter(pk=world.regimen.pk).update(tightening=tightening)
        Step.objects.filter(regimen=world.regimen).update(**columns or {"vitals_every_h": 4})


def missed(world, due, *, at=None, **columns):
    values = {"observation_kind": "vitals", "due_at": hour(due), "because": "refused"} | columns
    return draft(MissedObservationReason, world, due + 1 if at is None else at, **values)


def period(world) -> DosePeriod:
    return DosePeriod.objects.select_related("dose", "step__regimen").latest("dose_number")


def counts(world, kind="vitals"):
    row = period(world)
    return tuple(getattr(row, f"{kind}_{name}") for name in ("on_time", "late", "excused"))


def open_until(world, kind="vitals"):
    return [(over - hour(0)) / timedelta(hours=1) for over in getattr(period(world), f"{kind}_unfilled")]


def due(world, kind="vitals"):
    state = CurrentState.objects.get(participant=world.participant)
    due_at = getattr(state, f"{kind}_due_at")
    return None if due_at is None else (due_at - hour(0)) / timedelta(hours=1)


def dues(world, kind=Kind.VITALS, *, at=99):
    row = period(world)
    states = slot_states_of(row, plans_of_period(row), kind, at=hour(at))
    return [(slot_state.slot.due_at - hour(0)) / timedelta(hours=1) for slot_state in states]


# --- What is stored -------------------------------------------------------------------------------------------


def test_before_anybody_looked_all_slots_are_open(world):
    kept(dose(world), world)

    assert (counts(world), open_until(world)) == ((0, 0, 0), [7.5, 11.5, 15.5, 19.5, 23.5, 27.5])
    assert (due(world), due(world, "neuro")) == (4, 8)


def test_sets_fill_slots_on_time_and_late(world):
    for fact in (dose(world), vitals(world, 4.25), vitals(world, 9), vitals(world, 9.5), neuro(world, 8)):
        kept(fact, world)

    assert (counts(world), counts(world, "neuro")) == ((1, 1, 0), (1, 0, 0))
    assert (due(world), due(world, "neuro")) == (12, 16)


def test_what_is_overdue_stays_due_until_somebody_looks(world):
    kept(dose(world), world)
    kept(vitals(world, 4), world)

    (row,) = ward_board(world.nurse, at=hour(20))
    assert (row.vitals_due.at, row.vitals_due.late_by) == (hour(8), timedelta(hours=12))


def test_a_slot_at_the_next_dose_belongs_to_nobody(world):
    kept(dose(world), world)
    kept(dose(world, 8, step=1), world)

    first = DosePeriod.objects.get(dose_number=1)
    assert [(over - hour(0)) / timedelta(hours=1) for over in first.vitals_unfilled] == [7.5]


def test_without_an_interval_nothing_is_counted(world):
    plan(world, vitals_every_h=None, neuro_every_h=None)
    kept(dose(world), world)
    kept(vitals(world, 4), world)

    assert (counts(world), period(world).vitals_unfilled, due(world)) == ((None, None, None), None, None)


def test_while_an_infusion_runs_that_the_window_waits_for_the_counts_are_not_known(world):
    plan(world, inpatient_clock=Clock.INFUSION_END.value)
    kept(dose(world), world)
    kept(vitals(world, 4), world)
    assert (counts(world), due(world)) == ((None, None, None), 8)

    kept(draft(DoseEnd, world, 6, dose=world.participant.dose_facts.get()), world)
    assert (counts(world), dues(world)) == ((1, 0, 0), [4, 10, 14, 18, 22, 26, 30])


def test_an_ice_is_counted_only_with_all_items(world):
    for fact in (dose(world), neuro(world, 8), neuro(world, 16, ice_naming=None)):
        kept(fact, world)

    assert (period(world).ice_recorded, period(world).neuro_recorded) == (1, 2)


# --- Tightened ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trigger", "tightens"),
    [
        (lambda world: vitals(world, 5, temperature_c=38.0), True),
        (lambda world: vitals(world, 5), False),
        (lambda world: neuro(world, 5, ice_attention=False), True),
        (lambda world: treatment(world, 5, "tocilizumab", "anticytokine", "crs"), True),
        (lambda world: treatment(world, 5, "paracetamol", "antipyretic", "premedication"), False),
        (lambda world: treatment(world, 5, "norepinephrine", "vasopressor", "crs"), True),  # told as its grade
    ],
    ids=["fever", "well", "a point of the ICE", "tocilizumab", "premedication", "vasopressor"],
)
def test_what_tightens_the_plan(world, trigger, tightens):
    plan(world, tightening=TIGHTENING)
    kept(dose(world), world)
    kept(trigger(world), world)

    later = [5.5, 6, 6.5, 7, 8, 12, 16, 20, 24] if tightens else [8, 12, 16, 20, 24]
    assert dues(world) == [4, *later]


def test_after_a_trigger_both_kinds_are_due_sooner(world):
    plan(world, tightening=TIGHTENING)
    kept(dose(world), world)
    kept(vitals(world, 5, temperature_c=38.0), world)

    assert (due(world), due(world, "neuro")) == (5.5, 5.5)


def test_a_grade_below_the_plans_does_not_tighten_it(world):
    plan(world, tightening=TIGHTENING | {"triggers": ["crs_grade"], "from_grade": 2})
    kept(dose(world), world)
    kept(vitals(world, 5, temperature_c=38.6), world)
    assert dues(world)[1] == 8

    kept(vitals(world, 6, temperature_c=38.6, hypotension=True), world)
    assert dues(world)[1] == 6.5


def test_the_same_grade_again_does_not_begin_the_tiers_anew(world):
    plan(world, tightening=TIGHTENING | {"triggers": ["crs_grade"]})
    for fact in (dose(world), vitals(world, 5, temperature_c=38.6), vitals(world, 5.5, temperature_c=38.6)):
        kept(fact, world)

    assert dues(world)[1:5] == [5.5, 6, 6.5, 7]


def test_a_fever_entered_late_tightens_the_plan_from_its_own_time(world):
    plan(world, tightening=TIGHTENING | {"triggers": ["crs_grade"]})
    kept(dose(world), world)
    kept(vitals(world, 12), world)
    kept(vitals(world, 5, temperature_c=38.6, reason="paper"), world, at=hour(13))

    assert dues(world)[1:5] == [5.5, 6, 6.5, 7]
    assert counts(world) == (1, 1, 0)  # 12 h on time, and the set of 5 h late for the slot of 4 h


# --- The same through whichever way ---------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["set", "fever", "neuro", "drop", "toci", "paracetamol"]), st.integers(1, 300)),
    min_size=1,
    max_size=25,
)
FACTS = {
    "set": lambda world, h: vitals(world, h),
    "fever": lambda world, h: vitals(world, h, temperature_c=38.6),
    "neuro": lambda world, h: neuro(world, h),
    "drop": lambda world, h: neuro(world, h, ice_attention=False),
    "toci": lambda world, h: treatment(world, h, "tocilizumab", "anticytokine", "crs"),
    "paracetamol": lambda world, h: treatment(world, h, "paracetamol", "antipyretic", "crs"),
}


@pytest.mark.long
@settings(max_examples=sized(12, sample=4), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, excused=st.booleans())
def test_fact_by_fact_and_all_at_once_say_the_same(db, steps, excused):
    with transaction.atomic():
        world = build_world("SAME")
        plan(world, tightening=TIGHTENING)
        kept(dose(world), world)
        h = 0.0
        for name, minutes in steps:
            h += minutes / 60
            kept(FACTS[name](world, h), world)
        open_ = [slot for kind, slot in open_slots(period(world), at=hour(h)) if kind == Kind.VITALS]
        if excused and open_:
            kept(missed(world, h, due_at=open_[0].slot.due_at, at=h), world)
        # straight from the database: what was carried on to, fact by fact, beside a derivation of the whole record
        participant = Participant.objects.select_related("regimen", "site", "study").get(pk=world.participant.pk)
        differences = comparison_of(rederive(participant, at=hour(h)))
        transaction.set_rollback(True)
    assert [(one.added, one.changed, one.gone) for one in differences] == [([], [], [])] * len(differences)


# --- Excuses --------------------------------------------------------------------------------------------------


def test_an_excused_slot_is_neither_missed_nor_waited_for(world):
    kept(dose(world), world)
    kept(missed(world, 4), world)

    assert (counts(world), open_until(world), due(world)) == ((0, 0, 1), [11.5, 15.5, 19.5, 23.5, 27.5], 8)


def test_a_set_entered_later_counts_instead_of_the_reason(world):
    kept(dose(world), world)
    kept(missed(world, 4), world)
    kept(vitals(world, 4, reason="found on paper"), world, at=hour(6))

    assert counts(world) == (1, 0, 0)


def test_a_reason_taken_back(world):
    kept(dose(world), world)
    first = kept(missed(world, 4), world).fact
    kept(missed(world, 4, at=6, supersedes=first, withdrawn=True, reason="wrong slot"), world)

    assert counts(world) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": hour(4.5)}, "due_at"),  # nothing is due then
        ({"due_at": hour(-4)}, "due_at"),  # before the dose
        ({"due_at": hour(12)}, "due_at"),  # not yet
        ({"due_at": hour(8)}, "due_at"),  # looked at
        ({"observation_kind": "neuro", "due_at": hour(8), "because": "asleep"}, "because"),
    ],
)
def test_what_cannot_be_excused(world, changes, field):
    kept(dose(world), world)
    kept(vitals(world, 8), world)

    with pytest.raises(InvalidInput) as refused:
        kept(missed(world, 4, at=9, **changes), world)
    assert list(refused.value.fields) == [field]


def test_a_slot_is_excused_once(world):
    kept(dose(world), world)
    kept(missed(world, 4), world)

    with pytest.raises(InvalidInput):
        kept(missed(world, 4), world)


@pytest.mark.parametrize("who", ["data_manager", "sponsor"])
def test_only_who_records_may_excuse(world, who):
    kept(dose(world), world)

    with pytest.raises(Forbidden):
        kept(missed(world, 4), world, by=getattr(world, who))


def test_a_stay_does_not_bear_on_slots(world):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(stay(world, 5, kind="icu", bed="3"), world)

    assert due(world) == 4
