"""Starting a vasopressor or positive pressure for CRS pages by itself (Rulings 2, CF2), through the door of facts."""

import pytest

from grading.models import Alert, AlertState, Episode, Treatment, TreatmentEnd
from grading.recording.rederiving import rederive_participant
from grading.rules.drugs.names import generic
from tests.builders import World, draft, hour, kept, treatment, vitals
from tests.wards import FEVER, LOW

pytestmark = pytest.mark.django_db
PRESSOR = LOW | {"vasopressors": ["norepinephrine"]}  # grade 3


def started(world: World, h: float, drug: str = "norepinephrine", *, at: float | None = None, **more):
    drug_class = "oxygen" if drug in ("CPAP", "BiPAP", "ventilator") else "vasopressor"
    fact = treatment(world, h, drug, drug_class, more.pop("indication", "crs"), **more)
    return kept(fact, world, at=None if at is None else hour(at))


def standing() -> list[tuple[int, int | None, str, int]]:
    rows = Alert.objects.exclude(state=AlertState.WITHDRAWN.value).order_by("observed_at")
    return [(a.grade, a.urgency, a.state, a.pages_sent) for a in rows]


def same(world: World, at: float) -> bool:
    return not rederive_participant(world.participant.pk, check=True, at=hour(at)).differences


def test_cf2_it_pages_as_grade_3_without_waiting_for_a_set(ward):
    kept(vitals(ward, 1, **FEVER), ward)

    result = started(ward, 2)

    [alert] = result.alerts
    assert (alert.grade, alert.pages_sent, alert.late, alert.observed_at) == (3, 1, False, hour(2))
    assert "corticosteroid" in alert.thresholds
    assert {ward.nurse, ward.investigator} <= {d.recipient for d in alert.deliveries.all()}
    assert Episode.objects.get().max_grade == 3
    assert same(ward, 2.1)
    assert kept(vitals(ward, 3, **PRESSOR), ward).alerts == ()


@pytest.mark.parametrize(("second", "grade"), [("epinephrine", 4), ("CPAP", 4), ("ventilator", 4)])
def test_what_is_started_beside_it_pages_as_more(ward, second, grade):
    kept(vitals(ward, 1, **FEVER), ward)
    started(ward, 2)
    assert [a.grade for a in started(ward, 2.5, second).alerts] == [grade]
    assert same(ward, 3)


def test_without_a_fever_it_pages_as_a_provisional_episode_of_its_grade(ward):
    [alert] = started(ward, 2).alerts
    assert (alert.grade, alert.urgency, alert.pages_sent) == (-1, 3, 1)
    assert Episode.objects.get().provisional == "temperature_missing_with_hypotension_or_hypoxia"
    assert same(ward, 2.1)


def test_the_same_drug_going_on_is_no_new_page(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    started(ward, 2)
    assert started(ward, 3, "Levophed").alerts == ()
    assert generic("Levophed") == "norepinephrine"
    assert same(ward, 3.1)


def test_another_indication_pages_nobody(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    assert started(ward, 2, indication="other").alerts == ()


def test_a_correction_that_withdraws_the_treatment_withdraws_the_alert(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    given = started(ward, 2).fact

    started(ward, 2, at=2.2, supersedes=given, withdrawn=True, reason="wrong participant")

    assert standing() == [(1, None, AlertState.OPEN, 1)]
    assert Episode.objects.get().max_grade == 1
    assert same(ward, 2.3)


def test_a_correction_to_another_indication_withdraws_it_and_back_brings_it_again(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    given = started(ward, 2).fact
    other = started(ward, 2, at=2.2, indication="other", supersedes=given, reason="for sepsis").fact
    assert [grade for grade, *_ in standing()] == [1]

    started(ward, 2, at=2.3, supersedes=other, reason="no, for CRS")

    assert standing()[-1] == (3, None, AlertState.OPEN, 1)
    assert same(ward, 2.4)


def test_a_stop_lowers_nothing_by_itself_and_a_set_does(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    given = started(ward, 2).fact
    kept(draft(TreatmentEnd, ward, 3, treatment=given), ward)
    assert [grade for grade, *_ in standing()] == [1, 3]

    kept(vitals(ward, 4, **FEVER), ward)
    assert [a.grade for a in started(ward, 5).alerts] == [3]
    assert same(ward, 5.1)


def test_a_start_entered_after_the_set_that_shows_it_keeps_the_alert(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    [alert] = kept(vitals(ward, 2, **PRESSOR), ward).alerts

    result = started(ward, 1.8, at=2.2)

    alert.refresh_from_db()
    assert result.alerts == ()
    assert (alert.state, alert.pages_sent, str(alert.fact_root), alert.observed_at) == (
        AlertState.OPEN, 1, str(result.fact.root), hour(1.8),
    )  # fmt: skip
    assert same(ward, 2.3)


def test_a_set_entered_after_the_start_that_it_shows_keeps_the_alert(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    [alert] = started(ward, 2).alerts

    result = kept(vitals(ward, 1.9, reason="forgotten", **PRESSOR), ward, at=hour(2.2))

    alert.refresh_from_db()
    assert result.alerts == ()
    assert (alert.state, alert.pages_sent, str(alert.fact_root)) == (AlertState.OPEN, 1, str(result.fact.root))
    assert same(ward, 2.3)


def test_one_found_late_pages_only_while_it_holds(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    kept(vitals(ward, 3), ward)
    given = started(ward, 2, at=3.2)
    [alert] = given.alerts
    assert (alert.grade, alert.late) == (3, True)
    # the set at 3 h denies what the record has running: it still holds (CF2)
    assert alert.pages_sent == 1
    assert same(ward, 3.3)


def test_the_same_one_twice_pages_once(ward):
    kept(vitals(ward, 1, **FEVER), ward)
    once = treatment(ward, 2, "norepinephrine", "vasopressor", "crs")
    kept(once, ward)
    again = Treatment(**{f.attname: getattr(once, f.attname) for f in Treatment._meta.concrete_fields
                         if f.name not in ("recorded_at", "recorded_by", "root", "digest")})  # fmt: skip
    result = kept(again, ward)
    assert result.replayed
    assert [a.grade for a in result.alerts] == [3]
    assert Alert.objects.filter(grade=3).count() == 1


def test_the_board_shows_no_less_than_what_was_started_means(ward):
    """A tile that still said grade 1 beside norepinephrine for CRS would be the lower of two truths."""
    kept(vitals(ward, 1, **FEVER), ward)
    started(ward, 2)
    ward.participant.current_state.refresh_from_db()
    row = ward.participant.current_state
    assert (row.crs_grade, row.crs_at_least, row.crs_at_most) == (3, 3, 3)
    assert same(ward, 2.1)

    kept(vitals(ward, 3, **FEVER | {"vasopressors": None}), ward)  # the next set is read with what runs
    row.refresh_from_db()
    assert row.crs_at_least == 3


def test_after_a_well_set_the_board_cannot_tell_any_more(ward):
    kept(vitals(ward, 1), ward)
    started(ward, 2)
    row = ward.participant.current_state
    row.refresh_from_db()
    assert (row.crs_grade, row.crs_at_least, row.crs_at_most) == (-1, 0, 3)
    assert "temperature_missing_with_hypotension_or_hypoxia" in row.crs_flags
    assert same(ward, 2.1)
