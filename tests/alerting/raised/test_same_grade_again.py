"""The same grade again: a late set moves the alert, a fever that swings pages once (Rulings 2; CF11, CF12)."""

from datetime import timedelta

import pytest

from grading.alerting.services.answers import acknowledge, act_on
from grading.models import Alert, AlertState
from grading.recording.rederiving import rederive_participant
from grading.rules.alerting.lifecycle import ActionKind
from tests.alerting.conditions.watched import ward as watched_ward
from tests.builders import World, dose, hour, kept, neuro, vitals
from tests.wards import FEVER, LOW, corrected

pytestmark = pytest.mark.django_db
PRESSOR = LOW | {"vasopressors": ["norepinephrine"]}  # grade 3
SHOCK = {"sbp": 82, "hypotension": True}  # without a fever

_KEPT = (
    "state", "acknowledged_at", "acknowledged_by_id", "responder_id", "lapses_at", "pages_sent", "occurrence",
    "escalate_at", "raised_at", "late", "thresholds", "grade", "urgency",
)  # fmt: skip


def kept_of(alert: Alert) -> dict[str, object]:
    alert.refresh_from_db()
    return {name: getattr(alert, name) for name in _KEPT} | {
        "pages": sorted(alert.deliveries.values_list("key", flat=True))
    }


def late(world: World, h: float, *, at: float, **seen) -> str:
    return str(kept(vitals(world, h, reason="forgotten", **seen), world, at=hour(at)).fact.root)


def same(world: World, at: float) -> bool:
    return not rederive_participant(world.participant.pk, check=True, at=hour(at)).differences


def answered(alert: Alert, world: World) -> None:
    acknowledge(alert.pk, by=world.nurse, at=hour(1.7))


def handled(alert: Alert, world: World) -> None:
    act_on(alert.pk, ActionKind.AT_BEDSIDE, by=world.nurse, at=hour(1.7))


def nothing(alert: Alert, world: World) -> None:
    pass


@pytest.mark.parametrize("first", [answered, handled, nothing])
@pytest.mark.parametrize("seen", [LOW, PRESSOR, FEVER, SHOCK], ids=["2", "3", "1", "provisional"])
def test_cf12_a_late_set_of_the_same_grade_moves_the_alert_and_pages_nobody(ward, seen, first):
    [alert] = kept(vitals(ward, 1.6, **seen), ward).alerts
    first(alert, ward)
    before = kept_of(alert)

    root = late(ward, 1.3, at=1.8, **seen)

    assert Alert.objects.count() == 1
    assert kept_of(alert) == before
    assert (str(alert.fact_root), alert.observed_at) == (root, hour(1.3))
    assert same(ward, 1.9)


def test_an_answer_lapses_when_it_would_have(ward):
    [alert] = kept(vitals(ward, 1.6, **LOW), ward).alerts
    answered(alert, ward)
    late(ward, 1.3, at=1.8, **LOW)
    alert.refresh_from_db()
    assert alert.lapses_at == hour(1.7) + timedelta(minutes=30)


def test_twice_late_moves_it_twice(ward):
    [alert] = kept(vitals(ward, 1.6, **LOW), ward).alerts
    late(ward, 1.3, at=1.8, **LOW)
    root = late(ward, 1.2, at=1.9, **LOW)
    alert.refresh_from_db()
    assert (str(alert.fact_root), alert.pages_sent, Alert.objects.count()) == (root, 1, 1)
    assert same(ward, 2)


def test_of_two_rises_to_one_grade_the_one_that_began_before_moves(ward):
    for h, seen in ((1, LOW), (2, {}), (3, LOW)):
        kept(vitals(ward, h, **seen), ward)

    root = late(ward, 2.5, at=3.1, **LOW)

    assert list(Alert.objects.order_by("observed_at").values_list("observed_at", "state", "pages_sent")) == [
        (hour(1), AlertState.OPEN, 1), (hour(2.5), AlertState.OPEN, 1)
    ]  # fmt: skip
    assert str(Alert.objects.get(observed_at=hour(2.5)).fact_root) == root
    assert same(ward, 3.2)


def test_a_late_set_of_a_higher_grade_is_told_as_before(ward):
    kept(vitals(ward, 1.6, **LOW), ward)
    late(ward, 1.3, at=1.8, **PRESSOR)
    assert sorted(Alert.objects.values_list("grade", "state")) == [(2, AlertState.WITHDRAWN), (3, AlertState.OPEN)]


