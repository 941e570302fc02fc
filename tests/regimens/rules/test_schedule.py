"""The observation plan: slots, tiers, what became of each, and nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.rules.schedule import (
    Kind,
    SlotPlan,
    Status,
    fills,
    next_due,
    plan_of,
    planned_on,
    slot_states,
    slots,
    up_to_the_next,
    window_of,
)
from regimens.rules.tightening import Tier, Tightening, Trigger

DOSE = datetime(2026, 3, 2, 9, tzinfo=UTC)
PARIS, TAIPEI = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Taipei")


def h(hours: float) -> datetime:
    return DOSE + timedelta(hours=hours)


def span(hours: float) -> timedelta:
    return timedelta(hours=hours)


# Australian nurse protocol (monitoring.md): any ICANS sign, every 30 min for 2 h, then every 4 h.
AUSTRALIAN = (Tier(every=span(0.5), lasts=span(2)), Tier(every=span(4), lasts=None))


def plan(**changes) -> SlotPlan:
    values = {"starts_at": DOSE, "every": span(4), "grace": timedelta(minutes=30), "ends_at": h(24)}
    return SlotPlan(**values | changes)


def dues(plan, triggers=(), *, most=99) -> list[float]:
    return [(slot.due_at - DOSE) / span(1) for slot in islice(slots(plan, triggers), most)]


def status_at(plan, hours, *, observations=(), excused=(), triggers=(), stops_at=None) -> dict[float, Status]:
    slot_list = slot_states(
        slots(plan, triggers),
        observations=map(h, observations),
        excused=map(h, excused),
        at=h(hours),
        stops_at=stops_at,
    )
    return {(slot_state.slot.due_at - DOSE) / span(1): slot_state.status for slot_state in slot_list}


# --- The grid -------------------------------------------------------------------------------------------------


def test_every_4_h_for_24_h_is_due_six_times_the_last_at_the_end_of_the_window():
    assert dues(plan()) == [4, 8, 12, 16, 20, 24]


def test_the_grid_does_not_move_with_a_look_taken_late():
    assert status_at(plan(), 9, observations=[5.5])[8] is Status.DUE


def test_a_window_without_a_length_goes_on():
    assert dues(plan(ends_at=None), most=8) == [4, 8, 12, 16, 20, 24, 28, 32]


def test_the_interval_counts_anew_from_the_end_of_the_infusion():
    assert dues(plan(clock_at=h(6), ends_at=h(22))) == [4, 10, 14, 18, 22]


def test_a_step_without_an_interval_plans_nothing():
    window = window_of(clock="administration", dosed_at=DOSE, infusion_ended_at=None, length_h=24)
    options = {"grace_minutes": 30, "tightening": None, "window": window, "clock": "administration"}

    assert plan_of(Kind.VITALS, every_h=None, dosed_at=DOSE, **options) is None
    assert plan_of(Kind.VITALS, every_h=Decimal("0.25"), dosed_at=DOSE, **options).every == timedelta(minutes=15)


@pytest.mark.parametrize(("own", "longer", "hours"), [
    (24, None, 24), (24, 48, 48), (48, 24, 48), (None, 72, 72), (None, None, None),
])  # fmt: skip
def test_what_earlier_grades_ask_for_lengthens_a_window(own, longer, hours):
    window = window_of(clock="administration", dosed_at=DOSE, infusion_ended_at=None, length_h=own, longer_h=longer)

    assert window.ends_at == (None if hours is None else DOSE + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("clock", "infusion_ended", "window"),
    [
        ("infusion_start", None, (0, 24)),
        ("administration", None, (0, 24)),
        ("administration", 4, (0, 24)),
        ("infusion_end", 4, (4, 28)),
        ("infusion_end", None, None),  # its clock has not started
    ],
)
def test_what_the_window_counts_from(clock, infusion_ended, window):
    ended = None if infusion_ended is None else h(infusion_ended)
    span_of_window = window_of(clock=clock, dosed_at=DOSE, infusion_ended_at=ended, length_h=24)

    assert (span_of_window and (span_of_window.starts_at, span_of_window.ends_at)) == (
        window and (h(window[0]), h(window[1]))
    )


def test_only_neuro_is_tightened_where_only_neuro_is_named():
    tightening = Tightening(
        triggers=frozenset({Trigger.ICE_DROP}), from_grade=1, kinds=frozenset({"neuro"}), tiers=AUSTRALIAN, source="x"
    )
    options = {"every_h": Decimal(8), "grace_minutes": 30, "tightening": tightening, "window": None,
               "clock": "administration", "dosed_at": DOSE}  # fmt: skip

    assert plan_of(Kind.NEURO, **options).tiers == AUSTRALIAN
    assert plan_of(Kind.VITALS, **options).tiers == ()


# --- Tiers ----------------------------------------------------------------------------------------------------


def test_every_30_min_for_2_h_after_a_trigger_then_every_4_h():
    """An ICE every 8 h that drops at 9 h: 9.5 to 11 h, then the fourth hours from 11 h on."""
    assert dues(plan(every=span(8), tiers=AUSTRALIAN), [h(9)]) == [8, 9.5, 10, 10.5, 11, 15, 19, 23]


def test_after_the_tiers_the_grid_of_the_dose_goes_on():
    tiers = (Tier(every=span(2), lasts=span(4)),)

    assert dues(plan(tiers=tiers), [h(5)]) == [4, 7, 9, 12, 16, 20, 24]


def test_a_tier_is_never_wider_than_the_interval_itself():
    tiers = (Tier(every=span(1), lasts=span(2)), Tier(every=span(8), lasts=None))

    assert dues(plan(every=span(2), tiers=tiers, ends_at=h(10)), [h(3)]) == [2, 4, 5, 6, 8, 10]


def test_the_slot_whose_set_is_the_trigger_stays():
    """Fever found at the 8 h set, ten minutes early: that set is on time, and the tier counts from it."""
    statuses = status_at(plan(tiers=AUSTRALIAN), 8, observations=[4, 7.75], triggers=[h(7.75)])

    assert statuses[8] is Status.ON_TIME
    assert list(statuses)[:4] == [4, 8, 8.75, 9.25]


def test_a_second_trigger_begins_the_tiers_anew():
    assert dues(plan(every=span(8), tiers=AUSTRALIAN, ends_at=h(16)), [h(9), h(10)]) == [
        8, 9.5, 10, 10.5, 11, 11.5, 12, 16
    ]  # fmt: skip


def test_a_trigger_outside_the_window_does_nothing():
    assert dues(plan(tiers=AUSTRALIAN), [h(-1), h(24.1)]) == dues(plan())


def test_without_tiers_a_trigger_does_nothing():
    assert dues(plan(), [h(9)]) == dues(plan())


def test_the_end_of_the_infusion_does_not_end_a_tier():
    tiers = (Tier(every=span(1), lasts=None),)

    assert dues(plan(clock_at=h(6), ends_at=h(10), tiers=tiers), [h(4.25)]) == [4, 5.25, 6.25, 7.25, 8.25, 9.25]


# --- What became of a slot ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("looked", "status"),
    [
        (3.49, Status.MISSED),  # before its time, and there is no slot before: an extra look
        (3.5, Status.ON_TIME),
        (4.5, Status.ON_TIME),
        (4.51, Status.LATE),
        (7.49, Status.LATE),
        (7.5, Status.MISSED),  # that is the next one's time
    ],
)
def test_half_an_hour_of_grace_on_both_sides(looked, status):
    assert status_at(plan(), 9, observations=[looked])[4] is status


@pytest.mark.parametrize(
    ("at", "status"),
    [(3.49, Status.UPCOMING), (3.5, Status.DUE), (7.49, Status.DUE), (7.5, Status.MISSED)],
)
def test_a_slot_that_nobody_looked_at(at, status):
    assert status_at(plan(), at)[4] is status


def test_grace_is_never_more_than_half_an_interval():
    slot_list = list(slots(plan(every=span(0.5), ends_at=h(1))))

    assert slot_list[0].over_at == slot_list[1].opens_at == h(0.75)


def test_one_look_counts_for_one_slot():
    assert list(status_at(plan(ends_at=h(8)), 12, observations=[7.75]).values()) == [Status.MISSED, Status.ON_TIME]


def test_two_looks_in_the_span_of_one_slot_count_once():
    assert list(status_at(plan(ends_at=h(8)), 12, observations=[4, 4.25]).values()) == [Status.ON_TIME, Status.MISSED]


def test_a_look_before_the_dose_counts_for_nothing():
    assert set(status_at(plan(), 48, observations=[-1]).values()) == {Status.MISSED}


def test_an_excused_slot_that_was_looked_at_after_all_is_not_excused():
    assert status_at(plan(), 48, excused=[4])[4] is Status.EXCUSED
    assert status_at(plan(), 48, excused=[4], observations=[6])[4] is Status.LATE


def test_a_reason_stays_with_its_slot_where_the_time_of_the_dose_is_corrected():
    assert status_at(plan(), 48, excused=[4 - 1 / 6])[4] is Status.EXCUSED


def test_what_would_be_due_at_the_next_dose_is_not_asked_for():
    assert list(status_at(plan(), 48, stops_at=h(12))) == [4, 8]


def test_a_slot_is_over_at_the_next_dose():
    assert status_at(plan(), 11, stops_at=h(10.5))[8] is Status.MISSED


# --- The next one ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("last", "due"), [(None, 4), (-2, 4), (3, 4), (3.5, 8), (4, 8), (7.4, 8), (7.5, 12), (23, 24)])
def test_the_next_one_is_the_first_slot_after_the_last_look(last, due):
    assert next_due(slots(plan()), last=None if last is None else h(last)) == h(due)


def test_nothing_is_due_after_the_last_slot_of_the_window():
    assert next_due(slots(plan()), last=h(24)) is None


def test_an_excused_slot_is_not_waited_for():
    assert next_due(slots(plan()), last=None, excused=[h(4)]) == h(8)


# --- Nights on which the clocks change ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "due"),
    [
        # Paris goes from 02:00 to 03:00 on 29 March 2026: 4 h after 22:00 it is 03:00
        (datetime(2026, 3, 28, 22, tzinfo=PARIS), datetime(2026, 3, 29, 3, tzinfo=PARIS)),
        # and from 03:00 back to 02:00 on 25 October: 4 h after 23:00 it is 02:00, the second time
        (datetime(2026, 10, 24, 23, tzinfo=PARIS), datetime(2026, 10, 25, 2, fold=1, tzinfo=PARIS)),
        (datetime(2026, 3, 28, 22, tzinfo=TAIPEI), datetime(2026, 3, 29, 2, tzinfo=TAIPEI)),
    ],
)
def test_four_hours_are_elapsed_hours(given, due):
    night = plan_of(
        Kind.VITALS, every_h=Decimal(4), grace_minutes=30, tightening=None, window=None, clock="administration",
        dosed_at=given,
    )  # fmt: skip

    assert next(slots(night)).due_at == due.astimezone(UTC)


@pytest.mark.parametrize("month_day", [(3, 28), (10, 24)])
def test_a_window_of_24_h_is_24_h_over_a_change_of_clocks(month_day):
    dosed = datetime(2026, *month_day, 9, tzinfo=PARIS)
    window = window_of(clock="administration", dosed_at=dosed, infusion_ended_at=None, length_h=24)

    assert window.ends_at - dosed.astimezone(UTC) == span(24)
    assert window.ends_at.astimezone(PARIS).hour == {3: 10, 10: 8}[month_day[0]]


@pytest.mark.parametrize(
    ("first", "zone", "day", "on"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), TAIPEI, 1, date(2026, 3, 2)),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), TAIPEI, 8, date(2026, 3, 9)),
        (datetime(2026, 3, 2, 17, tzinfo=UTC), TAIPEI, 1, date(2026, 3, 3)),  # 01:00 of the next day there
        (datetime(2026, 3, 28, 22, 30, tzinfo=UTC), PARIS, 2, date(2026, 3, 29)),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), TAIPEI, None, None),
        (None, TAIPEI, 8, None),
    ],
)
def test_a_planned_day_is_a_calendar_day_of_the_site(first, zone, day, on):
    assert planned_on(first_dose_at=first, planned_day=day, zone=zone) == on


# --- Properties -----------------------------------------------------------------------------------------------

HOURS = st.integers(-60, 60 * 30).map(lambda minutes: minutes / 60)
SOME = st.lists(HOURS, max_size=12)
TIER = st.builds(
    lambda every, times: Tier(every=timedelta(minutes=every), lasts=timedelta(minutes=every * times)),
    st.integers(10, 300),
    st.integers(1, 5),
)
PLANS = st.builds(
    lambda every, grace, hours, tiers, ended: plan(
        every=timedelta(minutes=every), grace=timedelta(minutes=grace), ends_at=h(hours), tiers=tuple(tiers),
        clock_at=None if ended is None else h(ended),
    ),
    st.integers(10, 600), st.integers(0, 90), st.integers(1, 30), st.lists(TIER, max_size=3),
    st.none() | st.integers(0, 6),
)  # fmt: skip
RANK = {
    status: rank
    for rank, status in enumerate(
        [Status.MISSED, Status.DUE, Status.UPCOMING, Status.EXCUSED, Status.LATE, Status.ON_TIME]
    )
}


@given(PLANS, SOME)
def test_spans_follow_one_another_without_overlap(plan, triggers):
    slot_list = list(slots(plan, map(h, triggers)))

    assert all(slot.opens_at <= slot.due_at <= slot.on_time_until <= slot.over_at for slot in slot_list)
    for before, after in pairwise(slot_list):
        assert before.due_at < before.over_at == after.opens_at


@given(PLANS, SOME, st.randoms())
def test_the_order_of_triggers_does_not_matter(plan, triggers, chance):
    mixed = sorted(triggers, key=lambda _: chance.random())

    assert list(slots(plan, map(h, mixed))) == list(slots(plan, map(h, triggers)))


@given(PLANS, SOME, SOME, SOME, HOURS, st.randoms())
def test_the_order_of_looks_does_not_matter(plan, triggers, observations, excused, at, chance):
    mixed = sorted(observations, key=lambda _: chance.random())
    options = {"excused": excused, "triggers": list(map(h, triggers))}

    assert status_at(plan, at, observations=mixed, **options) == status_at(
        plan, at, observations=observations, **options
    )


@given(PLANS, SOME, SOME, SOME, HOURS, HOURS)
def test_one_look_more_never_makes_a_slot_worse(plan, triggers, observations, excused, at, more):
    options = {"excused": excused, "triggers": list(map(h, triggers))}
    before, after = (
        status_at(plan, at, observations=all_, **options) for all_ in (observations, [*observations, more])
    )

    assert all(RANK[after[due]] >= RANK[before[due]] for due in before)
    assert sum(after[due] is not before[due] for due in before) <= 1  # a look counts for one slot at most


@given(PLANS, SOME, SOME, SOME, HOURS)
def test_the_counts_add_up(plan, triggers, observations, excused, at):
    times = list(map(h, triggers))
    statuses = list(status_at(plan, at, observations=observations, excused=excused, triggers=times).values())

    assert sum(statuses.count(status) for status in Status) == len(statuses) == len(list(slots(plan, times)))


@given(PLANS, SOME, SOME)
def test_only_the_first_look_of_each_slot_need_be_kept(plan, triggers, observations):
    """In order of time, with the triggers known by then: what is kept says the same as all looks."""
    kept, observations = [], sorted(observations)
    for look in observations:
        known = [h(trigger) for trigger in triggers if trigger < look]
        if fills(slots(plan, known), list(map(h, kept)), h(look)):
            kept.append(look)
    times = list(map(h, triggers))

    assert status_at(plan, 99, observations=kept, triggers=times) == status_at(
        plan, 99, observations=observations, triggers=times
    )


@given(PLANS, SOME, HOURS)
def test_up_to_the_next_one_only_one_is_upcoming(plan, triggers, at):
    times = list(map(h, triggers))
    every = list(slots(plan, times))
    later = [slot for slot in every if slot.opens_at > h(at)]

    assert list(up_to_the_next(every, h(at))) == [slot for slot in every if slot not in later[1:]]
