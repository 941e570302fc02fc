"""Masked spans and the fever waiver, and that the fold says the same."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.course.events import CRS, Observation, Parameters, Treated, in_order
from grading.rules.course.masking import DrugAct, mask_at, masked_spans, waiver_of
from grading.rules.course.state import State
from grading.rules.course.timeline import derive, step
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.treatment.masking_hours import Masking

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LASTS = Parameters().masking


def hour(h: float) -> datetime:
    return START + timedelta(hours=h)


def act(h: float, masking: Masking = Masking.ANTIPYRETIC, *, treats: bool = True, drug: str = "paracetamol") -> DrugAct:
    return DrugAct(at=hour(h), drug=drug, masking=masking, treats=treats)


@pytest.mark.parametrize(
    ("h", "masked"), [(0.99, False), (1, True), (8.99, True), (9, False)], ids=["before", "at", "last", "over"]
)
def test_paracetamol_masks_for_eight_hours_half_open(h, masked):
    spans = masked_spans([act(1)], lasts=LASTS)

    assert (mask_at(spans, hour(h)) is not None) is masked


def test_premedication_masks_too():
    assert mask_at(masked_spans([act(1, treats=False)], lasts=LASTS), hour(2)) is not None


def test_the_longest_of_those_acting_is_told():
    spans = masked_spans([act(0), act(1, Masking.ANTICYTOKINE, drug="tocilizumab"), act(3)], lasts=LASTS)

    assert mask_at(spans, hour(4)).drug == "tocilizumab"


@pytest.mark.parametrize(
    ("why", "drugs", "since"),
    [
        ("at the onset", [act(2)], 2),
        ("the first after it", [act(6), act(3)], 3),
        ("one before the onset is none", [act(1)], None),
        ("premedication never opens it", [act(3, treats=False)], None),
        ("one after the episode is none", [act(20)], None),
    ],
)
def test_the_waiver_opens_with_the_first_treating_drug_at_or_after_the_onset(why, drugs, since):
    waiver = waiver_of(drugs, started_at=hour(2), ended_at=hour(20))

    assert (None if waiver is None else waiver.at) == (None if since is None else hour(since)), why


DRUGS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(Masking), st.booleans()), max_size=5)
FEVERS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=8, unique_by=lambda look: look[0])


@given(DRUGS, FEVERS)
def test_the_spans_and_the_waiver_are_those_of_the_fold(drugs, fevers):
    events = [Treated(at=hour(h), masking=m, treats=t) for h, m, t in drugs]
    looks = [
        Observation(at=hour(h), id=str(h), root=str(h), seen=CrsInputs(
            temperature_c=Decimal("38.6" if hot else "36.8"), hypotension=False, fluid_bolus=False, vasopressors=(),
            spo2=Decimal(97), oxygen_device=OxygenDevice.ROOM_AIR))
        for h, hot in fevers
    ]  # fmt: skip
    acts = [act(h, m, treats=t) for h, m, t in drugs]
    spans, state = masked_spans(acts, lasts=LASTS), State()

    for event in in_order([*events, *looks]):
        state, _ = step(state, event, Parameters())
        folded = state.masked_until is not None and event.at < state.masked_until
        assert (mask_at([s for s in spans if s.since <= event.at], event.at) is not None) is folded
    for episode in derive([*events, *looks], Parameters()).episodes:
        if episode.kind == CRS and episode.ended_at is None:
            waived = waiver_of(acts, started_at=episode.started_at, ended_at=None)
            assert (waived is not None) is episode.treated
