"""What holds of any course, however its facts arrive."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.rules.course.episodes import key_of
from grading.rules.course.events import Attributed, Died, DoseGiven, Observation, Parameters, RunBegan, in_order
from grading.rules.course.state import State, read_state, write_state
from grading.rules.course.timeline import Course, derive, step
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.treatment.masking_hours import Masking
from tests.rules.course.courses import at, course, dose, drug, look, mind
from tests.rules.course.test_started import begun
from tests.sizes import sized

looks = st.builds(
    lambda h, t, sbp, drugs, device: look(
        h, temperature_c=t, sbp=sbp, hypotension=None, vasopressors=drugs, oxygen_device=device
    ),
    st.integers(0, 120),
    st.sampled_from([None, Decimal("36.9"), Decimal("38.0"), Decimal("39.5")]),
    st.sampled_from([None, Decimal(85), Decimal(118)]),
    st.sampled_from([None, (), ("norepinephrine",), ("norepinephrine", "epinephrine")]),
    st.sampled_from([None, OxygenDevice.ROOM_AIR, OxygenDevice.FACE_MASK]),
)
examinations = st.builds(lambda h, p: mind(h, points=p), st.integers(0, 120), st.sampled_from([None, 4, 9]))
drugs = st.builds(
    lambda h, m, t: drug(h, m, treats=t), st.integers(-10, 120), st.sampled_from(list(Masking)), st.booleans()
)
attributions = st.builds(
    lambda h, n, sign: Attributed(at=at(h), until=at(h + n), sign=sign),
    st.integers(0, 120), st.integers(1, 30), st.sampled_from(["fever", "hypotension", "hypoxia"]),
)  # fmt: skip
facts = st.one_of(looks, examinations, drugs, attributions, st.integers(0, 120).map(dose))
records = st.lists(facts, max_size=14)
runs = st.builds(
    lambda h, name: begun(h, name, root=f"{name} {h}"),
    st.integers(0, 120), st.sampled_from(["norepinephrine", "epinephrine", "CPAP"]),
)  # fmt: skip
deaths = st.builds(
    lambda h, cause: Died(at=at(h), root=f"death-{h}", cause=cause),
    st.integers(0, 120),
    st.sampled_from(["crs", "icans"]),
)
records_with_runs = st.lists(facts | runs | deaths, max_size=14)


@given(records, st.randoms(use_true_random=False))
@settings(max_examples=sized(150, sample=25), deadline=None)
def test_the_order_of_arrival_never_changes_the_course(events, random):
    shuffled = list(events)
    random.shuffle(shuffled)

    assert course(*shuffled) == course(*events)


@given(records, st.integers(0, 14))
@settings(max_examples=sized(150, sample=25), deadline=None)
def test_continuing_from_a_written_state_is_deriving_at_once(events, cut):
    ordered, parameters = in_order(events), Parameters()
    state = State()
    for place, event in enumerate(ordered):
        if place == cut:
            state = read_state(write_state(state))
        state, _ = step(state, event, parameters)

    assert state == derive(events, parameters).state


@given(records)
@settings(max_examples=sized(150, sample=25), deadline=None)
def test_an_episode_is_never_below_what_its_sets_showed(events):
    the_course = course(*events)

    worst_set = max((g.graded.at_least for g in the_course.graded if g.observation.kind == "crs"), default=0)
    worst_episode = max((e.max_grade for e in the_course.episodes if e.kind == "crs" and not e.provisional), default=0)
    assert worst_episode == worst_set


@given(records, st.integers(0, 3))
@settings(max_examples=sized(150, sample=25), deadline=None)
def test_splitting_at_a_dose_and_deriving_in_two_steps_is_deriving_at_once(events, which):
    ordered, parameters = in_order(events), Parameters()
    doses = [place for place, event in enumerate(ordered) if isinstance(event, DoseGiven)]
    cut = doses[which % len(doses)] if doses else 0
    first, whole = derive(ordered[:cut], parameters), derive(events, parameters)
    state = read_state(write_state(first.state))
    graded, rises = list(first.graded), list(first.rises)
    episodes = {key_of(e): e for e in first.episodes}
    for event in ordered[cut:]:
        state, outcome = step(state, event, parameters)
        graded += [outcome.graded] if outcome.graded else []
        rises += [outcome.rise] if outcome.rise else []
        episodes |= {key_of(e): e for e in outcome.episodes}

    again = Course(graded=tuple(graded), episodes=tuple(episodes.values()), rises=tuple(rises), state=state)
    assert again == whole


@given(records)
@settings(max_examples=sized(50, sample=25), deadline=None)
def test_deriving_twice_changes_nothing(events):
    assert course(*events) == course(*events)


@given(records_with_runs)
@settings(max_examples=sized(150, sample=25), deadline=None)
def test_a_rise_is_of_the_fact_that_brought_it(events):
    """What alerting rests on (rules/alerting/reconcile.py): one more fact in order raises nothing of another."""
    state, parameters, roots = State(), Parameters(), []
    for event in in_order(events):
        state, outcome = step(state, event, parameters)
        if outcome.rise is not None:
            assert isinstance(event, Observation | RunBegan | Died)
            assert (outcome.rise.observation_root, outcome.rise.at) == (event.root, event.at)
            roots.append(event.root)

    assert roots == [rise.observation_root for rise in derive(events, parameters).rises]
