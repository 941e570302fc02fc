"""Releasing the next dose, overriding the gate, and giving a dose without either."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from crsmonitor.errors import Forbidden, InvalidInput, NotFound
from grading.bedside.selectors.course import course_page
from grading.dosing.selectors.gate import standing_release
from regimens.models import DoseRelease
from tests.builders import build_world, draft, hour, kept, vitals
from tests.dosing.conftest import DAY, NEXT, give
from tests.exports.reading import rows


def release(world, h=NEXT, *, step=1, **columns):
    values = {"step": world.steps[step], "dose_at": hour(h)}
    return draft(DoseRelease, world, h, **values | columns)


def released(world, *, by=None, **columns):
    return kept(release(world, **columns), world, by=by or world.investigator)


def test_an_investigator_releases_what_the_gate_proposes(ready):
    release = released(ready).fact

    assert (release.decision, release.proposed_step, release.override) == ("go", "step-up 2", False)
    assert {one["code"] for one in release.criteria} >= {"minimum_interval", "window_complete", "crs_resolved"}
    assert standing_release(ready.participant, at=hour(NEXT)) == release


@pytest.mark.parametrize("who", ["nurse", "charge_nurse", "data_manager", "sponsor"])
def test_who_may_not_release(ready, who):
    with pytest.raises(Forbidden):
        released(ready, by=getattr(ready, who))


def test_a_stranger_finds_nothing(ready):
    with pytest.raises(NotFound):
        released(ready, by=build_world("AWAY").investigator)


def test_what_the_gate_does_not_propose_is_an_override(ready):
    with pytest.raises(InvalidInput) as early:
        released(ready, h=NEXT - 48)
    with pytest.raises(InvalidInput) as other:
        released(ready, step=2)

    assert list(early.value.fields) == list(other.value.fields) == ["override"]


@pytest.mark.parametrize("because", ["", "  "])
def test_an_override_says_why(ready, because):
    with pytest.raises(InvalidInput) as refused:
        released(ready, h=NEXT - 48, override=True, because=because)

    assert list(refused.value.fields) == ["because"]


def test_an_override_keeps_what_the_gate_said(ready):
    release = released(ready, h=NEXT - 48, override=True, because="Benefit outweighs.").fact

    assert release.decision == "hold"
    assert {"code": "minimum_interval", "state": "not_met"}.items() <= next(
        one for one in release.criteria if one["code"] == "minimum_interval"
    ).items()


def test_a_step_of_another_regimen_is_refused(ready):
    with pytest.raises(InvalidInput):
        kept(draft(DoseRelease, ready, NEXT, step=build_world("AWAY").steps[0], dose_at=hour(NEXT)), ready,
             by=ready.investigator)  # fmt: skip


def test_a_dose_before_the_last_one_is_not_released(ready):
    with pytest.raises(InvalidInput) as refused:
        released(ready, dose_at=hour(-1))

    assert list(refused.value.fields) == ["dose_at"]


def test_the_same_release_twice_is_kept_once(ready):
    one = release(ready)
    first = kept(one, ready, by=ready.investigator)
    again = release(ready, id=one.pk)

    assert kept(again, ready, by=ready.investigator).replayed
    assert DoseRelease.objects.get() == first.fact


def test_a_release_can_be_taken_back(ready):
    release = released(ready).fact
    released(ready, supersedes=release, withdrawn=True, reason="Fever since.")

    assert standing_release(ready.participant, at=hour(NEXT)) is None


def test_the_database_refuses_an_override_without_a_reason_and_any_change(ready):
    release = released(ready).fact
    columns = {
        "participant": ready.participant, "observed_at": hour(NEXT), "recorded_at": hour(NEXT), "source": "api",
        "recorded_by": ready.investigator, "step": ready.steps[1], "dose_at": hour(NEXT), "criteria": [], "digest": "x",
    }  # fmt: skip

    with pytest.raises(DatabaseError, match="release_as_proposed_or_says_why"), transaction.atomic():
        DoseRelease(id=uuid.uuid4(), decision="hold", **columns).save()
    with pytest.raises(DatabaseError, match="release_decision_known"), transaction.atomic():
        DoseRelease(id=uuid.uuid4(), decision="maybe", override=True, because="x", **columns).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        DoseRelease.objects.filter(pk=release.pk)._raw_delete("default")


# --- Deviations ---------------------------------------------------------------------------------------------


def exported(world) -> list[str]:
    return [row["RELDEVC"] for row in rows(world, hour(20 * DAY))]


@pytest.mark.req("R23")
def test_a_dose_without_a_release_is_kept_and_is_a_deviation(library_world):
    given = give(library_world, 0)

    assert given.deviation == "not_released"
    page = course_page(library_world.investigator, library_world.participant.pk)
    assert [dose.deviation for dose in page.doses] == ["not_released"]
    assert exported(library_world) == ["NOT RELEASED"]


def test_a_released_dose_is_none(ready):
    released(ready)

    assert give(ready, NEXT + 1, step=1).deviation is None
    assert exported(ready) == ["NOT RELEASED", ""]


def test_a_release_for_another_time_covers_no_dose(ready):
    released(ready, dose_at=hour(NEXT + 4 * DAY))

    assert give(ready, NEXT + 1, step=1).deviation == "other_time"
    assert exported(ready) == ["NOT RELEASED", "OTHER TIME"]


@pytest.mark.parametrize("signs", [{"temperature_c": 38.6}, {"sbp": 82, "hypotension": True}])
def test_a_release_ends_where_an_event_begins_after_it(ready, signs):
    released(ready)
    kept(vitals(ready, NEXT + 0.5, **signs), ready)

    assert standing_release(ready.participant, at=hour(NEXT + 1)) is None
    assert give(ready, NEXT + 1, step=1).deviation == "event_since"
    assert exported(ready) == ["NOT RELEASED", "EVENT SINCE"]


def test_a_release_ends_where_an_event_gets_worse(ready):
    kept(vitals(ready, NEXT - 1, temperature_c=38.6), ready)
    released(ready, override=True, because="Fever of known cause.")
    kept(vitals(ready, NEXT + 0.5, temperature_c=38.6), ready)
    assert standing_release(ready.participant, at=hour(NEXT + 0.6)) is not None

    kept(vitals(ready, NEXT + 1, temperature_c=38.6, sbp=82, hypotension=True), ready)

    assert standing_release(ready.participant, at=hour(NEXT + 1.1)) is None
    assert give(ready, NEXT + 2, step=1).deviation == "event_since"


def test_a_dose_of_another_step_than_the_released_one_is_a_deviation(ready):
    released(ready)

    assert give(ready, NEXT + 1, step=2).deviation == "other_step"
    assert exported(ready) == ["NOT RELEASED", "OTHER STEP"]


def test_a_release_ends_with_the_dose_it_was_for(ready):
    released(ready)
    give(ready, NEXT + 1, step=1)

    assert give(ready, NEXT + 49, step=2).deviation == "not_released"
    assert standing_release(ready.participant, at=hour(NEXT + 49)) is None
    assert exported(ready) == ["NOT RELEASED", "", "NOT RELEASED"]


def on_paper(world, **columns):
    """Released an hour before the dose of NEXT + 1, and entered five hours after it."""
    values = {"dose_at": hour(NEXT + 1), "override": True, "because": "The gate was asked on paper.", "reason": "late"}
    return kept(release(world, **values | columns), world, by=world.investigator, at=hour(NEXT + 6))


@pytest.mark.parametrize(
    ("late", "becomes"),
    [({}, ""), ({"step": 2}, "OTHER STEP"), ({"dose_at": hour(NEXT + 48)}, "OTHER TIME")],
    ids=["of this dose", "of another step", "for another time"],
)
def test_a_release_entered_late_changes_what_the_dose_before_it_deviates_in(ready, late, becomes):
    """And taken back, it is as if it had never been."""
    assert give(ready, NEXT + 1, step=1).deviation == "not_released"
    assert exported(ready) == ["NOT RELEASED", "NOT RELEASED"]

    made = on_paper(ready, **late).fact
    assert exported(ready) == ["NOT RELEASED", becomes]

    on_paper(ready, **late, supersedes=made, withdrawn=True)
    assert exported(ready) == ["NOT RELEASED", "NOT RELEASED"]


def test_a_release_made_after_the_dose_began_covers_it_no_more(ready):
    give(ready, NEXT + 1, step=1)

    on_paper(ready, h=NEXT + 1.5, dose_at=hour(NEXT + 1.5))

    assert exported(ready) == ["NOT RELEASED", "NOT RELEASED"]


def test_a_dose_that_was_not_given_deviates_in_nothing(library_world):
    kept_dose = kept(
        draft(type(give(library_world, 0).fact), library_world, 1, step=library_world.steps[1], unit="mg/kg",
              route="SUBCUTANEOUS", status="NOT GIVEN", not_given_because="fever"), library_world,
    )  # fmt: skip

    assert kept_dose.deviation is None


def test_a_regimen_without_rules_has_no_deviations(world):
    from tests.builders import dose

    assert kept(dose(world, 0), world).deviation is None
    assert exported(world) == [""]


def test_a_fever_recorded_after_the_page_was_opened_counts(ready):
    """The dose was to be given when the page was opened; since then a fever was entered."""
    from tests.builders import vitals

    kept(vitals(ready, NEXT + 0.1, temperature_c=38.6), ready)

    with pytest.raises(InvalidInput):
        kept(release(ready), ready, by=ready.investigator, at=hour(NEXT) + timedelta(minutes=10))