def test_what_was_seen_wrong_is_withdrawn_and_the_set_after_it_told_anew(ward):
    """An answer to a set that was wrong is none to the next: somebody may have declined it because it was."""
    wrong = kept(vitals(ward, 1.6, **LOW), ward)
    act_on(wrong.alerts[0].pk, ActionKind.DECLINED, by=ward.nurse, at=hour(1.7), because="wrong cuff")
    kept(vitals(ward, 1.8, **LOW), ward)

    corrected(ward, wrong.fact, 1.6, at=1.9)

    assert list(Alert.objects.order_by("observed_at").values_list("state", "pages_sent")) == [
        (AlertState.WITHDRAWN, 1), (AlertState.OPEN, 1)
    ]  # fmt: skip
    assert same(ward, 2)


def test_another_episode_is_another_alert(ward):
    for h, seen in ((1, LOW), (2, {}), (27, {}), (40, LOW)):
        kept(vitals(ward, h, **seen), ward)
    late(ward, 39, at=41, **LOW)
    assert list(Alert.objects.order_by("observed_at").values_list("observed_at", "state")) == [
        (hour(1), AlertState.RESOLVED), (hour(39), AlertState.OPEN)
    ]  # fmt: skip
    assert same(ward, 42)


def test_icans_too(ward):
    [alert] = kept(neuro(ward, 3, seizure="brief_resolved"), ward).alerts
    answered(alert, ward)
    kept(neuro(ward, 2, seizure="brief_resolved", reason="forgotten"), ward, at=hour(3.2))
    alert.refresh_from_db()
    assert (alert.observed_at, alert.state) == (hour(2), AlertState.ACKNOWLEDGED)
    assert same(ward, 3.3)


def test_a_condition_of_the_policy_that_began_before_moves_too(world):
    ward = watched_ward(world, "seizure_or_posturing")
    with_seizure = {"seizure": "brief_resolved", "ice_naming": None}
    kept(neuro(ward, 3, icp_signs=["decerebrate_posturing"]), ward)
    kept(neuro(ward, 5, **with_seizure), ward)
    before = Alert.objects.count(), [a.pages_sent for a in Alert.objects.order_by("pk")]

    kept(neuro(ward, 2, icp_signs=["decerebrate_posturing"], reason="forgotten"), ward, at=hour(5.2))

    assert (Alert.objects.count(), [a.pages_sent for a in Alert.objects.order_by("pk")]) == before
    assert same(ward, 5.3)


# --- A fever that swings ----------------------------------------------------------------------------------------

SWING = (38.1, 37.9, 38.0, 37.8, 38.2, 37.9, 38.3, 37.7)


def test_cf11_a_fever_that_swings_pages_once(ward):
    for n, c in enumerate(SWING):
        kept(vitals(ward, 1 + 0.4 * n, temperature_c=c), ward)
    assert list(Alert.objects.values_list("grade", "pages_sent", "observed_at")) == [(1, 1, hour(1))]
    assert same(ward, 5)


def test_it_pages_again_after_12_h(ward):
    for h, seen in ((1, FEVER), (2, {}), (12.9, FEVER), (12.95, {}), (13, FEVER)):
        kept(vitals(ward, h, **seen), ward)
    assert sorted(Alert.objects.values_list("observed_at", "pages_sent")) == [(hour(1), 1), (hour(13), 1)]
    assert same(ward, 14)


def test_one_that_nobody_was_called_for_is_called_for_when_it_swings_back(ward):
    """Found late after it had fallen, it paged nobody; the next rise is within 12 h of it."""
    kept(vitals(ward, 2), ward)
    late(ward, 1, at=2.1, **FEVER)
    [alert] = Alert.objects.all()
    assert alert.pages_sent == 0

    kept(vitals(ward, 3, **FEVER), ward)

    alert.refresh_from_db()
    assert (alert.pages_sent, Alert.objects.count()) == (1, 1)
    assert same(ward, 3.1)


def test_the_first_of_a_swing_that_is_corrected_away_leaves_the_next_told(ward):
    first = kept(vitals(ward, 1, **FEVER), ward)
    kept(vitals(ward, 2), ward)
    kept(vitals(ward, 3, **FEVER), ward)

    corrected(ward, first.fact, 1, at=3.1)

    assert list(Alert.objects.order_by("observed_at").values_list("observed_at", "state", "pages_sent")) == [
        (hour(1), AlertState.WITHDRAWN, 1), (hour(3), AlertState.OPEN, 1)
    ]  # fmt: skip
    assert same(ward, 3.2)


def test_a_dose_within_it_changes_nothing(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    kept(vitals(ward, 2), ward)
    kept(dose(ward, 3, step=1), ward)
    kept(vitals(ward, 4, **FEVER), ward)
    assert [a.pages_sent for a in Alert.objects.all()] == [1]
